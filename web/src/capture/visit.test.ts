import { describe, expect, it } from 'vitest'
import { aVisit } from './testing'
import { attemptsLeft, isOver, place, sameAttempt, subject } from './visit'

describe('place', () => {
  it.each([
    ['at the first', 1, { of: 2, at: 1 }],
    ['at the second', 2, { of: 2, at: 2 }],
    ['at one that asks for nothing', 3, { of: 2, at: 2 }],
  ])('%s step', (_, step, want) => expect(place(aVisit({ step }))).toEqual(want))
})

describe('attemptsLeft', () => {
  it.each([
    [1, 3, 3],
    [3, 3, 1],
    [4, 3, 0],
  ])('attempt %i of %i → %i', (attempt, attempts, left) => expect(attemptsLeft(aVisit({ attempt, attempts }))).toBe(left))
})

it('knows what is over', () => {
  expect((['created', 'waiting', 'checking', 'approved', 'declined', 'review', 'expired', 'cancelled'] as const).filter(isOver)).toEqual(['approved', 'declined', 'review', 'expired', 'cancelled'])
})

it('names the subject of technologies it has never heard of', () => {
  expect(['liveness_distance', 'document_recognition', 'face2face', 'phone'].map(subject)).toEqual(['face', 'document', 'compare', 'other'])
})

describe('sameAttempt', () => {
  const v = aVisit({})
  it.each([
    ['nothing before', undefined, v, false],
    ['the same', v, { ...v, given: ['selfie'] }, true],
    ['the next attempt', v, { ...v, attempt: 2 }, false],
    ['the next step', v, { ...v, step: 2 }, false],
    ['another state', v, { ...v, state: 'checking' as const }, false],
  ])('%s', (_, a, b, same) => expect(sameAttempt(a, b)).toBe(same))
})
