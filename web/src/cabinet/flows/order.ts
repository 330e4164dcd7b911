/** The ordered block of the Flow builder, without anything of the page. */

import type { NewStep, Technology } from '../api'

/** A step under construction; `id` keeps it apart from another one of the same technology. */
export type Draft = NewStep & { id: number }

export type FlowDraft = { name: string; steps: Draft[] }

export const defaultAttempts = 3
export const maxSteps = 10

let counter = 0

/** A step of a technology with its defaults. */
export function stepOf(technology: Technology): Draft {
  const settings = Object.fromEntries(technology.settings.map((s) => [s.name, structuredClone(s.default)]))
  return { id: ++counter, technology: technology.key, attempts: defaultAttempts, settings }
}

/** The list with a step put in at a place. */
export function insert(steps: Draft[], step: Draft, at = steps.length): Draft[] {
  return [...steps.slice(0, at), step, ...steps.slice(at)]
}

/** The list with the step moved to where it then stands. */
export function move(steps: Draft[], id: number, to: number): Draft[] {
  const step = steps.find((s) => s.id === id)
  if (!step) return steps
  const rest = steps.filter((s) => s.id !== id)
  return insert(rest, step, Math.max(0, Math.min(to, rest.length)))
}

export function remove(steps: Draft[], id: number): Draft[] {
  return steps.filter((s) => s.id !== id)
}

/** What the server takes. */
export function toNew(steps: Draft[]): NewStep[] {
  return steps.map(({ technology, attempts, settings }) => ({ technology, attempts, settings }))
}

/** Whose problem a field of the server's answer is: a step and a setting of it, or the whole Flow. */
export function place(field: string): { step?: number; setting?: string; name?: boolean } {
  if (field === 'name') return { name: true }
  const found = /^steps\[(\d+)\](?:\.settings\.(\w+)|\.(\w+))?/.exec(field)
  if (!found) return {}
  const at: { step: number; setting?: string } = { step: Number(found[1]) }
  if (found[2]) at.setting = found[2]
  else if (found[3] === 'attempts') at.setting = 'attempts'
  return at
}

const storageKey = 'idflow.flow-draft'

/** A draft survives a reload of the tab, not its end. */
export function keepDraft(draft: FlowDraft) {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(draft))
  } catch {
    // a full or forbidden storage loses the draft on reload, nothing more
  }
}

export function dropDraft() {
  try {
    sessionStorage.removeItem(storageKey)
  } catch {
    // nothing was kept
  }
}

/** The kept draft, without what this installation no longer knows. */
export function keptDraft(known: Technology[]): FlowDraft {
  try {
    const draft = JSON.parse(sessionStorage.getItem(storageKey) ?? '') as FlowDraft
    const steps = draft.steps.filter((s) => known.some((t) => t.key === s.technology)).map((s) => ({ ...s, id: ++counter }))
    return { name: String(draft.name), steps }
  } catch {
    return { name: '', steps: [] }
  }
}
