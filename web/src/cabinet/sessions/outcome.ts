/** What came of a session: its decision, or while there is none its status. */

import type { Decision, Session, SessionQuery, Status } from '../api'

export type Outcome = Decision | Exclude<Status, 'completed'>

/** Every outcome, as the filter offers them. */
export const outcomes: readonly Outcome[] = ['approved', 'declined', 'review', 'created', 'in_progress', 'processing', 'expired', 'cancelled']

export function outcomeOf(session: Pick<Session, 'status' | 'decision'>): Outcome {
  // A completed session always has a decision.
  return session.decision ?? (session.status === 'completed' ? 'review' : session.status)
}

const tones = {
  approved: 'good', declined: 'bad', review: 'warn', created: 'quiet', in_progress: 'info', processing: 'info', expired: 'quiet', cancelled: 'quiet',
} as const

export const toneOf = (outcome: Outcome) => tones[outcome]

/** The colours of a step's status. */
export const stepTones = { pending: 'quiet', waiting: 'info', checking: 'info', passed: 'good', failed: 'bad', review: 'warn' } as const

/** Whether more may still happen. */
export const runs = (session: Pick<Session, 'status'>) => ['created', 'in_progress', 'processing'].includes(session.status)

/** The filter's part of a query; unknown words in an address filter nothing. */
export function outcomeQuery(outcome: string): SessionQuery {
  if (!outcomes.includes(outcome as Outcome)) return {}
  return ['approved', 'declined', 'review'].includes(outcome) ? { decision: outcome } : { status: outcome }
}
