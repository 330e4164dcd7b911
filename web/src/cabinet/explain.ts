/** What went wrong with a call, in the person's language. */

import { Problem, Unreachable } from '$shared/request'
import { t, words } from './words'

export function explain(error: unknown): string {
  if (error instanceof Unreachable) return t('cabinet.trouble.offline')
  if (!(error instanceof Problem)) return t('cabinet.trouble.internal')
  const text = words.find(`problem.${error.code}`)
  const todo = words.find(`problem.${error.code}.do`)
  if (text) return todo ? `${text} ${todo}` : text
  return error.status >= 500 ? t('cabinet.trouble.internal') : error.message
}
