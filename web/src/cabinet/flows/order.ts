/** The ordered block of the Flow builder, without anything of the page. */

import type { NewStep, Setting, Technology } from '../api'

/** A step under construction; `id` keeps it apart from another one of the same technology. */
export type Draft = NewStep & { id: number }

export const defaultAttempts = 3
export const maxAttempts = 5
export const maxSteps = 10

let counter = 0

/** A step of a technology with its defaults. */
export function stepOf(technology: Technology): Draft {
  const settings = Object.fromEntries(technology.settings.map((s) => [s.name, structuredClone(s.default)]))
  return { id: ++counter, technology: technology.key, attempts: defaultAttempts, settings }
}

/** The same step as a new one, with what its technology has and it has not filled in. */
export function renewed(step: NewStep, technology: Technology): Draft {
  const fresh = stepOf(technology)
  const settings = Object.fromEntries(Object.entries(fresh.settings).map(([name, usual]) => [name, step.settings[name] ?? usual]))
  return { ...fresh, attempts: Math.min(maxAttempts, Math.max(1, Math.trunc(step.attempts) || defaultAttempts)), settings }
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

/** A fact that a step takes, and the step (from 0) that hands it on: the last one before it, undefined when there is none. */
export type Taken = { fact: string; from: number | undefined }

/** What each step takes from the steps before it. */
export function handed(steps: readonly Pick<Draft, 'technology'>[], known: readonly Technology[]): Taken[][] {
  const giver = new Map<string, number>()
  return steps.map((step, i) => {
    const technology = known.find((k) => k.key === step.technology)
    const taken = (technology?.needs ?? []).map((fact) => ({ fact, from: giver.get(fact) }))
    for (const fact of technology?.gives ?? []) giver.set(fact, i)
    return taken
  })
}

/** What a technology would lack at the end of the list. */
export function lacks(technology: Technology, steps: readonly Pick<Draft, 'technology'>[], known: readonly Technology[]): string[] {
  const given = new Set(steps.flatMap((s) => known.find((k) => k.key === s.technology)?.gives ?? []))
  return technology.needs.filter((fact) => !given.has(fact))
}

/** Whether a number lies where its setting allows it; other kinds cannot be entered wrong. */
export function fits(setting: Setting, value: unknown): boolean {
  if (setting.type === 'countries') return Array.isArray(value) && value.every((c) => /^[A-Z]{1,3}$/.test(String(c)))
  if (setting.type !== 'number' && setting.type !== 'integer') return true
  return typeof value === 'number' && value >= (setting.min ?? 0) && value <= (setting.max ?? 0) && (setting.type === 'number' || Number.isInteger(value))
}

/** How many settings of a step are not the usual ones. */
export function changes(step: Pick<Draft, 'settings'>, technology: Technology): number {
  return technology.settings.filter((s) => JSON.stringify(step.settings[s.name] ?? s.default) !== JSON.stringify(s.default)).length
}

/** Whose problem a field of the server's answer is: a step and a setting of it, or the name. */
export type Place = { step?: number; setting?: string; name?: boolean }

export function place(field: string): Place {
  const own = field.replace(/^body\./, '')
  if (own === 'name') return { name: true }
  const found = /^steps\[(\d+)\](?:\.settings\.(\w+)|\.(\w+))?/.exec(own)
  if (!found) return {}
  const at: Place = { step: Number(found[1]) }
  if (found[2]) at.setting = found[2]
  else if (found[3] === 'attempts') at.setting = 'attempts'
  return at
}
