/**
 * A live passage: frames over a WebSocket, each answered with one piece of
 * advice. The next frame leaves only after the answer to the last one, so a
 * slow phone or network slows it down and breaks nothing. Every frame carries a
 * SHA-256 over itself and all before it, seeded with the server's nonce.
 */

export type Advice = {
  /** what to tell the person: texts under coach.<say> */
  say: string
  /** what is asked now */
  action?: string
  /** actions done, and in all */
  step: number
  steps: number
  /** how much of what is asked is reached, 0 to 1 */
  hold?: number
  /** what to fill the screen with, "#rrggbb" */
  colour?: string
  done?: boolean
}

export type Welcome = { nonce: string; width: number; quality: number; steps: number }

/** How a passage ended before it was done. */
export class LiveFailure extends Error {
  constructor(
    /** the server's code, or "connection" */
    readonly code: string,
    readonly retryAfter?: number,
  ) {
    super(`live passage: ${code}`)
    this.name = 'LiveFailure'
  }
}

type Message = { welcome?: Welcome; number?: number; advice?: Advice; rate?: number; problem?: { code?: string; retry_after?: number } }

/** A JPEG of this moment, its longer side in px and its quality (0 to 100) as wished. */
export type Shoot = (side: number, quality: number) => Promise<Blob>

export type Options = {
  /** `camera` is its label, `calm`: nothing may flash, `capture`: hints for a photo of it are wanted */
  hello: { token: string; step: number; attempt: number; camera: string; calm: boolean; capture?: string }
  shoot: Shoot
  advise: (advice: Advice) => void
  signal: AbortSignal
  /** for tests; the page's own server otherwise */
  open?: () => Pick<WebSocket, 'send' | 'close' | 'addEventListener' | 'binaryType'>
}

/** Without an answer for this long (ms), the connection counts as lost. */
const patience = 15_000

/** Runs one passage; resolves when the server says that it is done. */
export async function pass({ hello, shoot, advise, signal, open = connect }: Options): Promise<void> {
  const socket = open()
  socket.binaryType = 'arraybuffer'
  const inbox = new Inbox(socket, signal)
  try {
    await inbox.opened
    socket.send(JSON.stringify(hello))
    const first = await inbox.next()
    if (!first.welcome) throw new LiveFailure('connection')
    const { nonce, width, quality } = first.welcome
    let rate = first.rate ?? 8
    let chain = await sha256(new TextEncoder().encode(nonce))
    for (let number = 1; ; number++) {
      const began = performance.now()
      const jpeg = new Uint8Array(await (await shoot(width, quality)).arrayBuffer())
      chain = await sha256(concat(chain, jpeg))
      socket.send(frame(number, chain, jpeg))
      const answer = await inbox.next()
      if (answer.number !== number || !answer.advice) throw new LiveFailure('connection')
      rate = answer.rate ?? rate
      advise(answer.advice)
      if (answer.advice.done) return
      await rest(1000 / rate - (performance.now() - began), signal)
    }
  } finally {
    socket.close()
  }
}

function connect(): WebSocket {
  const at = new URL('/capture/live', location.href)
  at.protocol = at.protocol.replace('http', 'ws')
  return new WebSocket(at)
}

/** 4 bytes of the number (big endian), 32 of the chain, the JPEG. */
export function frame(number: number, chain: Uint8Array, jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(36 + jpeg.length)
  new DataView(message.buffer).setUint32(0, number)
  message.set(chain, 4)
  message.set(jpeg, 36)
  return message
}

export async function sha256(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data))
}

export function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) return resolve()
    const clock = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(clock), resolve()), { once: true })
  })
}

/** The server's messages, one after the other. */
class Inbox {
  readonly opened: Promise<void>
  #messages: Message[] = []
  #failure: unknown
  #wake: (() => void) | undefined

  constructor(socket: Pick<WebSocket, 'addEventListener'>, signal: AbortSignal) {
    const fail = (error: unknown) => {
      this.#failure ??= error
      this.#wake?.()
    }
    this.opened = new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve())
      socket.addEventListener('close', () => reject(new LiveFailure('connection')))
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    this.opened.catch(fail)
    socket.addEventListener('close', () => fail(new LiveFailure('connection')))
    signal.addEventListener('abort', () => fail(signal.reason), { once: true })
    socket.addEventListener('message', (event) => {
      try {
        this.#messages.push(JSON.parse(String((event as MessageEvent).data)) as Message)
      } catch {
        fail(new LiveFailure('connection'))
      }
      this.#wake?.()
    })
  }

  async next(): Promise<Message> {
    const clock = setTimeout(() => {
      this.#failure ??= new LiveFailure('connection')
      this.#wake?.()
    }, patience)
    try {
      for (;;) {
        const message = this.#messages.shift()
        if (message?.problem) throw new LiveFailure(message.problem.code ?? 'connection', message.problem.retry_after)
        if (message) return message
        if (this.#failure) throw this.#failure
        await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      clearTimeout(clock)
    }
  }
}
