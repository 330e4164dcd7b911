/** A Flow under construction: what is chosen, what is dragged, what is wrong with it. */

import * as api from '../api'
import type { FlowProblem, Setting, Technology } from '../api'
import { loggedIn } from '../user.svelte'
import { t, words } from '../words'
import { fits, handed, insert, lacks, maxSteps, move, place, remove, stepOf, toNew, type Draft, type Taken } from './order'

/** What is dragged: a technology that is not in the Flow yet (`fresh`), or a step of it. */
type Lifted = { step: Draft; fresh: boolean; at: number | undefined }

export class Builder {
  name = $state('')
  steps = $state<Draft[]>([])
  lifted = $state.raw<Lifted>()
  /** told to those who do not see the page */
  said = $state('')

  #answer = $state.raw<{ of: string; problems: FlowProblem[] }>({ of: '', problems: [] })

  constructor(readonly known: readonly Technology[]) {}

  technology = (key: string): Technology | undefined => this.known.find((k) => k.key === key)
  title = (key: string): string => words.find(`technology.${key}.title`) ?? this.technology(key)?.title ?? key
  description = (key: string): string => words.find(`technology.${key}.description`) ?? this.technology(key)?.description ?? ''

  /** The steps as they would stand if what is dragged were let go now. */
  readonly shown = $derived.by((): Draft[] => {
    const held = this.lifted
    if (!held) return this.steps
    const rest = remove(this.steps, held.step.id)
    return held.at === undefined ? rest : insert(rest, held.step, Math.min(held.at, rest.length))
  })
  /** What is not in the Flow: first what can be chosen, then what is locked. */
  readonly offers = $derived.by(() => {
    const rest = this.known.filter((k) => !this.steps.some((s) => s.technology === k.key))
    return [...rest.filter(bought), ...rest.filter((k) => !bought(k))]
  })
  readonly full = $derived(this.steps.length >= maxSteps)
  readonly taken = $derived.by(() => handed(this.shown, this.known))

  may(technology: Technology): boolean {
    return bought(technology) && !this.full
  }

  // ── moving ──

  add(key: string, at = this.steps.length) {
    const technology = this.technology(key)
    if (!technology || !this.may(technology)) return
    this.steps = insert(this.steps, stepOf(technology), at)
    this.#say('added', at)
  }

  shift(id: number, to: number) {
    this.steps = move(this.steps, id, to)
    this.#say('moved', this.steps.findIndex((s) => s.id === id))
  }

  remove(id: number) {
    const step = this.steps.find((s) => s.id === id)
    if (!step) return
    this.steps = remove(this.steps, id)
    this.said = t('cabinet.builder.removed', { name: this.title(step.technology) })
  }

  clear() {
    this.name = ''
    this.steps = []
    this.said = t('cabinet.builder.cleared')
  }

  /** Begins to drag a technology or a step. */
  lift(what: Technology | Draft) {
    if ('id' in what) this.lifted = { step: what, fresh: false, at: this.steps.findIndex((s) => s.id === what.id) }
    else this.lifted = { step: stepOf(what), fresh: true, at: undefined }
  }

  /** Where it would fall: a place in the list, or undefined beside it. */
  hover(at: number | undefined) {
    if (this.lifted && this.lifted.at !== at) this.lifted = { ...this.lifted, at }
  }

  letGo(dropped: boolean) {
    const held = this.lifted
    this.lifted = undefined
    if (!held || !dropped) return
    if (held.fresh) {
      if (held.at !== undefined) this.add(held.step.technology, held.at)
    } else if (held.at === undefined) this.remove(held.step.id)
    else if (this.steps.findIndex((s) => s.id === held.step.id) !== held.at) this.shift(held.step.id, held.at)
  }

  #say(what: 'added' | 'moved', at: number) {
    const step = this.steps[at]!
    const news = t(`cabinet.builder.${what}`, { name: this.title(step.technology), place: at + 1, count: this.steps.length })
    this.said = [news, ...this.troubles(at)].join(' ')
  }

  // ── what is wrong ──

  /** Asks the server what it thinks of the Flow as it is. */
  async check(signal: AbortSignal) {
    const steps = $state.snapshot(this.steps) as Draft[]
    const { problems } = await loggedIn(api.validateFlow(this.name, toNew(steps), signal))
    this.#answer = { of: JSON.stringify(steps), problems }
  }

  /** Takes the server's refusal; gives back where it belongs. */
  refuse(problem: FlowProblem) {
    this.#answer = { of: JSON.stringify($state.snapshot(this.steps)), problems: [problem] }
    return place(problem.field)
  }

  // An answer counts only while nothing has changed since the question.
  readonly #problems = $derived(JSON.stringify(this.steps) === this.#answer.of ? this.#answer.problems : [])

  readonly nameProblem = $derived.by(() => {
    const problem = this.#problems.find((p) => p.code !== 'flow_name_missing' && place(p.field).name)
    return problem && text(problem)
  })

  /** Why a step cannot work where it stands, in whole sentences. */
  troubles(i: number): string[] {
    const missing = (this.taken[i] ?? []).filter((taken) => taken.from === undefined).map((taken) => this.#explain(this.shown[i]!, taken))
    if (this.lifted) return missing
    const others = this.#problems.filter((p) => place(p.field).step === i && !place(p.field).setting && !(p.code === 'flow_order_impossible' && missing.length > 0))
    return [...missing, ...others.map(text)]
  }

  /** What is wrong with a setting of a step. */
  settingTrouble(i: number, setting: Setting): string | undefined {
    const step = this.steps[i]
    if (step && !fits(setting, step.settings[setting.name])) {
      if (setting.type === 'countries') return t('cabinet.builder.countries')
      return t(`cabinet.builder.${setting.type === 'integer' ? 'whole' : 'number'}`, bounds(setting))
    }
    const problem = this.#problems.find((p) => place(p.field).step === i && place(p.field).setting === setting.name)
    return problem && text(problem)
  }

  /** What must be chosen before a technology that is on offer, in words; empty when nothing is missing. */
  firstOf(technology: Technology): string {
    return listOf(lacks(technology, this.steps, this.known).map(factTitle))
  }

  /** What a step takes from the steps before it, in words. */
  takes(i: number): string {
    const taken = (this.taken[i] ?? []).filter((x): x is Taken & { from: number } => x.from !== undefined)
    return listOf(taken.map((x) => t('cabinet.builder.from', { what: factTitle(x.fact), place: x.from + 1 })))
  }

  #explain(step: Draft, taken: Taken): string {
    const all = this.known.filter((k) => k.gives.includes(taken.fact))
    const mine = all.filter(bought)
    const givers = (mine.length > 0 ? mine : all).map((k) => t('cabinet.builder.giver', { name: this.title(k.key) }))
    const name = this.title(step.technology)
    if (givers.length === 0) return t('cabinet.builder.needsNobody', { step: name, what: factTitle(taken.fact) })
    return t('cabinet.builder.needs', { step: name, what: factTitle(taken.fact), givers: givers.join(` ${t('cabinet.or')} `) })
  }
}

/** Whether the organization may use a technology now. */
export function bought(technology: Technology): boolean {
  return technology.subscription?.status === 'active'
}

export function bounds(setting: Setting): { min: number; max: number } {
  return { min: setting.min ?? 0, max: setting.max ?? 0 }
}

function text(problem: FlowProblem): string {
  return words.find(`problem.${problem.code}`) ?? problem.message
}

function factTitle(fact: string): string {
  return words.find(`cabinet.fact.${fact}`) ?? fact
}

function listOf(parts: string[]): string {
  return parts.join(', ')
}
