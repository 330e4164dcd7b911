/** Codes in words. */
import { t, words } from './words'

/** What was found, and what the person can do about it. An unknown code is not shown raw: it says that something failed. */
export function reasons(codes: readonly string[]): { what: string; advice: string }[] {
  const known = codes.filter((code) => words.has(`reason.${code}`))
  const shown = known.length > 0 || codes.length === 0 ? known : ['machine_failed']
  return shown.map((code) => ({ what: words.find(`reason.${code}`) ?? '', advice: words.find(`reason.${code}.do`) ?? '' }))
}

export function problem(code: string): string {
  return words.find(`problem.${code}`) ?? t('problem.unknown')
}
