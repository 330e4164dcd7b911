import { describe, expect, it } from 'vitest'
import type { Score } from '../api'
import { bar, decimals } from './score'

const score = (name: string, value: number, threshold: number | null): Score => ({ name, value, threshold, below: false, ok: true })

describe('decimals', () => {
  it.each([
    [score('liveness.passive', 0.9999, 0.9), 4],
    [score('liveness.passive', 0.89996, 0.9), 5],
    [score('face.eye_distance', 47.98, 48), 2],
    [score('face.yaw', 3.14159, null), 1],
    [score('document.check_digits', 5, 5), 0],
  ])('%o', (s, want) => expect(decimals(s)).toBe(want))
})

describe('bar', () => {
  it('measures shares against one', () => expect(bar(score('face2face.similarity', 0.8, 0.42))).toEqual({ value: 0.8, threshold: 0.42 }))
  it('fills up with every check digit right', () => expect(bar(score('document.check_digits', 4, 5))).toEqual({ value: 0.8, threshold: 1 }))
  it('leaves room above the larger of both', () => expect(bar(score('face.sharpness', 50, 100))).toEqual({ value: 0.4, threshold: 0.8 }))
  it('holds what is below nothing', () => expect(bar(score('face2face.similarity', -0.2, 0.4))?.value).toBe(0))
  it('draws none for what is only measured', () => expect(bar(score('face.yaw', 3, null))).toBeUndefined())
})
