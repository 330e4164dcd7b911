/** A moment as seen from another. */

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** "3 minutes ago", "tomorrow"; beyond a month the date itself. */
export function relative(locale: string, at: Date, now: Date): string {
  const apart = at.getTime() - now.getTime()
  if (Math.abs(apart) >= 30 * 86_400_000) return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at)
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  for (const [unit, length] of units) {
    if (Math.abs(apart) >= length) return format.format(Math.trunc(apart / length), unit)
  }
  return format.format(0, 'second')
}
