/** Requests to our own server, and the two ways they fail. */

/** The server's "no": an RFC 9457 problem with a stable code. */
export class Problem extends Error {
  readonly code: string
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
    /** seconds until another try makes sense, when the server says so */
    readonly retryAfter?: number,
  ) {
    super(body.detail ?? body.title ?? `HTTP ${status}`)
    this.name = 'Problem'
    this.code = body.code ?? (status >= 500 ? 'internal' : 'unknown')
  }
}

export type ProblemBody = {
  type?: string
  title?: string
  status?: number
  detail?: string
  code?: string
  field?: string
  errors?: { message: string; location: string }[]
  request_id?: string
}

/** Nothing came back: no network, a broken connection, a time-out. */
export class Unreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('the server cannot be reached', options)
    this.name = 'Unreachable'
  }
}

export type Call = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** sent as JSON */
  json?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  /** milliseconds; 30 s unless told */
  timeout?: number
}

/**
 * Calls the server and gives back the JSON body, undefined for an empty answer.
 * Throws Problem, Unreachable, or the signal's reason when the caller aborts.
 */
export async function request<T>(path: string, { method, json, headers = {}, signal, timeout = 30_000 }: Call = {}): Promise<T> {
  const stop = new AbortController()
  const clock = setTimeout(() => stop.abort(), timeout)
  const leave = () => stop.abort()
  signal?.addEventListener('abort', leave, { once: true })
  if (signal?.aborted) leave()
  const init: RequestInit = {
    method: method ?? (json === undefined ? 'GET' : 'POST'),
    headers: { Accept: 'application/json', ...(json === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    cache: 'no-store',
    credentials: 'same-origin',
    signal: stop.signal,
  }
  if (json !== undefined) init.body = JSON.stringify(json)
  try {
    const response = await fetch(path, init)
    const text = await response.text()
    if (!response.ok) throw problem(response.status, text, response.headers.get('Retry-After'))
    return (text ? JSON.parse(text) : undefined) as T
  } catch (error) {
    if (error instanceof Problem) throw error
    if (signal?.aborted) throw signal.reason
    throw new Unreachable({ cause: error })
  } finally {
    clearTimeout(clock)
    signal?.removeEventListener('abort', leave)
  }
}

/** A Problem from an answer, whoever wrote it: a proxy's HTML page becomes a problem without a body. */
export function problem(status: number, text: string, retryAfter: string | null): Problem {
  const seconds = retryAfter === null ? NaN : Number(retryAfter)
  return new Problem(status, problemBody(text), Number.isFinite(seconds) ? seconds : undefined)
}

function problemBody(text: string): ProblemBody {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? (body as ProblemBody) : {}
  } catch {
    return {}
  }
}
