/** A moment as seen from another. */

export type Distance = { unit: 'minute' | 'hour' | 'day'; count: number; way: 'ago' | 'in' }

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** How far a moment is: 'now' within a minute, 'far' from thirty days on, else counted in its largest whole unit. */
export function distance(at: Date, now: Date): Distance | 'now' | 'far' {
  const apart = Math.abs(at.getTime() - now.getTime())
  if (apart >= 30 * 86_400_000) return 'far'
  for (const [unit, length] of units) {
    if (apart >= length) return { unit, count: Math.floor(apart / length), way: at < now ? 'ago' : 'in' }
  }
  return 'now'
}
