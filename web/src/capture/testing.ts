/** Values for tests. */
import type { Local } from './screen'
import type { Visit } from './visit'

/** A session at its first of three steps: a selfie, a document, a comparison. */
export function aVisit(change: Partial<Visit>): Visit {
  return {
    state: 'waiting',
    step: 1,
    steps: [
      { technology: 'liveness_short', code: 'LDS', asks: true },
      { technology: 'document_recognition', code: 'DR', asks: true },
      { technology: 'face2face', code: 'F2F', asks: false },
    ],
    attempt: 1,
    attempts: 3,
    task: { captures: [{ name: 'selfie', kind: 'selfie', pose: 'front' }] },
    given: [],
    last: null,
    reasons: [],
    locale: '',
    organization: { name: 'Example' },
    flow: { name: 'Flow' },
    updated_at: '2026-01-02T03:04:05.000001Z',
    expires_at: '2099-01-01T00:00:00Z',
    ...change,
  }
}

/** The same session at its document, which has an optional back. */
export function aDocumentVisit(change: Partial<Visit> = {}): Visit {
  return aVisit({
    step: 2,
    task: {
      captures: [
        { name: 'front', kind: 'document' },
        { name: 'back', kind: 'document', optional: true },
      ],
    },
    ...change,
  })
}

export function aLocal(change: Partial<Local>): Local {
  return { begun: false, opened: undefined, reviewing: false, sending: [], skipped: [], paper: 'card', ...change }
}
