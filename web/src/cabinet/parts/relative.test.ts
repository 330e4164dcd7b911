import { expect, it } from 'vitest'
import { distance } from './relative'

const now = new Date('2026-03-10T12:00:00Z')

it.each([
  ['2026-03-10T11:59:01Z', 'now'],
  ['2026-03-10T11:58:01Z', { unit: 'minute', count: 1, way: 'ago' }],
  ['2026-03-10T09:00:00Z', { unit: 'hour', count: 3, way: 'ago' }],
  ['2026-03-11T13:00:00Z', { unit: 'day', count: 1, way: 'in' }],
  ['2026-02-08T12:00:01Z', { unit: 'day', count: 29, way: 'ago' }],
  ['2026-01-02T12:00:00Z', 'far'],
])('%s is %o', (at, want) => expect(distance(new Date(at), now)).toEqual(want))
