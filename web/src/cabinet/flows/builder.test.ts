import { beforeAll, describe, expect, it } from 'vitest'
import type { Technology } from '../api'
import { words } from '../words'
import { Builder } from './builder.svelte'

const technology = (key: string, more: Partial<Technology> = {}): Technology => ({
  key, code: key, title: key, description: '', needs: [], gives: [], asks: true, settings: [],
  subscription: { status: 'active', remaining: null, ends_at: null }, ...more,
})
const known = [
  technology('liveness_distance', { gives: ['face.live'], subscription: null }),
  technology('liveness_short', { gives: ['face.live'], settings: [{ name: 'accept', type: 'number', default: 0.9, min: 0.5, max: 0.999 }] }),
  technology('document_recognition', { gives: ['document.portrait'] }),
  technology('face2face', { needs: ['face.live', 'document.portrait'] }),
]
const [short, paper, faces] = known.slice(1) as [Technology, Technology, Technology]

function builder(...keys: string[]): Builder {
  const b = new Builder(known)
  for (const key of keys) b.add(key)
  return b
}
const keys = (steps: { technology: string }[]) => steps.map((s) => s.technology)

beforeAll(() => words.use('en'))

describe('what is chosen', () => {
  it('moves from the shelf into the Flow and back', () => {
    const b = builder('liveness_short')
    expect(keys(b.steps)).toEqual(['liveness_short'])
    expect(b.offers.map((k) => k.key)).toEqual(['document_recognition', 'face2face', 'liveness_distance'])
    b.remove(b.steps[0]!.id)
    expect(b.offers[0]!.key).toBe('liveness_short')
    expect(b.said).toBe('Liveness Short removed.')
  })
  it('takes nothing without a subscription', () => {
    expect(builder('liveness_distance').steps).toEqual([])
  })
  it('says where a step stands and what is wrong there', () => {
    expect(builder('liveness_short', 'document_recognition').said).toBe('Document Recognition added as step 2 of 2.')
    expect(builder('liveness_short', 'face2face').said).toContain('Put Document Recognition before it.')
  })
})

describe('what is dragged', () => {
  it('shows the Flow as it would be, and explains that order', () => {
    const b = builder('face2face', 'document_recognition')
    b.lift(b.steps[0]!)
    expect(b.troubles(0)).toHaveLength(2)
    b.hover(1)
    expect(keys(b.shown)).toEqual(['document_recognition', 'face2face'])
    expect(b.troubles(1)).toHaveLength(1)
    expect(keys(b.steps)).toEqual(['face2face', 'document_recognition'])
    b.letGo(true)
    expect(keys(b.steps)).toEqual(['document_recognition', 'face2face'])
  })
  it('comes from the shelf', () => {
    const b = builder('document_recognition')
    b.lift(short)
    b.hover(0)
    expect(keys(b.shown)).toEqual(['liveness_short', 'document_recognition'])
    b.letGo(true)
    expect(keys(b.steps)).toEqual(['liveness_short', 'document_recognition'])
  })
  it('goes back to the shelf', () => {
    const b = builder('liveness_short', 'document_recognition')
    b.lift(b.steps[0]!)
    b.hover(undefined)
    b.letGo(true)
    expect(keys(b.steps)).toEqual(['document_recognition'])
  })
  it.each([
    ['taken back', paper, 0, false],
    ['let go beside the Flow', faces, undefined, true],
  ])('changes nothing when %s', (_, what, at, dropped) => {
    const b = builder('liveness_short')
    b.lift(what)
    b.hover(at)
    b.letGo(dropped)
    expect(keys(b.steps)).toEqual(['liveness_short'])
    expect(b.lifted).toBeUndefined()
  })
})

describe('what is wrong', () => {
  it('names what is missing and who gives it, among what can be had', () => {
    const b = builder('face2face')
    expect(b.troubles(0)).toEqual([
      'Face 2 Face needs a live face, and no earlier step gives it. Put Liveness Short before it.',
      'Face 2 Face needs the photo in a document, and no earlier step gives it. Put Document Recognition before it.',
    ])
    expect(b.firstOf(short)).toBe('')
  })
  it('tells what a step takes', () => {
    expect(builder('document_recognition', 'liveness_short', 'face2face').takes(2)).toBe('a live face (step 2), the photo in a document (step 1)')
  })
  it('puts a refusal where it belongs, until something changes', () => {
    const b = builder('liveness_short')
    const setting = short.settings[0]!
    expect(b.refuse({ code: 'setting_invalid', field: 'steps[0].settings.accept', message: 'no' })).toEqual({ step: 0, setting: 'accept' })
    expect(b.settingTrouble(0, setting)).toBe('This value does not fit. Look at the allowed range.')
    expect(b.troubles(0)).toEqual([])
    b.steps[0]!.settings['accept'] = 0.8
    expect(b.settingTrouble(0, setting)).toBeUndefined()
    b.steps[0]!.settings['accept'] = 7
    expect(b.settingTrouble(0, setting)).toBe('Enter a number from 0.5 to 0.999.')
  })
  it('shows a problem of the server that it does not know itself', () => {
    const b = builder('liveness_short')
    b.refuse({ code: 'subscription_missing', field: 'steps[0].technology', message: '' })
    expect(b.troubles(0)).toEqual(['Your organization has no active subscription for this technology.'])
  })
})
