/** A camera and the video element that shows it: started, watched, switched, rested, and let go. */
import { CameraError, cameras, close, following, open, type CameraFailure, type Facing, type Opened } from './camera'
import type { Rect, Size } from './geometry'
import { watch, type Seen } from './watch'

export type Phase = 'starting' | 'live' | 'failed' | 'closed'

/** The first picture must come within this time (ms). */
const readiness = 8000

const nothing: Seen = { hint: undefined, black: false, stalled: false }

export class Viewfinder {
  phase = $state<Phase>('closed')
  failure = $state<CameraFailure>()
  seen = $state.raw<Seen>(nothing)
  /** px of the camera's picture; 0 × 0 while there is none */
  picture = $state.raw<Size>({ width: 0, height: 0 })
  /** which way it looks, as far as it says */
  facing = $state<Facing>()
  #ids = $state.raw<string[]>([])

  #camera: Opened | undefined
  #turn = 0 // a start that was overtaken by another, or by the end, lets its camera go
  #unwatch: (() => void) | undefined

  constructor(
    readonly video: HTMLVideoElement,
    /** wished for; a machine with one camera gives what it has */
    readonly wish: { facing: Facing; width: number; height: number },
    /** the part of the picture that matters, in its px */
    readonly guide: () => Rect | undefined,
  ) {}

  /** How the camera calls itself, empty while there is none. */
  get label(): string {
    return this.#camera?.track.label ?? ''
  }

  get switchable(): boolean {
    return this.#ids.length > 1
  }

  start = async (device?: string): Promise<void> => {
    const turn = ++this.#turn
    this.#release()
    this.phase = 'starting'
    this.failure = undefined
    try {
      const camera = await open({ ...this.wish, device })
      if (turn !== this.#turn) return close(camera)
      this.#camera = camera
      this.facing = camera.facing ?? (device ? undefined : this.wish.facing)
      camera.track.addEventListener('ended', () => this.#camera === camera && this.#fail('lost'), { once: true })
      await this.#show(camera.stream)
      if (turn !== this.#turn) return
      this.phase = 'live'
      this.#unwatch = watch(this.video, this.guide, this.#see)
      const ids = await cameras()
      if (turn === this.#turn) this.#ids = ids
    } catch (error) {
      if (turn !== this.#turn) return
      this.#fail(error instanceof CameraError ? error.failure : 'unknown')
    }
  }

  /** The next camera of this machine. */
  next = (): void => {
    const device = following(this.#ids, this.#camera?.device)
    if (device && this.phase !== 'starting') void this.start(device)
  }

  /** Lets the camera go; `start` takes it again. */
  stop = (): void => {
    this.#turn++
    this.#release()
    this.phase = 'closed'
  }

  readonly #see = (seen: Seen): void => {
    if (seen.stalled) return this.#fail('stalled')
    const { videoWidth: width, videoHeight: height } = this.video
    if (width !== this.picture.width || height !== this.picture.height) this.picture = { width, height } // the phone was turned
    this.seen = seen
  }

  #fail(failure: CameraFailure): void {
    this.#turn++
    this.#release()
    this.failure = failure
    this.phase = 'failed'
  }

  #release(): void {
    this.#unwatch?.()
    this.#unwatch = undefined
    close(this.#camera)
    this.#camera = undefined
    this.video.srcObject = null
    this.seen = nothing
  }

  /** Resolves when there is something to see. */
  async #show(stream: MediaStream): Promise<void> {
    const { video } = this
    video.srcObject = stream
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(clock)
        video.removeEventListener('loadeddata', ready)
        settle()
      }
      const ready = () => {
        if (video.videoWidth > 0) end(resolve)
      }
      const clock = setTimeout(() => end(() => reject(new CameraError('stalled'))), readiness)
      video.addEventListener('loadeddata', ready)
      // A refused play() is no failure yet: some web views start by themselves, and the clock is running.
      video.play().then(ready, () => {})
    })
    this.picture = { width: video.videoWidth, height: video.videoHeight }
  }
}
