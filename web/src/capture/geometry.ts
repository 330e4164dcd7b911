/** Where the guide stands on the screen, and which pixels of the camera's picture lie behind it. All in px, from the top left. */

export type Size = { width: number; height: number }
export type Rect = Size & { x: number; y: number }

/** Proportions, width to height. */
export const OVAL = 0.74
export const CARD = 85.6 / 53.98 // ISO/IEC 7810 ID-1
export const PASSPORT = 125 / 88 // ISO/IEC 7810 ID-3, one page

/** How a picture is shown in a box: the part of it that is seen, and where. */
export type View = {
  /** in the box's px */
  at: Rect
  /** in the picture's px */
  seen: Rect
}

/** The picture fills the box and its edges are cut off (`object-fit: cover`). */
export function cover(picture: Size, box: Size): View {
  const scale = Math.max(box.width / picture.width, box.height / picture.height)
  const width = Math.min(picture.width, box.width / scale)
  const height = Math.min(picture.height, box.height / scale)
  return { at: { x: 0, y: 0, ...box }, seen: { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height } }
}

/** All of the picture is shown, with bars beside it (`object-fit: contain`). */
export function contain(picture: Size, box: Size): View {
  const scale = Math.min(box.width / picture.width, box.height / picture.height)
  const width = picture.width * scale
  const height = picture.height * scale
  return { at: { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height }, seen: { x: 0, y: 0, ...picture } }
}

/** Whether covering the box would hide most of a wide picture: a webcam in a narrow window, where a document needs all the width. */
export function isCramped(picture: Size, box: Size): boolean {
  return box.width > 0 && picture.width > 0 && cover(picture, box).seen.width < picture.width * 0.55
}

/** The largest rectangle of a proportion within a share of an area, in its middle. */
export function guide(area: Rect, proportion: number, share: { width: number; height: number }): Rect {
  const width = Math.min(area.width * share.width, area.height * share.height * proportion)
  const height = width / proportion
  return { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

export function oval(area: Rect): Rect {
  return guide(area, OVAL, { width: 0.78, height: 0.8 })
}

export function frame(area: Rect, proportion: number): Rect {
  return guide(area, proportion, { width: 0.92, height: 0.86 })
}

/** A rectangle of the box in the picture's own pixels, with a margin (a share of its size) as far as it is seen. */
export function behind(rect: Rect, { at, seen }: View, margin = 0): Rect {
  const scale = seen.width / at.width
  const left = (x: number) => seen.x + (x - at.x) * scale
  const top = (y: number) => seen.y + (y - at.y) * scale
  const x = Math.max(seen.x, left(rect.x - rect.width * margin))
  const y = Math.max(seen.y, top(rect.y - rect.height * margin))
  const right = Math.min(seen.x + seen.width, left(rect.x + rect.width * (1 + margin)))
  const bottom = Math.min(seen.y + seen.height, top(rect.y + rect.height * (1 + margin)))
  return { x, y, width: right - x, height: bottom - y }
}

/** The size after bounding the longer side; never larger than before. */
export function fit(size: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(size.width, size.height))
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) }
}
