import { describe, expect, it } from 'vitest'
import { brightness, grey, motion, shareAbove, sharpness, type Grey } from './light'

function paint(width: number, height: number, at: (x: number, y: number) => number): Grey {
  const luma = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) luma[y * width + x] = at(x, y)
  return { width, height, luma }
}

/** Stripes whose edges are about `soft` px wide. */
const stripes = (soft: number) => paint(256, 128, (x) => 128 + 100 * Math.tanh(((x % 32) - 16) / soft) * (Math.floor(x / 32) % 2 ? -1 : 1))

describe('sharpness', () => {
  it('falls as edges get softer', () => {
    const values = [0.5, 2, 4].map((soft) => sharpness(stripes(soft))!)
    expect(values[0]).toBeGreaterThan(0.2)
    expect(values[1]).toBeLessThan(values[0]!)
    expect(values[2]).toBeLessThan(values[1]!)
  })
  it('does not judge a plain surface', () => expect(sharpness(paint(256, 128, () => 90))).toBeUndefined())
  it('takes no noise for an edge', () => expect(sharpness(paint(256, 128, (x, y) => 90 + ((x * 7 + y * 13) % 5)))).toBeUndefined())
})

it('weighs colours as the eye does', () => {
  expect([...grey(new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255]), 4, 1).luma]).toEqual([76, 149, 28, 255])
})

it('takes a lamp for light, not for motion', () => {
  const a = paint(8, 8, (x) => x * 10)
  const b = paint(8, 8, (x) => x * 10 + 40)
  expect(brightness(b) - brightness(a)).toBeCloseTo(40)
  expect(motion(a, b)).toBeCloseTo(0)
  expect(motion(a, paint(8, 8, (x) => (7 - x) * 10))).toBeGreaterThan(20)
})

it('counts bright pixels', () => expect(shareAbove(paint(4, 1, (x) => [0, 249, 250, 255][x]!), 250)).toBe(0.5))
