/** What the technologies report, read with care: reports are stored as they were written, by older versions too. */

export type FieldCheck = { name: string; expected: string; found: string; ok: boolean }
export type DocumentReport = {
  type: string
  fields: Record<string, string>
  zone: { format: string; lines: string[]; checks: FieldCheck[] } | null
}
export type Position = { asked: string; seen: string }

type Raw = Record<string, unknown>

const record = (v: unknown): Raw => (typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Raw) : {})
const list = (v: unknown): unknown[] => (Array.isArray(v) ? v : [])
const text = (v: unknown): string => (typeof v === 'string' ? v : typeof v === 'number' ? String(v) : '')

/** The report of a document's check; undefined when nothing was read. */
export function documentReport(report: Raw | null): DocumentReport | undefined {
  const r = record(report)
  const fields = Object.fromEntries(Object.entries(record(r['fields'])).map(([name, v]) => [name, text(v)] as const).filter(([, v]) => v !== ''))
  const mrz = record(r['mrz'])
  const lines = list(mrz['lines']).map(text)
  if (lines.length === 0 && Object.keys(fields).length === 0) return undefined
  const checks = list(mrz['checks']).map(record).map((c) => ({ name: text(c['name']), expected: text(c['expected']), found: text(c['found']), ok: c['ok'] === true }))
  return { type: text(r['document_type']), fields, zone: lines.length > 0 ? { format: text(mrz['format']), lines, checks } : null }
}

/** Head turns: what was asked and what was seen. */
export function positions(report: Raw | null): Position[] {
  return list(record(report)['positions']).map(record).map((p) => ({ asked: text(p['asked']), seen: text(p['seen']) }))
}

/** How alike two faces are, in percent as the report says it; '' when it says nothing. */
export const likeness = (report: Raw | null): string => text(record(report)['prediction_percent'])

const order = [
  'surname', 'given_names', 'birth_date', 'sex', 'nationality', 'personal_number', 'document_number', 'document_code', 'issuing_state', 'issuing_office',
  'expiry_date', 'optional_data', 'optional_data_2',
]

export type FieldRow = { name: string; value: string; check: FieldCheck | undefined }

/** The fields as people read them: the person first, then the document; what guards all lines together last. */
export function fieldRows(report: DocumentReport): FieldRow[] {
  const checks = new Map(report.zone?.checks.map((c) => [c.name, c]))
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const rows = Object.entries(report.fields)
    .sort(([a], [b]) => place(a) - place(b))
    .map(([name, value]) => ({ name, value, check: checks.get(name) }))
  const rest = [...checks.values()].filter((c) => !(c.name in report.fields)).map((check) => ({ name: check.name, value: '', check }))
  return [...rows, ...rest]
}
