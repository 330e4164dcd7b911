import { describe, expect, it } from 'vitest'
import type { Setting, Technology } from '../api'
import { changes, fits, handed, insert, lacks, move, place, remove, renewed, stepOf, toNew, type Draft } from './order'

const technology = (key: string, more: Partial<Technology> = {}): Technology => ({
  key, code: key.toUpperCase(), title: key, description: '', needs: [], gives: [], asks: true,
  settings: [{ name: 'strict', type: 'bool', default: true }, { name: 'some', type: 'choices', default: ['a'] }], subscription: null, ...more,
})
const three = () => ['a', 'b', 'c'].map((k) => stepOf(technology(k)))
const keys = (steps: Draft[]) => steps.map((s) => s.technology).join('')

describe('the ordered block', () => {
  it('gives every step its own defaults', () => {
    const t = technology('a')
    const [one, two] = [stepOf(t), stepOf(t)]
    expect(one.id).not.toBe(two.id)
    ;(one.settings['some'] as string[]).push('b')
    expect(two.settings['some']).toEqual(['a'])
  })
  it.each([
    ['to the front', 2, 0, 'cab'],
    ['to the end', 0, 2, 'bca'],
    ['one down', 0, 1, 'bac'],
    ['beyond the end', 1, 9, 'acb'],
    ['before the front', 1, -3, 'bac'],
    ['nowhere', 1, 1, 'abc'],
  ])('moves %s', (_, from, to, want) => {
    const steps = three()
    expect(keys(move(steps, steps[from]!.id, to))).toBe(want)
  })
  it('inserts and removes', () => {
    const steps = three()
    const x = stepOf(technology('x'))
    expect(keys(insert(steps, x, 1))).toBe('axbc')
    expect(keys(remove(insert(steps, x), steps[0]!.id))).toBe('bcx')
    expect(keys(move(steps, 12345, 0))).toBe('abc')
  })
  it('sends nothing of its own', () => {
    expect(Object.keys(toNew(three())[0]!)).toEqual(['technology', 'attempts', 'settings'])
  })
  it('renews what was kept: unknown settings go, missing ones come, attempts stay in their bounds', () => {
    const kept = { technology: 'a', attempts: 99, settings: { strict: false, gone: 1 } }
    expect(renewed(kept, technology('a'))).toMatchObject({ attempts: 5, settings: { strict: false, some: ['a'] } })
    expect(renewed({ ...kept, attempts: NaN }, technology('a')).attempts).toBe(3)
    expect('gone' in renewed(kept, technology('a')).settings).toBe(false)
  })
  it('counts the settings that are not the usual ones', () => {
    const t = technology('a')
    const step = stepOf(t)
    expect(changes(step, t)).toBe(0)
    step.settings = { strict: false, some: ['a', 'b'] }
    expect(changes(step, t)).toBe(2)
  })
})

describe('what steps hand to each other', () => {
  const short = technology('short', { gives: ['face.live'] })
  const turns = technology('turns', { gives: ['face.live'] })
  const paper = technology('paper', { gives: ['document.portrait', 'document.fields'] })
  const faces = technology('faces', { needs: ['face.live', 'document.portrait'] })
  const known = [short, turns, paper, faces]
  const order = (...list: Technology[]) => list.map(stepOf)

  it.each([
    ['both faces before it', order(short, paper, faces), [0, 1]],
    ['the other way round', order(paper, short, faces), [1, 0]],
    ['the last giver counts', order(short, turns, paper, faces), [1, 2]],
    ['no document', order(short, faces), [0, undefined]],
    ['nothing at all', order(faces), [undefined, undefined]],
    ['everything too late', order(faces, short, paper), [undefined, undefined]],
  ])('%s', (_, steps, from) => {
    const at = steps.findIndex((s) => s.technology === 'faces')
    expect(handed(steps, known)[at]).toEqual([{ fact: 'face.live', from: from[0] }, { fact: 'document.portrait', from: from[1] }])
  })
  it('takes nothing for a technology that is not known', () => {
    expect(handed([{ technology: 'gone' }], known)).toEqual([[]])
  })
  it('says what is missing before a technology', () => {
    expect(lacks(faces, order(paper), known)).toEqual(['face.live'])
    expect(lacks(faces, order(paper, turns), known)).toEqual([])
    expect(lacks(short, [], known)).toEqual([])
  })
})

describe('a value of a setting', () => {
  const number: Setting = { name: 'n', type: 'number', default: 0.5, min: 0.1, max: 0.9 }
  const whole: Setting = { name: 'n', type: 'integer', default: 2, min: 1, max: 4 }
  it.each<[string, Setting, unknown, boolean]>([
    ['inside', number, 0.3, true],
    ['the least', number, 0.1, true],
    ['the most', number, 0.9, true],
    ['too small', number, 0.09, false],
    ['too large', number, 1, false],
    ['empty', number, '', false],
    ['no number', number, '0,5', false],
    ['not whole', whole, 2.5, false],
    ['whole', whole, 4, true],
    ['no bounds for a choice', { name: 'c', type: 'choice', default: 'a', choices: ['a'] }, 'a', true],
  ])('%s', (_, setting, value, want) => expect(fits(setting, value)).toBe(want))
})

describe('where a problem belongs', () => {
  it.each([
    ['name', { name: true }],
    ['steps[1].technology', { step: 1 }],
    ['steps[0].settings.accept', { step: 0, setting: 'accept' }],
    ['steps[2].attempts', { step: 2, setting: 'attempts' }],
    ['body.steps[3].settings', { step: 3 }],
    ['steps', {}],
    ['', {}],
  ])('%s', (field, want) => expect(place(field)).toEqual(want))
})
