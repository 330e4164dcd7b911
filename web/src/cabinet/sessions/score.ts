/** How a score is shown: its unit, its digits, its place on a bar. */

import type { Score } from '../api'

export type Unit = 'share' | 'pixels' | 'degrees' | 'count' | 'plain'

export function unitOf(name: string): Unit {
  if (/\.(passive|similarity|clipped|second_face|eyes_closed)$/.test(name)) return 'share'
  if (name.endsWith('.eye_distance')) return 'pixels'
  if (/\.(yaw|pitch|roll)$/.test(name)) return 'degrees'
  return name.endsWith('.check_digits') ? 'count' : 'plain'
}

const digits: Record<Unit, number> = { share: 4, pixels: 1, degrees: 1, count: 0, plain: 1 }

/** Decimals that keep a value and its threshold apart: 0.89996 against 0.9 is not shown as 0.9. */
export function decimals(score: Score): number {
  const usual = digits[unitOf(score.name)]
  const { value, threshold } = score
  if (threshold === null || value === threshold) return usual
  for (let d = usual; d < 8; d++) if (value.toFixed(d) !== threshold.toFixed(d)) return d
  return 8
}

/** A value and its threshold as parts of the bar, 0 to 1. */
export function bar(score: Score): { value: number; threshold: number } | undefined {
  if (score.threshold === null) return undefined
  const most = Math.max(score.value, score.threshold)
  const unit = unitOf(score.name)
  const whole = unit === 'share' ? Math.max(1, most) : unit === 'count' ? most : most * 1.25
  const part = (v: number) => (whole > 0 ? Math.min(1, Math.max(0, v / whole)) : 0)
  return { value: part(score.value), threshold: part(score.threshold) }
}
