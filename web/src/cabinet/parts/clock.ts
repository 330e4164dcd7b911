/** The time of day as something that a page can depend on. */

import { createSubscriber } from 'svelte/reactivity'

const subscribe = createSubscriber((update) => {
  const ticking = setInterval(update, 20_000)
  return () => clearInterval(ticking)
})

/** The time now; what is drawn with it is drawn anew every 20 seconds. */
export function now(): Date {
  subscribe()
  return new Date()
}
