/** Watches a running camera: hints for the person, and whether a picture comes at all. */
import type { Rect } from './geometry'
import { hintFor, Steady, type Hint } from './hint'
import { brightness, grey, motion, shareAbove, sharpness, type Grey } from './light'

export type Seen = {
  hint: Hint | undefined
  /** every pixel has been black for a while: a lid, a finger, or a camera that another program holds */
  black: boolean
  /** the picture has not moved on for a while */
  stalled: boolean
}

/** Times in ms. */
const every = 200
const blackAfter = 2500
const stalledAfter = 6000

/** Looks at a video a few times a second until stopped; `guide` gives the part that matters, in the video's pixels. */
export function watch(video: HTMLVideoElement, guide: () => Rect | undefined, tell: (seen: Seen) => void): () => void {
  const small = lens(64, 64)
  const sharp = lens(256, 128)
  const steady = new Steady<Hint>()
  const health = new Health(performance.now())
  let before: Grey | undefined

  const clock = setInterval(() => {
    if (document.hidden) return health.pause(performance.now())
    const now = performance.now()
    const part = video.readyState >= 2 ? guide() : undefined
    if (!part || part.width < 1 || part.height < 1) return tell({ hint: undefined, ...health.see(undefined, video.currentTime, now) })
    const picture = small(video, part)
    const hint = hintFor({
      brightness: brightness(picture),
      burnt: shareAbove(picture, 250),
      motion: before ? motion(picture, before) : 0,
      sharpness: sharpness(sharp(video, middle(part, 256, 128))),
    })
    before = picture
    tell({ hint: steady.see(hint, now), ...health.see(picture, video.currentTime, now) })
  }, every)
  return () => clearInterval(clock)
}

/** A reusable small canvas: draws a part of the video and gives its luma. */
function lens(width: number, height: number): (video: HTMLVideoElement, part: Rect) => Grey {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })
  return (video, part) => {
    if (!context) return { width: 0, height: 0, luma: new Uint8Array() }
    context.drawImage(video, part.x, part.y, part.width, part.height, 0, 0, width, height)
    return grey(context.getImageData(0, 0, width, height).data, width, height)
  }
}

/** A patch of the picture's own pixels in the middle of a part. */
function middle(part: Rect, width: number, height: number): Rect {
  return { x: part.x + (part.width - width) / 2, y: part.y + (part.height - height) / 2, width, height }
}

/** Remembers since when the picture is black, and since when it stands still. */
export class Health {
  #lit: number
  #moved: number
  #time = -1

  constructor(now: number) {
    this.#lit = this.#moved = now
  }

  /** Time that the page was hidden does not count. */
  pause(now: number): void {
    this.#lit = this.#moved = now
  }

  see(picture: Grey | undefined, time: number, now: number): { black: boolean; stalled: boolean } {
    if (time !== this.#time) {
      this.#time = time
      this.#moved = now
    }
    if (picture && shareAbove(picture, 12) > 0.002) this.#lit = now
    return { black: picture !== undefined && now - this.#lit > blackAfter, stalled: now - this.#moved > stalledAfter }
  }
}
