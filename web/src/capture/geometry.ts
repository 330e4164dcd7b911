/** Where the guide stands on the screen, and which pixels of the camera's picture lie behind it. All in px, from the top left. */

export type Size = { width: number; height: number }
export type Rect = Size & { x: number; y: number }

/** Proportions, width to height. */
export const OVAL = 0.74
export const CARD = 85.6 / 53.98 // ISO/IEC 7810 ID-1
export const PASSPORT = 125 / 88 // ISO/IEC 7810 ID-3, one page

/** The largest centred rectangle of a proportion within a share of the box. */
export function guide(box: Size, proportion: number, share: { width: number; height: number }): Rect {
  const width = Math.min(box.width * share.width, box.height * share.height * proportion)
  const height = width / proportion
  return { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height }
}

export function oval(box: Size): Rect {
  return guide(box, OVAL, { width: 0.78, height: 0.8 })
}

export function frame(box: Size, proportion: number): Rect {
  return guide(box, proportion, { width: 0.92, height: 0.86 })
}

/** The part of the picture that `object-fit: cover` shows in the box. */
export function visible(picture: Size, box: Size): Rect {
  const scale = Math.max(box.width / picture.width, box.height / picture.height)
  const width = Math.min(picture.width, box.width / scale)
  const height = Math.min(picture.height, box.height / scale)
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height }
}

/** A rectangle of the box in the picture's own pixels, with a margin (a share of its size) as far as it is visible. */
export function behind(rect: Rect, picture: Size, box: Size, margin = 0): Rect {
  const seen = visible(picture, box)
  const scale = seen.width / box.width
  const x0 = seen.x + (rect.x - rect.width * margin) * scale
  const y0 = seen.y + (rect.y - rect.height * margin) * scale
  const x1 = seen.x + (rect.x + rect.width * (1 + margin)) * scale
  const y1 = seen.y + (rect.y + rect.height * (1 + margin)) * scale
  const x = Math.max(seen.x, x0)
  const y = Math.max(seen.y, y0)
  return { x, y, width: Math.min(seen.x + seen.width, x1) - x, height: Math.min(seen.y + seen.height, y1) - y }
}

/** The size after bounding the longer side; never larger than before. */
export function fit(size: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(size.width, size.height))
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) }
}
