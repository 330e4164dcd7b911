import { describe, expect, it } from 'vitest'
import { outcomeOf, outcomeQuery, runs } from './outcome'

describe('outcomeOf', () => {
  it.each([
    [{ status: 'completed', decision: 'approved' }, 'approved'],
    [{ status: 'completed', decision: 'declined' }, 'declined'],
    [{ status: 'processing', decision: null }, 'processing'],
    [{ status: 'cancelled', decision: null }, 'cancelled'],
  ] as const)('%o is %s', (session, outcome) => expect(outcomeOf(session)).toBe(outcome))
})

describe('outcomeQuery', () => {
  it.each([
    ['approved', { decision: 'approved' }],
    ['expired', { status: 'expired' }],
    ['', {}],
    ['<script>', {}],
  ])('%s', (outcome, query) => expect(outcomeQuery(outcome)).toEqual(query))
})

it('a decided session runs no more', () => {
  expect(runs({ status: 'processing' })).toBe(true)
  expect(runs({ status: 'completed' })).toBe(false)
})
