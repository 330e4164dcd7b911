import { describe, expect, it } from 'vitest'
import { behind, CARD, contain, cover, fit, frame, isCramped, oval, type Rect } from './geometry'

const phone = { width: 390, height: 590 }
const portrait = { width: 1080, height: 1920 }
const webcam = { width: 1920, height: 1080 }

const inside = (a: Rect, b: Rect) => a.x >= b.x - 1e-6 && a.y >= b.y - 1e-6 && a.x + a.width <= b.x + b.width + 1e-6 && a.y + a.height <= b.y + b.height + 1e-6

describe('cover', () => {
  it.each([
    ['a phone held upright', portrait, phone],
    ['a webcam in a narrow window', webcam, phone],
    ['a webcam in a wide one', webcam, { width: 960, height: 560 }],
  ])('%s shows the middle without stretching', (_, picture, box) => {
    const { at, seen } = cover(picture, box)
    expect(at).toEqual({ x: 0, y: 0, ...box })
    expect(seen.width / seen.height).toBeCloseTo(box.width / box.height)
    expect(seen.x * 2 + seen.width).toBeCloseTo(picture.width)
    expect(inside(seen, { x: 0, y: 0, ...picture })).toBe(true)
  })
})

it('contain shows all of it', () => {
  const { at, seen } = contain(webcam, phone)
  expect(seen).toEqual({ x: 0, y: 0, ...webcam })
  expect(at.width).toBeCloseTo(390)
  expect(at.y).toBeCloseTo((590 - 390 * (1080 / 1920)) / 2)
})

it('is cramped only when most of a wide picture would be lost', () => {
  expect(isCramped(webcam, phone)).toBe(true)
  expect(isCramped(portrait, phone)).toBe(false)
  expect(isCramped(webcam, { width: 960, height: 560 })).toBe(false)
  expect(isCramped({ width: 0, height: 0 }, phone)).toBe(false)
})

describe('guides', () => {
  it.each([phone, { width: 960, height: 560 }, { width: 320, height: 380 }, { width: 640, height: 330 }])('lie in the middle of $width × $height', (box) => {
    const area = { x: 0, y: 0, ...box }
    for (const g of [oval(area), frame(area, CARD)]) {
      expect(inside(g, area)).toBe(true)
      expect(g.x * 2 + g.width).toBeCloseTo(box.width)
    }
    expect(frame(area, CARD).width / frame(area, CARD).height).toBeCloseTo(CARD)
  })
})

describe('behind', () => {
  it('maps the guide to the picture’s pixels', () => {
    const view = cover(portrait, phone)
    const part = behind(frame(view.at, CARD), view)
    expect(part.width / part.height).toBeCloseTo(CARD)
    expect(part.width).toBeCloseTo(1080 * 0.92)
  })
  it('keeps its margin inside what is seen', () => {
    const view = cover(portrait, phone)
    const part = behind(frame(view.at, CARD), view, 0.5)
    expect(inside(part, view.seen)).toBe(true)
    expect(part.width).toBeCloseTo(1080)
  })
  it('maps under bars too', () => {
    const view = contain(webcam, phone)
    const part = behind(frame(view.at, CARD), view)
    expect(inside(part, view.seen)).toBe(true)
    expect(part.x * 2 + part.width).toBeCloseTo(1920)
    expect(part.y * 2 + part.height).toBeCloseTo(1080)
  })
})

it('fit bounds the longer side and never enlarges', () => {
  expect(fit({ width: 4000, height: 3000 }, 1280)).toEqual({ width: 1280, height: 960 })
  expect(fit({ width: 300, height: 640 }, 1280)).toEqual({ width: 300, height: 640 })
})
