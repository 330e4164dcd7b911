/** The session's own calls. The link's token is the only credential; it travels in a header. */
import { problem, request, Unreachable } from '$shared/request'
import type { Visit } from './visit'

/** The token in the page's address, /s/{token}; tokens need no escaping. */
export function tokenOf(path: string): string {
  return /^\/s\/([^/]+)/.exec(path)?.[1] ?? ''
}

/** Seconds that the server holds a long poll, and the milliseconds until we doubt the connection. */
const held = 20
const patience = 35_000

/** An upload without any progress for this long (ms) is given up and begun anew. */
const silence = 25_000

export class Server {
  #headers: Record<string, string>

  constructor(readonly token: string) {
    this.#headers = { Authorization: `Bearer ${token}` }
  }

  visit(signal?: AbortSignal): Promise<Visit> {
    return request<Visit>('/capture/session', this.#call(signal))
  }

  /** Answers when the session has moved on from what was seen, or after a while. */
  moved(seen: string, signal?: AbortSignal): Promise<Visit> {
    return request<Visit>(`/capture/session?seen=${encodeURIComponent(seen)}&wait=${held}`, { ...this.#call(signal), timeout: patience })
  }

  submit(step: number, attempt: number, camera: string, signal?: AbortSignal): Promise<Visit> {
    return request<Visit>('/capture/submit', { ...this.#call(signal), json: { step, attempt, camera } })
  }

  cancel(): Promise<Visit> {
    return request<Visit>('/capture/cancel', { headers: this.#headers, method: 'POST' })
  }

  /** Gives one capture; given again, it replaces. `progress` gets the share that has left, 0 to 1. */
  give(name: string, step: number, attempt: number, photo: Blob, progress: (share: number) => void, signal: AbortSignal): Promise<void> {
    const address = `/capture/evidence/${encodeURIComponent(name)}?step=${step}&attempt=${attempt}`
    return upload(address, photo, this.#headers, progress, signal)
  }

  #call(signal: AbortSignal | undefined) {
    return signal ? { headers: this.#headers, signal } : { headers: this.#headers }
  }
}

/** A PUT that tells its progress, which fetch cannot. */
function upload(address: string, body: Blob, headers: Record<string, string>, progress: (share: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const call = new XMLHttpRequest()
    let clock = setTimeout(stop, silence)
    const leave = () => call.abort()
    signal.addEventListener('abort', leave, { once: true })

    function stop() {
      call.abort()
    }
    function alive() {
      clearTimeout(clock)
      clock = setTimeout(stop, silence)
    }
    function end(settle: () => void) {
      clearTimeout(clock)
      signal.removeEventListener('abort', leave)
      settle()
    }

    call.upload.onprogress = (event) => {
      alive()
      if (event.lengthComputable && event.total > 0) progress(event.loaded / event.total)
    }
    call.onload = () =>
      end(() => (call.status >= 200 && call.status < 300 ? resolve() : reject(problem(call.status, call.responseText, call.getResponseHeader('Retry-After')))))
    call.onerror = () => end(() => reject(new Unreachable()))
    call.onabort = () => end(() => reject(signal.aborted ? signal.reason : new Unreachable()))

    call.open('PUT', address)
    for (const [name, value] of Object.entries(headers)) call.setRequestHeader(name, value)
    call.setRequestHeader('Content-Type', body.type)
    call.send(body)
  })
}
