/** A new screen's heading takes the focus, so that it is read out and the keyboard starts there. The first one of the page does not: the browser reads the page itself. */
let screens = 0

export function announced(heading: HTMLElement): void {
  if (screens++ === 0) return
  heading.focus({ preventScroll: true })
  window.scrollTo(0, 0)
}
