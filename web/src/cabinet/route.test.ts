import { describe, expect, it } from 'vitest'
import { backOf, routeOf } from './route.svelte'

describe('what an address shows', () => {
  it.each([
    ['/', { page: 'flows', params: {} }],
    ['/flows', { page: 'flows', params: {} }],
    ['/flows/', { page: 'flows', params: {} }],
    ['/flows/new', { page: 'new-flow', params: {} }],
    ['/flows/other/else', { page: 'missing', params: {} }],
    ['/login', { page: 'login', params: {} }],
    ['/login/x', { page: 'missing', params: {} }],
    ['/sessions', { page: 'sessions', params: {} }],
    ['/sessions/01a2', { page: 'session', params: { id: '01a2' } }],
    ['/sessions/a%2Fb', { page: 'session', params: { id: 'a/b' } }],
    ['/sessions/%E0%A4%A', { page: 'session', params: { id: '%E0%A4%A' } }],
    ['/sessions/a/b', { page: 'missing', params: {} }],
    ['/subscriptions', { page: 'subscriptions', params: {} }],
    ['/else', { page: 'missing', params: {} }],
  ])('%s', (path, want) => expect(routeOf(path)).toEqual(want))
})

describe('where a login leads back to', () => {
  it.each([
    ['', '/flows'],
    ['?back=%2Fsessions%3Foutcome%3Dreview', '/sessions?outcome=review'],
    ['?back=https%3A%2F%2Fevil.example', '/flows'],
    ['?back=%2F%2Fevil.example', '/flows'],
    ['?back=%2F%5Cevil.example', '/flows'],
    ['?back=%2Flogin', '/flows'],
  ])('%s', (search, want) => expect(backOf(search)).toBe(want))
})
