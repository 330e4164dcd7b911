import { describe, expect, it } from 'vitest'
import { askedAt, closest, cut, film, transcript } from './film'

const jpeg = (length: number) => [0xff, 0xd8, ...Array<number>(length - 2).fill(7)]
const raw = {
  frames: [
    { at: 0, bytes: 4, sha256: 'a' },
    { at: 100, bytes: 5, sha256: 'b' },
    { at: 210, bytes: 6, sha256: 'c' },
    { at: 300, bytes: 4, sha256: 'd' },
  ],
  keys: [{ name: 'key_01', frame: 0 }, { name: 'key_02', frame: 2, action: 'blink' }],
  done: [{ action: 'blink', asked: 100, seen: 250 }, { action: 'look_up', asked: 290, seen: -1 }],
}
const whole = new Uint8Array([4, 5, 6, 4].flatMap(jpeg))
const addresses = new Map([['key_01', '/1'], ['key_02', '/2']])

describe('a film', () => {
  it('shows every frame of a recording', async () => {
    const f = film(transcript(raw), whole, addresses)
    expect(f.recorded).toBe(true)
    expect(f.stills.map((s) => [s.at, (s.picture as Blob).size])).toEqual([[0, 4], [100, 5], [210, 6], [300, 4]])
    expect(f.moments).toEqual([{ action: 'blink', asked: 100, seen: 250, still: 2 }, { action: 'look_up', asked: 290, seen: undefined, still: 3 }])
  })
  it('shows the key frames where nothing was recorded', () => {
    const f = film(transcript(raw), undefined, addresses)
    expect(f.recorded).toBe(false)
    expect(f.stills).toEqual([{ at: 0, picture: '/1' }, { at: 210, picture: '/2' }])
    expect(f.moments[0]!.still).toBe(1)
  })
  it('ends where a recording was cut off or does not fit', () => {
    expect(cut(whole.slice(0, 12), transcript(raw))).toHaveLength(2)
    const damaged = whole.slice()
    damaged[4] = 0
    expect(cut(damaged, transcript(raw))).toHaveLength(1)
    expect(cut(new Uint8Array(), transcript(raw))).toHaveLength(0)
  })
  it.each([[null], [7], [{ frames: 'x', keys: 3, done: {} }], [{ frames: [null], keys: [{ frame: 9 }], done: [null] }]])('survives %o', (broken) => {
    const f = film(transcript(broken), whole, addresses)
    expect(f.stills).toHaveLength(0)
  })
  it('knows what was asked, and when', () => {
    const { moments, stills } = film(transcript(raw), whole, addresses)
    expect([0, 100, 101, 250, 260, 299].map((at) => askedAt(moments, at)?.action)).toEqual([undefined, undefined, 'blink', 'blink', undefined, 'look_up'])
    expect(closest(stills, 180)).toBe(2)
    expect(closest([], 5)).toBe(0)
  })
})
