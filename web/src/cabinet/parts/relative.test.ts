import { expect, it } from 'vitest'
import { relative } from './relative'

const now = new Date('2026-03-10T12:00:00Z')

it.each([
  ['2026-03-10T11:59:30Z', 'now'],
  ['2026-03-10T11:58:01Z', '1 minute ago'],
  ['2026-03-10T09:00:00Z', '3 hours ago'],
  ['2026-03-09T11:00:00Z', 'yesterday'],
  ['2026-03-11T13:00:00Z', 'tomorrow'],
  ['2026-01-02T12:00:00Z', 'Jan 2, 2026'],
])('%s is %s', (at, said) => expect(relative('en', new Date(at), now)).toBe(said))

it.each([
  ['ru', '5 минут назад'],
  ['kk', '5 минут бұрын'],
])('speaks %s', (locale, said) => expect(relative(locale, new Date('2026-03-10T11:55:00Z'), now)).toBe(said))
