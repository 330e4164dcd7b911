/** Where a session stands, as the server tells its page. */

export type State = 'created' | 'waiting' | 'checking' | 'approved' | 'declined' | 'review' | 'expired' | 'cancelled'

export type Visit = {
  state: State
  /** the step the session stands at, from 1 */
  step: number
  steps: VisitStep[]
  /** the try at this step, from 1 */
  attempt: number
  attempts: number
  task: { captures: Capture[] }
  /** captures of this attempt that the server has */
  given: string[]
  /** why the attempt before this one failed */
  last: { technology: string; verdict: 'fail' | 'retry'; reasons: string[] } | null
  /** of the decision */
  reasons: string[]
  locale: string
  organization: { name: string }
  flow: { name: string }
  /** kept as the server wrote it: it goes back as `seen` */
  updated_at: string
  expires_at: string
}

export type VisitStep = {
  technology: string
  code: string
  /** the person is asked for something */
  asks: boolean
}

export type Capture = {
  name: string
  kind: 'selfie' | 'document' | 'live'
  /** selfie only, as the person sees it: "left" is their own left */
  pose?: Pose
  optional?: boolean
  /** what the person must know before the camera opens */
  notices?: Notice[]
}

export type Notice = 'glasses' | 'flash'


export type Pose = 'front' | 'left' | 'right' | 'up' | 'down'

/** What a person can be shown to do, in a picture. */
export type Gesture = Pose | 'closer' | 'away' | 'blink' | 'mouth'

export type Outcome = Extract<State, 'approved' | 'declined' | 'review' | 'expired' | 'cancelled'>

const outcomes: readonly State[] = ['approved', 'declined', 'review', 'expired', 'cancelled']

/** Whether the person has nothing left to do. */
export function isOver(state: State): state is Outcome {
  return outcomes.includes(state)
}

/** Tries left at this step, this one included. */
export function attemptsLeft(visit: Visit): number {
  return Math.max(0, visit.attempts - visit.attempt + 1)
}

/** The person's own steps: how many there are, and which one this is (from 1). */
export function place(visit: Visit): { of: number; at: number } {
  const asking = visit.steps.map((s, i) => (s.asks ? i + 1 : 0)).filter((n) => n > 0)
  return { of: asking.length, at: Math.max(1, asking.filter((n) => n <= visit.step).length) }
}

/** What a step is about, for a picture and a line in a list. */
export type Subject = 'face' | 'document' | 'compare' | 'other'

export function subject(technology: string): Subject {
  if (technology.startsWith('liveness')) return 'face'
  if (technology.startsWith('document')) return 'document'
  if (technology.startsWith('face2face')) return 'compare'
  return 'other'
}

/** Whether both answers speak of the same try, so that what was begun still counts. */
export function sameAttempt(a: Visit | undefined, b: Visit): boolean {
  return a !== undefined && a.step === b.step && a.attempt === b.attempt && a.state === b.state
}
