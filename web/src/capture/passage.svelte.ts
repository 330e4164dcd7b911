/**
 * One person's way through a session: what the server says, what was done on
 * this page since, and the sending of photos behind it. The server's word wins:
 * whenever it disagrees, the page asks it again and shows what it says.
 */
import { Problem } from '$shared/request'
import { isAway, persist, Waiting } from './persist'
import { discard, type Picture } from './picture'
import { nextCapture, screen, type Local, type Paper } from './screen'
import type { Server } from './server'
import { isOver, sameAttempt, type Capture, type Visit } from './visit'

/** A photo on its way. */
type Sending = { share: number; over: AbortController }

/** A photo that the server did not take, with the code why. */
export type Refusal = { capture: string; code: string }

export class Passage {
  visit = $state.raw<Visit>()
  /** the code of a problem that ends everything, until "try again" */
  trouble = $state<string>()
  /** a request is being repeated because the server does not answer */
  offline = $state(false)
  /** why the last photo has to be taken again */
  refusal = $state.raw<Refusal>()
  photo = $state.raw<Picture>()
  paper = $state<Paper>('card')
  /** nothing may flash */
  calm = $state(false)
  /** how the camera calls itself; the server knows the names of programs that feign one */
  camera = ''

  #begun = $state(false)
  #opened = $state<Capture['kind']>()
  #sending = $state<Record<string, Sending>>({})
  #skipped = $state<string[]>([])

  #server: Pick<Server, keyof Server>
  #waiting: Pick<Waiting, 'wait' | 'hurry'>
  #life = new AbortController()
  #asking: Promise<void> | undefined
  #unsent: { capture: Capture; photo: Picture }[] = [] // photos that wait for "try again"
  #submitting = false
  #refused = 0 // submissions in a row that the server did not take
  #poll: AbortController | undefined
  #expiry: ReturnType<typeof setTimeout> | undefined

  constructor(server: Pick<Server, keyof Server>, waiting: Pick<Waiting, 'wait' | 'hurry'> = new Waiting()) {
    this.#server = server
    this.#waiting = waiting
  }

