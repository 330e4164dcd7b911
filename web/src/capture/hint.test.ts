import { describe, expect, it } from 'vitest'
import { hintFor, Steady, type Hint } from './hint'
import { Health } from './watch'

const good = { brightness: 120, burnt: 0, motion: 1, sharpness: 0.2 }

describe('hintFor', () => {
  it.each<[string, Partial<typeof good>, Hint | undefined]>([
    ['all well', {}, undefined],
    ['dark', { brightness: 20 }, 'dark'],
    ['burnt out', { burnt: 0.6 }, 'bright'],
    ['moving', { motion: 30 }, 'still'],
    ['blurred', { sharpness: 0.09 }, 'blurred'],
    ['dark before anything that follows from it', { brightness: 20, motion: 30, sharpness: 0.05 }, 'dark'],
  ])('%s', (_, change, want) => expect(hintFor({ ...good, ...change })).toBe(want))
  it('says nothing of sharpness where there is nothing sharp to see', () => expect(hintFor({ ...good, sharpness: undefined })).toBeUndefined())
})

describe('Steady', () => {
  it('shows what lasts and keeps it readable', () => {
    const s = new Steady<string>(500, 1200)
    expect(s.see('a', 0)).toBeUndefined()
    expect(s.see('a', 500)).toBe('a')
    expect(s.see(undefined, 600)).toBe('a')
    expect(s.see(undefined, 1200)).toBe('a') // gone for long enough, shown for too short
    expect(s.see(undefined, 1700)).toBeUndefined()
  })
  it('ignores a flicker', () => {
    const s = new Steady<string>(500, 0)
    s.see('a', 0)
    s.see('b', 300)
    expect(s.see('a', 400)).toBeUndefined()
  })
})

describe('Health', () => {
  const black = { width: 10, height: 10, luma: new Uint8Array(100) }
  const lit = { width: 10, height: 10, luma: new Uint8Array(100).fill(80) }
  it('calls a lasting black picture black', () => {
    const h = new Health(0)
    expect(h.see(black, 1, 2000).black).toBe(false)
    expect(h.see(black, 2, 3000).black).toBe(true)
    expect(h.see(lit, 3, 3100).black).toBe(false)
  })
  it('calls a picture that does not move on stalled', () => {
    const h = new Health(0)
    expect(h.see(lit, 1, 100).stalled).toBe(false)
    expect(h.see(lit, 1, 6000).stalled).toBe(false)
    expect(h.see(lit, 1, 6200).stalled).toBe(true)
    expect(h.see(lit, 2, 6300).stalled).toBe(false)
  })
  it('does not count the time that the page was hidden', () => {
    const h = new Health(0)
    h.see(lit, 1, 100)
    h.pause(60_000)
    expect(h.see(black, 1, 60_200)).toEqual({ black: false, stalled: false })
  })
})
