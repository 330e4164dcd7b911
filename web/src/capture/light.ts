/**
 * Cheap measurements of the camera's picture, for hints only: they never refuse
 * a photo. The server judges.
 */

/** Luma, 0 to 255, row by row. */
export type Grey = { width: number; height: number; luma: Uint8Array }

/** Luma of RGBA pixels by the weights of BT.601. */
export function grey(rgba: Uint8ClampedArray, width: number, height: number): Grey {
  const luma = new Uint8Array(width * height)
  for (let i = 0, p = 0; i < luma.length; i++, p += 4) luma[i] = (rgba[p]! * 77 + rgba[p + 1]! * 150 + rgba[p + 2]! * 29) >> 8
  return { width, height, luma }
}

/** Mean luma, 0 to 255. */
export function brightness({ luma }: Grey): number {
  let sum = 0
  for (const v of luma) sum += v
  return luma.length ? sum / luma.length : 0
}

/** Share of pixels at or above a luma, 0 to 1. */
export function shareAbove({ luma }: Grey, limit: number): number {
  let n = 0
  for (const v of luma) if (v >= limit) n++
  return luma.length ? n / luma.length : 0
}

/** Mean difference of two pictures of one size after their brightness is made equal, 0 to 255: a moving camera, not a lamp. */
export function motion(a: Grey, b: Grey): number {
  const offset = brightness(a) - brightness(b)
  let sum = 0
  for (let i = 0; i < a.luma.length; i++) sum += Math.abs(a.luma[i]! - b.luma[i]! - offset)
  return a.luma.length ? sum / a.luma.length : 0
}

/**
 * How steep the edges are, about 0.09 (blurred) to 0.3 (sharp): the second
 * difference over one pixel against the one over four, both of three rows
 * together (noise is no edge), squared and summed where the latter shows an
 * edge. Undefined when there are too few edges to tell, so a plain wall is not
 * called blurred. Give it pixels of the camera's own resolution: scaling down
 * sharpens.
 */
export function sharpness({ width, height, luma }: Grey): number | undefined {
  const column = (i: number) => luma[i - width]! + luma[i]! + luma[i + width]!
  let fine = 0
  let coarse = 0
  let edges = 0
  for (let y = 1; y < height - 1; y++) {
    for (let x = 4, i = y * width + 4; x < width - 4; x++, i++) {
      const middle = 2 * column(i)
      const far = column(i - 4) + column(i + 4) - middle
      if (Math.abs(far) < edge) continue
      const near = column(i - 1) + column(i + 1) - middle
      edges++
      coarse += far * far
      fine += near * near
    }
  }
  return edges < (width * height) / 200 ? undefined : Math.sqrt(fine / coarse)
}

/** Second difference of three rows' sum from which a pixel counts as an edge: 24 grey levels a row. */
const edge = 3 * 24