  readonly #local = $derived<Local>({
    begun: this.#begun,
    opened: this.#opened,
    reviewing: this.photo !== undefined,
    sending: Object.keys(this.#sending),
    skipped: this.#skipped,
    paper: this.paper,
  })

  readonly screen = $derived(screen(this.visit, this.#local))

  /** The share of all photos of this attempt that has left, 0 to 1. */
  readonly share = $derived.by(() => {
    const under = Object.values(this.#sending)
    const given = this.visit?.given.length ?? 0
    const total = under.length + given
    return total === 0 ? 1 : (given + under.reduce((sum, s) => sum + s.share, 0)) / total
  })

  /** Asks the server where the session stands; calls at the same time share one answer. */
  refresh = (): Promise<void> => {
    this.#asking ??= this.#again(() => this.#server.visit(this.#life.signal))
      .then((v) => v && this.#accept(v))
      .finally(() => (this.#asking = undefined))
    return this.#asking
  }

  begin = () => {
    this.#begun = true
  }

  openCamera = (kind: Capture['kind']) => {
    this.#begun = true
    this.#opened = kind
  }

  /** Which passage a live connection belongs to. */
  hello = ({ step, attempt }: Visit) => ({ token: this.#server.token, step, attempt, camera: this.camera, calm: this.calm })

  /** the kind of capture that the camera is open for */
  get live(): Capture['kind'] | undefined {
    return this.#opened
  }

  closeCamera = () => {
    this.#opened = undefined
  }

  /** A photo was taken and waits for "use" or "retake". */
  take = (photo: Picture) => {
    discard(this.photo)
    this.refusal = undefined
    this.photo = photo
  }

  retake = () => {
    discard(this.photo)
    this.photo = undefined
  }

  use = () => {
    const capture = this.visit && nextCapture(this.visit, this.#local)
    const photo = this.photo
    if (!capture || !photo) return
    this.photo = undefined
    void this.#give(capture, photo)
  }

  skip = (capture: Capture) => {
    this.retake()
    this.#skipped = [...this.#skipped, capture.name]
    void this.#submitWhenReady()
  }

  cancel = async () => {
    const v = await this.#again(() => this.#server.cancel())
    if (v) this.#accept(v)
  }

  /** "Try again" after trouble, and "send now" while waiting for the network. */
  retry = () => {
    this.#refused = 0
    this.trouble = undefined
    this.#waiting.hurry()
    this.#resend()
    void this.refresh()
  }

  stop = () => {
    this.#life.abort()
    clearTimeout(this.#expiry)
    this.retake()
  }

  /** Shows what the server says, and drops what no longer answers it. */
  #accept(next: Visit) {
    const before = this.visit
    if (!sameAttempt(before, next)) this.#forget()
    this.visit = next
    this.trouble = undefined
    this.#resend()
    for (const name of next.given) delete this.#sending[name]
    this.#watchExpiry(next)
    if (next.state === 'checking' || next.state === 'created') this.#follow(next)
    else this.#poll?.abort()
    void this.#submitWhenReady()
  }

  #resend() {
    const unsent = this.#unsent
    this.#unsent = []
    for (const { capture, photo } of unsent) void this.#give(capture, photo)
  }

  #forget() {
    for (const s of Object.values(this.#sending)) s.over.abort()
    for (const { photo } of this.#unsent) discard(photo)
    this.#unsent = []
    this.#sending = {}
    this.#skipped = []
    this.#opened = undefined
    this.#refused = 0
    this.refusal = undefined
    this.retake()
  }

  async #give(capture: Capture, photo: Picture) {
    const { step, attempt } = this.visit!
    const over = new AbortController()
    this.#sending[capture.name] = { share: 0, over }
    const progress = (share: number) => {
      const s = this.#sending[capture.name]
      if (s?.over === over) s.share = share
    }
    try {
      await this.#persist(() => this.#server.give(capture.name, step, attempt, photo.blob, progress, over.signal), over.signal)
      if (!over.signal.aborted && this.visit) this.visit = { ...this.visit, given: [...this.visit.given, capture.name] }
      discard(photo)
    } catch (error) {
      if (over.signal.aborted) discard(photo)
      else await this.#refuse(capture, photo, error)
    } finally {
      if (this.#sending[capture.name]?.over === over) delete this.#sending[capture.name]
    }
    void this.#submitWhenReady()
  }

  /** The server did not take a photo: it is at fault, the session has moved on, or the photo is no good. */
  async #refuse(capture: Capture, photo: Picture, error: unknown) {
    if (!(error instanceof Problem)) throw error
    if (error.status >= 500) {
      this.#unsent.push({ capture, photo })
      this.trouble = error.code
      return
    }
    discard(photo)
    if (error.status === 404 || error.status === 409 || error.status === 410) await this.refresh()
    else this.refusal = { capture: capture.name, code: error.code }
  }

  /** Once everything asked for is given, the attempt ends; said twice does no harm. */
  async #submitWhenReady() {
    const v = this.visit
    if (this.#submitting || this.trouble || v?.state !== 'waiting') return
    if (Object.keys(this.#sending).length > 0 || this.screen.name !== 'sending') return
    this.#submitting = true
    try {
      const next = await this.#persist(() => this.#server.submit(v.step, v.attempt, this.camera, this.#life.signal), this.#life.signal)
      this.#refused = 0
      this.#accept(next)
    } catch (error) {
      if (this.#life.signal.aborted) return
      if (!(error instanceof Problem)) throw error
      if (error.status >= 500 || ++this.#refused > 2) this.trouble = error.code
      else void this.refresh()
    } finally {
      this.#submitting = false
    }
  }

  /** Long-polls until the session leaves the state it is in. */
  #follow(from: Visit) {
    this.#poll?.abort()
    const poll = new AbortController()
    this.#poll = poll
    this.#life.signal.addEventListener('abort', () => poll.abort(), { once: true, signal: poll.signal })
    void this.#again(() => this.#moved(from, poll.signal), poll.signal).then((v) => v && !poll.signal.aborted && this.#accept(v))
  }

  async #moved(from: Visit, signal: AbortSignal): Promise<Visit> {
    const v = await this.#server.moved(from.updated_at, signal)
    if (v.updated_at === from.updated_at) await this.#waiting.wait(300, signal) // a proxy that does not wait must not make us spin
    return v
  }

  /** At the moment the session expires, the server is asked; the page itself decides nothing. */
  #watchExpiry(v: Visit) {
    clearTimeout(this.#expiry)
    const left = Date.parse(v.expires_at) - Date.now()
    if (!isOver(v.state) && left > 0 && left < 2 ** 31 - 1) this.#expiry = setTimeout(() => void this.refresh(), left + 1000)
  }

  /** Repeats a request until it is answered; what is answered with "no" becomes trouble. */
  async #again(work: () => Promise<Visit>, signal: AbortSignal = this.#life.signal): Promise<Visit | undefined> {
    try {
      return await this.#persist(work, signal)
    } catch (error) {
      if (signal.aborted) return undefined
      if (!(error instanceof Problem)) throw error
      this.trouble = error.code
      return undefined
    }
  }

  #persist<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const heard = async () => {
      try {
        const result = await work()
        this.offline = false
        return result
      } catch (error) {
        if (!isAway(error)) this.offline = false
        throw error
      }
    }
    return persist(heard, {
      wait: (ms) => this.#waiting.wait(ms, signal),
      onFailure: (_, error) => {
        if (isAway(error)) this.offline = true
      },
    })
  }
}
