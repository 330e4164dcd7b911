/**
 * Numbers and dates as each language writes them. Chromium carries no Kazakh
 * calendar and writes "2026 M11 23"; there we write figures only, as Russian
 * does and Kazakh too: 23.11.2026, 04:24 and 1 234,5.
 */

const known = new Map<string, boolean>()

/** Whether this browser knows a language's months by name. */
function knows(locale: string): boolean {
  let answer = known.get(locale)
  if (answer === undefined) {
    answer = !/\d/.test(new Intl.DateTimeFormat(locale, { month: 'long' }).format(0))
    known.set(locale, answer)
  }
  return answer
}

const standIn = 'ru'

export function formatNumber(locale: string, value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(knows(locale) ? locale : standIn, options).format(value)
}

export function formatDate(locale: string, time: string | Date, options: Intl.DateTimeFormatOptions): string {
  const format = knows(locale) ? new Intl.DateTimeFormat(locale, options) : new Intl.DateTimeFormat(standIn, inFigures(options))
  return format.format(new Date(time))
}

/** The same parts of a date without the words in them. */
export function inFigures({ dateStyle, timeStyle, ...rest }: Intl.DateTimeFormatOptions): Intl.DateTimeFormatOptions {
  return {
    ...rest,
    ...(dateStyle && { day: '2-digit', month: '2-digit', year: 'numeric' }),
    ...(timeStyle && { hour: '2-digit', minute: '2-digit' }),
    ...(timeStyle && timeStyle !== 'short' && { second: '2-digit' }),
  }
}
