/** What the server's hints for a photo amount to: what to say, how far the countdown is, and when to shoot. */
import { Steady } from './hint'
import type { Advice } from './live'

export type Coached = {
  /** a text under coach.<say>, kept long enough to be read */
  say: string
  /** all is well: hold still */
  good: boolean
  /** how much of the countdown is over, 0 to 1 */
  hold: number
  /** now is the moment for the photo */
  now: boolean
}

/** Says that all is well. */
const well = ['hold_still', 'document_now']
/** Who turns a document over shows its other side after this time (ms) at the latest. */
const turned = 4000

/** Follows the hints for one photo. */
export class Coach {
  readonly #steady = new Steady<string>(250, 900)
  #ready: boolean
  #began: number | undefined

  /** `turn`: another side was asked for before, which may still lie before the camera, so nothing is shot until it is gone */
  constructor(turn: boolean) {
    this.#ready = !turn
  }

  /** What to make of an answer at time `now` (ms); `calm` says that the page's own look at the camera's full picture finds nothing amiss. */
  see({ say, hold = 0 }: Advice, calm: boolean, now: number): Coached {
    this.#began ??= now
    const good = well.includes(say)
    if (!good || now - this.#began >= turned) this.#ready = true
    const shown = good ? 'hold_still' : say
    const ready = good && calm && this.#ready
    return { say: this.#steady.see(shown, now) ?? shown, good, hold: ready ? hold : 0, now: ready && hold >= 1 }
  }
}
