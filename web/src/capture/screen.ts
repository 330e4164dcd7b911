/** Which screen the person sees: a pure function of what the server says and what was done since. */
import { isOver, type Capture, type Outcome, type Visit } from './visit'

/** What the person did on this page since the server last told where the session stands. */
export type Local = {
  /** the welcome was read */
  begun: boolean
  /** the camera was asked for in this attempt, by the kind of capture it was for */
  opened: Capture['kind'] | undefined
  /** a photo waits for "use" or "retake" */
  reviewing: boolean
  /** captures on their way to the server */
  sending: readonly string[]
  /** optional captures the person does without */
  skipped: readonly string[]
  paper: Paper
}

/** The document's shape: a passport's page, or a card, which has a back. */
export type Paper = 'card' | 'passport'

export type Screen =
  | { name: 'loading' }
  | { name: 'welcome' }
  | { name: 'intro'; capture: Capture }
  | { name: 'camera'; capture: Capture }
  | { name: 'live'; capture: Capture }
  | { name: 'preview'; capture: Capture }
  | { name: 'sending' }
  | { name: 'checking' }
  | { name: 'outcome'; state: Outcome }
  | { name: 'outdated' }

export function screen(visit: Visit | undefined, local: Local): Screen {
  if (!visit || visit.state === 'created') return { name: 'loading' }
  if (isOver(visit.state)) return { name: 'outcome', state: visit.state }
  if (visit.state === 'checking') return { name: 'checking' }
  if (!local.begun && isFresh(visit)) return { name: 'welcome' }
  const capture = nextCapture(visit, local)
  if (!capture) return { name: 'sending' }
  if (capture.kind === 'live') return { name: local.opened === 'live' ? 'live' : 'intro', capture }
  if (capture.kind !== 'selfie' && capture.kind !== 'document') return { name: 'outdated' }
  if (local.reviewing) return { name: 'preview', capture }
  return { name: local.opened === capture.kind ? 'camera' : 'intro', capture }
}

/** Nothing was done in this session yet, on any page. */
function isFresh(visit: Visit): boolean {
  return visit.attempt <= 1 && visit.given.length === 0 && visit.steps.findIndex((s) => s.asks) + 1 === visit.step
}

/** The capture that the person is asked for now; undefined when all are given or under way. */
export function nextCapture(visit: Visit, local: Local): Capture | undefined {
  return visit.task.captures.find(
    (c) => !visit.given.includes(c.name) && !local.sending.includes(c.name) && !(c.optional && (local.skipped.includes(c.name) || needless(c, local.paper))),
  )
}

/** A passport's page has all there is on one side. */
function needless(capture: Capture, paper: Paper): boolean {
  return capture.kind === 'document' && capture.optional === true && paper === 'passport'
}

/** Whether the captures let the person choose a document that has another side. */
export function hasTwoSides(captures: readonly Capture[]): boolean {
  return captures.filter((c) => c.kind === 'document').length > 1
}

/** Whether a capture is a document's other side. */
export function isBack(captures: readonly Capture[], capture: Capture): boolean {
  const sides = captures.filter((c) => c.kind === 'document')
  return capture.kind === 'document' && sides[0]?.name !== capture.name
}
