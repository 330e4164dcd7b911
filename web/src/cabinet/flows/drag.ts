/** One thing dragged with mouse, pen or finger; the browser's own drag and drop knows no fingers. */

export type Point = { x: number; y: number }

export type Drag = {
  /** the pointer has moved far enough to mean it */
  start: (at: Point) => void
  move: (at: Point) => void
  /** let go, `dropped`: not taken back by Escape or the system */
  end: (dropped: boolean) => void
}

/** Pixels until a press becomes a drag. */
const meant = 5
/** Within this distance (px) of the window's edge the page scrolls along. */
const edge = 72

/** Follows the pointer that was just pressed. A press that does not move stays a click. */
export function follow(press: PointerEvent, drag: Drag) {
  if (press.button !== 0 || !press.isPrimary) return
  const began = { x: press.clientX, y: press.clientY }
  let at = began
  let dragging = false
  let frame = 0
  const stop = new AbortController()
  const { signal } = stop

  function moved(event: PointerEvent) {
    if (event.pointerId !== press.pointerId) return
    at = { x: event.clientX, y: event.clientY }
    if (!dragging) {
      if (Math.hypot(at.x - began.x, at.y - began.y) < meant) return
      dragging = true
      getSelection()?.removeAllRanges()
      document.documentElement.dataset['dragging'] = ''
      frame = requestAnimationFrame(scroll)
      drag.start(began)
    }
    drag.move(at)
  }
  function scroll() {
    const up = Math.min(0, at.y - edge)
    const down = Math.max(0, at.y - (innerHeight - edge))
    if (up || down) {
      const before = scrollY
      scrollBy(0, (up + down) / 4)
      if (scrollY !== before) drag.move(at)
    }
    frame = requestAnimationFrame(scroll)
  }
  function finish(dropped: boolean) {
    stop.abort()
    cancelAnimationFrame(frame)
    delete document.documentElement.dataset['dragging']
    if (!dragging) return
    // The click that the browser makes of the same press is not meant.
    const swallow = (event: Event) => {
      event.preventDefault()
      event.stopPropagation()
    }
    addEventListener('click', swallow, { capture: true })
    setTimeout(() => removeEventListener('click', swallow, { capture: true }))
    drag.end(dropped)
  }

  addEventListener('pointermove', moved, { signal })
  addEventListener('pointerup', (event) => event.pointerId === press.pointerId && finish(true), { signal })
  addEventListener('pointercancel', (event) => event.pointerId === press.pointerId && finish(false), { signal })
  addEventListener('blur', () => finish(false), { signal })
  addEventListener('selectstart', (event) => event.preventDefault(), { signal })
  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || !dragging) return
      event.preventDefault()
      event.stopPropagation()
      finish(false)
    },
    { signal, capture: true },
  )
}
