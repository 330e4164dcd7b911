import { expect, it } from 'vitest'
import { formatDate, formatNumber, inFigures } from './intl'

const time = new Date('2026-11-23T04:24:57Z')

it.each([
  [{ dateStyle: 'medium' }, '23.11.2026'],
  [{ dateStyle: 'long', timeStyle: 'short' }, '23.11.2026, 04:24'],
  [{ timeStyle: 'medium' }, '04:24:57'],
] as const)('writes %o in figures', (options, want) => {
  expect(new Intl.DateTimeFormat('ru', inFigures({ ...options, timeZone: 'UTC' })).format(time)).toBe(want)
})

it('uses the language where it is known', () => {
  expect(formatDate('en', time, { dateStyle: 'medium', timeZone: 'UTC' })).toBe('Nov 23, 2026')
  expect(formatNumber('ru', 0.5)).toBe('0,5')
})
