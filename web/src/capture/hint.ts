/** One hint at a time, chosen from measurements and kept steady so that it can be read. */

export type Hint = 'dark' | 'bright' | 'still' | 'blurred'

export type Measured = {
  /** mean luma of what lies in the guide, 0 to 255 */
  brightness: number
  /** share of it that is burnt out, 0 to 1 */
  burnt: number
  /** mean change against the picture before, 0 to 255 */
  motion: number
  /** see light.sharpness */
  sharpness: number | undefined
}

/**
 * Beyond these a photo is likely to be refused by the server; hints only, so
 * they may err. Sharpness: documents and faces as they are measure 0.14 to 0.40,
 * blurred by a Gaussian of 2 to 5 px mostly below 0.12.
 */
export const limits = { dark: 48, burnt: 0.35, motion: 9, sharpness: 0.12 }

/** The weightiest hint: light first, since everything else follows from it. */
export function hintFor(m: Measured): Hint | undefined {
  if (m.brightness < limits.dark) return 'dark'
  if (m.burnt > limits.burnt) return 'bright'
  if (m.motion > limits.motion) return 'still'
  if (m.sharpness !== undefined && m.sharpness < limits.sharpness) return 'blurred'
  return undefined
}

/** Shows a hint that has lasted for `rise`, and keeps it for at least `hold` (ms), so that nothing flickers. */
export class Steady<T> {
  #shown: T | undefined
  #since = -Infinity
  #next: T | undefined
  #nextSince = -Infinity

  constructor(
    readonly rise = 500,
    readonly hold = 1200,
  ) {}

  /** What to show at time `now` (ms) after seeing `value`. */
  see(value: T | undefined, now: number): T | undefined {
    if (value !== this.#next) {
      this.#next = value
      this.#nextSince = now
    }
    const lasted = now - this.#nextSince >= this.rise
    const held = this.#shown === undefined || now - this.#since >= this.hold
    if (this.#next !== this.#shown && lasted && held) {
      this.#shown = this.#next
      this.#since = now
    }
    return this.#shown
  }
}
