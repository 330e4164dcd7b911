import { describe, expect, it } from 'vitest'
import { documentReport, fieldRows, likeness, positions } from './report'

const report = {
  document_type: 'passport',
  fields: { document_number: 'L898902C3', surname: 'ERIKSSON', personal_number: '' },
  mrz: {
    format: 'TD3',
    lines: ['P<UTOERIKSSON', 'L898902C36UTO'],
    checks: [{ name: 'document_number', expected: '6', found: '8', ok: false }, { name: 'composite', expected: '0', found: '0', ok: true }],
  },
}

describe('documentReport', () => {
  it('reads fields, lines and check digits', () => {
    const read = documentReport(report)!
    expect(read.type).toBe('passport')
    expect(fieldRows(read).map((r) => [r.name, r.value, r.check?.ok])).toEqual([
      ['surname', 'ERIKSSON', undefined],
      ['document_number', 'L898902C3', false],
      ['composite', '', true],
    ])
  })
  it.each([[null], [{}], [{ fields: [], mrz: 7 }], [{ fields: null, mrz: { lines: 'x' } }]])('survives %o', (broken) => {
    expect(documentReport(broken)).toBeUndefined()
  })
  it('shows fields without lines', () => expect(documentReport({ fields: { sex: 'F' } })?.zone).toBeNull())
})

it('reads head turns', () => {
  expect(positions({ positions: [{ asked: 'left', seen: 'forward' }, null] })).toEqual([{ asked: 'left', seen: 'forward' }, { asked: '', seen: '' }])
  expect(positions(null)).toEqual([])
})

it('reads the likeness', () => {
  expect(likeness({ prediction_percent: '97.1' })).toBe('97.1')
  expect(likeness(null)).toBe('')
})
