/** The unfinished Flow: it survives a reload of the tab, not its end, and is nobody else's. */

import type { Technology } from '../api'
import { renewed, toNew, type Draft } from './order'

const memory = 'idflow.flow-draft'

export function keepDraft(owner: string, name: string, steps: Draft[]) {
  try {
    if (name === '' && steps.length === 0) sessionStorage.removeItem(memory)
    else sessionStorage.setItem(memory, JSON.stringify({ owner, name, steps: toNew(steps) }))
  } catch {
    // a full or forbidden storage loses the draft on reload, nothing more
  }
}

/** The kept draft, without what this installation no longer knows. */
export function keptDraft(owner: string, known: readonly Technology[]): { name: string; steps: Draft[] } {
  try {
    const kept = JSON.parse(sessionStorage.getItem(memory) ?? '')
    if (kept.owner !== owner) return { name: '', steps: [] }
    const steps = (kept.steps as Draft[]).flatMap((step) => {
      const technology = known.find((k) => k.key === step.technology)
      return technology ? [renewed(step, technology)] : []
    })
    return { name: String(kept.name), steps }
  } catch {
    return { name: '', steps: [] }
  }
}

export function dropDraft() {
  try {
    sessionStorage.removeItem(memory)
  } catch {
    // nothing was kept
  }
}
