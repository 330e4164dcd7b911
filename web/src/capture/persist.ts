/** Trying again what failed for a passing reason: a broken connection, a server that is busy or starting. */
import { Problem, Unreachable } from '$shared/request'

export type Patience = {
  /** resolves after `ms`, earlier when a try makes sense at once; rejects when given up */
  wait: (ms: number) => Promise<void>
  /** 0 to 1, spreads the tries of many pages */
  chance?: () => number
  /** told before each wait, with the number of tries that failed */
  onFailure?: (failures: number, error: unknown) => void
  /** how often the server itself may fail before it is taken at its word; what stands between never ends the tries */
  faults?: number
}

/** Milliseconds. */
const first = 800
const longest = 15_000

/** Runs `work` until it succeeds or fails for good; its result or its last error. */
export async function persist<T>(work: () => Promise<T>, { wait, chance = Math.random, onFailure, faults = 4 }: Patience): Promise<T> {
  for (let failures = 1, faulty = 0; ; failures++) {
    try {
      return await work()
    } catch (error) {
      if (!passes(error)) throw error
      if (!isAway(error) && ++faulty >= faults) throw error
      onFailure?.(failures, error)
      await wait(pause(failures, error, chance()))
    }
  }
}

/** Whether the same request may succeed later, unchanged. */
export function passes(error: unknown): boolean {
  if (error instanceof Unreachable) return true
  return error instanceof Problem && (error.status >= 500 || error.status === 408 || error.status === 425 || error.status === 429)
}

/** Whether the server was not there to answer: the network, or a proxy before a server that is starting. */
export function isAway(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && [429, 502, 503, 504].includes(error.status))
}

/** Milliseconds until the next try: doubling, spread by a quarter, and never before the server wishes. */
export function pause(failures: number, error: unknown, chance: number): number {
  const spread = 0.75 + chance / 2
  const own = Math.min(longest, first * 2 ** (failures - 1)) * spread
  const wished = error instanceof Problem && error.retryAfter !== undefined ? error.retryAfter * 1000 : 0
  return Math.max(own, Math.min(wished, 60_000))
}

/** Waits in a browser: the network's return or a call of `hurry` ends the wait. */
export class Waiting {
  #wake = new Set<() => void>()

  readonly wait = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(clock)
        window.removeEventListener('online', done)
        signal?.removeEventListener('abort', stop)
        this.#wake.delete(done)
        resolve()
      }
      const stop = () => {
        done()
        reject(signal?.reason)
      }
      const clock = setTimeout(done, ms)
      if (signal?.aborted) return stop()
      window.addEventListener('online', done)
      signal?.addEventListener('abort', stop)
      this.#wake.add(done)
    })

  /** Ends every wait now. */
  hurry(): void {
    for (const wake of [...this.#wake]) wake()
  }
}
