/** The cabinet's calls: the public API, and the login beside it. */

import { problem, request, Unreachable } from '$shared/request'

export type Role = 'owner' | 'developer' | 'reviewer' | 'viewer'
export type Permission =
  | 'flows.read' | 'flows.write' | 'keys.read' | 'keys.write'
  | 'webhooks.read' | 'webhooks.write' | 'subscriptions.buy'
  | 'sessions.create' | 'sessions.read' | 'evidence.read' | 'sessions.decide'
  | 'statistics.read' | 'users.read' | 'users.write' | 'organization.write' | 'audit.read'

export type User = {
  id: string
  email: string
  name: string
  role: Role
  organization: { id: string; name: string }
  password_expired: boolean
  permissions: Permission[]
}

export type Setting = {
  name: string
  type: 'bool' | 'number' | 'integer' | 'choice' | 'choices' | 'countries'
  default: unknown
  min?: number
  max?: number
  choices?: string[]
}

export type SubscriptionStatus = 'active' | 'future' | 'expired' | 'used_up'

export type Technology = {
  key: string
  code: string
  title: string
  description: string
  needs: string[]
  gives: string[]
  asks: boolean
  settings: Setting[]
  subscription: { status: SubscriptionStatus; remaining: number | null; ends_at: string | null } | null
}

export type Subscription = {
  id: string
  technology: string
  code: string
  title: string
  status: SubscriptionStatus
  remaining: number | null
  transactions: number | null
  used: number
  starts_at: string
  ends_at: string | null
  purchased_at: string
}

export type Step = { technology: string; code: string; title: string; attempts: number; settings: Record<string, unknown> }
export type Key = { id: string; masked: string; shown: boolean; created_at: string }
export type Flow = { id: string; name: string; version: number; created_at: string; steps: Step[]; keys: Key[] }
export type NewStep = { technology: string; attempts: number; settings: Record<string, unknown> }
export type FlowProblem = { code: string; field: string; message: string }

export type Status = 'created' | 'in_progress' | 'processing' | 'completed' | 'expired' | 'cancelled'
export type Decision = 'approved' | 'declined' | 'review'

export type Score = { name: string; value: number; threshold: number | null; below: boolean; ok: boolean }
export type Check = {
  attempt: number
  verdict: 'pass' | 'fail' | 'retry' | 'review'
  reasons: string[]
  scores: Score[]
  models: string[]
  started_at: string
  duration_ms: number
  report: Record<string, unknown> | null
}
export type Evidence = {
  id: string
  name: string
  attempt: number
  derived: boolean
  content_type: string
  size: number
  sha256: string
  created_at: string
  url: string
}
export type SessionStep = {
  number: number
  technology: string
  code: string
  title: string
  status: 'pending' | 'waiting' | 'checking' | 'passed' | 'failed' | 'review'
  attempt: number
  attempts: number
  checks: Check[]
  evidence: Evidence[]
}
export type Session = {
  id: string
  status: Status
  decision: Decision | null
  reasons: string[]
  flow: { id: string; name: string; version: number }
  technologies: string[]
  reference_id: string
  metadata: Record<string, string>
  locale: string
  url?: string
  created_at: string
  updated_at: string
  expires_at: string
  decided_at: string | null
  steps?: SessionStep[]
  result?: Record<string, Record<string, unknown>>
  events?: { sequence: number; type: string; created_at: string; data: Record<string, unknown> }[]
}

type List<T> = { data: T[] }

export const me = () => request<User>('/cabinet/me')
export const login = (email: string, password: string) => request<User>('/cabinet/login', { json: { email, password } })
export const logout = () => request<void>('/cabinet/logout', { method: 'POST' })
export const setPassword = (current: string, next: string) => request<User>('/cabinet/password', { json: { current, new: next } })

export const technologies = async () => (await request<List<Technology>>('/v1/technologies')).data
export const subscriptions = async () => (await request<List<Subscription>>('/v1/subscriptions')).data

export const flows = async () => (await request<List<Flow>>('/v1/flows')).data
export const createFlow = (name: string, steps: NewStep[]) => request<Flow>('/v1/flows', { json: { name, steps } })
export const validateFlow = (name: string, steps: NewStep[], signal: AbortSignal) =>
  request<{ valid: boolean; problems: FlowProblem[] }>('/v1/flows/validate', { json: { name, steps }, signal })
export const deleteFlow = (id: string) => request<void>(`/v1/flows/${id}`, { method: 'DELETE' })
export const revealKey = async (flow: string, key: string) =>
  (await request<{ key: string }>(`/v1/flows/${flow}/keys/${key}/reveal`, { method: 'POST' })).key

export type SessionQuery = { flow_id?: string; status?: string; decision?: string; after?: string; limit?: number }
export const sessions = (query: SessionQuery) => {
  const given = Object.entries(query).filter(([, v]) => v !== undefined && v !== '').map(([k, v]) => [k, String(v)])
  return request<{ data: Session[]; next: string | null }>(`/v1/sessions?${new URLSearchParams(given)}`)
}
export const session = (id: string) => request<Session>(`/v1/sessions/${encodeURIComponent(id)}`)
export const createSession = (flow: string, locale: string) => request<Session>('/v1/sessions', { json: { flow_id: flow, reference_id: 'demo', locale } })
export const cancelSession = (id: string) => request<Session>(`/v1/sessions/${encodeURIComponent(id)}/cancel`, { method: 'POST' })

/** The transcript of a live passage, as it was written. */
export const transcript = (url: string) => request<unknown>(url)

/** Evidence as it was given. */
export async function evidenceBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(url, { cache: 'no-store', credentials: 'same-origin' }).catch((cause: unknown) => {
    throw new Unreachable({ cause })
  })
  if (!answer.ok) throw problem(answer.status, await answer.text(), answer.headers.get('Retry-After'))
  return new Uint8Array(await answer.arrayBuffer())
}
