/** Codes of a session in the person's words; what has none yet is shown as it is. */

import { t, words } from '../words'

const plain = (code: string) => code.replaceAll('_', ' ')

export const technologyName = (technology: string, title: string) => words.find(`technology.${technology}.title`) ?? title
export const reasonText = (code: string) => words.find(`reason.${code}`) ?? plain(code)
export const evidenceName = (name: string) => words.find(`session.evidence.${name}`) ?? plain(name)
export const fieldName = (name: string) => words.find(`session.field.${name}`) ?? plain(name)
export const poseName = (pose: string) => words.find(`session.pose.${pose}`) ?? plain(pose)

export const actionName = (action: string) => words.find(`coach.${action}`) ?? plain(action)

/** Scores of live passages that speak of one action. */
const ofActions: [RegExp, string][] = [
  [/^action\.\d+\.(?!reaction_ms)(\w+)$/, 'session.score.action.done'],
  [/^depth\.(\w+)\.breadth$/, 'session.score.depth.breadth'],
  [/^depth\.(\w+)$/, 'session.score.depth'],
]

export function scoreName(name: string): string {
  for (const [pattern, key] of ofActions) {
    const found = pattern.exec(name)
    if (found) return words.find(key, { action: actionName(found[1]!) }) ?? name
  }
  const reaction = /^action\.(\d+)\.reaction_ms$/.exec(name)
  if (reaction) return words.find('session.score.action.reaction', { number: reaction[1]! }) ?? name
  const position = /^position\.(\w+)\.(\w+)$/.exec(name)
  if (position) {
    const found = words.find(`session.score.position.${position[2]}`, { pose: poseName(position[1]!) })
    if (found) return found
  }
  return words.find(`session.score.${name}`) ?? name
}

/** Milliseconds as people count them. */
export function duration(ms: number): string {
  return ms < 1000
    ? t('session.milliseconds', { value: words.number(ms, { maximumFractionDigits: 0 }) })
    : t('session.seconds', { value: words.number(ms / 1000, { maximumFractionDigits: 1 }) })
}

/** A date of a document; one that is no full date stays as it was read. */
export function documentDate(value: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : undefined
  return time && !Number.isNaN(time.getTime()) ? words.date(time, { dateStyle: 'long', timeZone: 'UTC' }) : value
}
