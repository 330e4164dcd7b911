import { describe, expect, it } from 'vitest'
import { backOf, routeOf } from './route.svelte'

describe('what an address shows', () => {
  it.each([
    ['/', { page: 'flows' }],
    ['/flows', { page: 'flows' }],
    ['/flows/', { page: 'flows' }],
    ['/flows/new', { page: 'new-flow' }],
    ['/flows/other', { page: 'missing' }],
    ['/login', { page: 'login' }],
    ['/login/x', { page: 'missing' }],
    ['/sessions', { page: 'sessions' }],
    ['/sessions/01a2', { page: 'session', id: '01a2' }],
    ['/sessions/a%2Fb', { page: 'session', id: 'a/b' }],
    ['/sessions/%E0%A4%A', { page: 'session', id: '%E0%A4%A' }],
    ['/sessions/a/b', { page: 'missing' }],
    ['/subscriptions', { page: 'subscriptions' }],
    ['/else', { page: 'missing' }],
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
