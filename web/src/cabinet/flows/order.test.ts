import { describe, expect, it } from 'vitest'
import type { Technology } from '../api'
import { insert, move, place, remove, stepOf, toNew, type Draft } from './order'

const technology = (key: string): Technology => ({
  key, code: key.toUpperCase(), title: key, description: '', needs: [], gives: [], asks: true,
  settings: [{ name: 'strict', type: 'bool', default: true }, { name: 'some', type: 'choices', default: ['a'] }], subscription: null,
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
})

describe('where a problem belongs', () => {
  it.each([
    ['name', { name: true }],
    ['steps[1].technology', { step: 1 }],
    ['steps[0].settings.accept', { step: 0, setting: 'accept' }],
    ['steps[2].attempts', { step: 2, setting: 'attempts' }],
    ['steps', {}],
  ])('%s', (field, want) => expect(place(field)).toEqual(want))
})
