import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { LiveFailure, pass, type Advice } from './live'

/** A server that checks what it gets and answers from a script. */
class Peer extends EventTarget {
  binaryType: BinaryType = 'blob'
  sent: (string | Uint8Array)[] = []
  closed = false
  constructor(readonly script: (number: number, peer: Peer) => unknown) {
    super()
    queueMicrotask(() => this.dispatchEvent(new Event('open')))
  }
  send(data: string | ArrayBufferLike | Blob | ArrayBufferView) {
    this.sent.push(data as string | Uint8Array)
    const number = typeof data === 'string' ? 0 : new DataView((data as Uint8Array).buffer).getUint32(0)
    const answer = this.script(number, this)
    if (answer !== undefined) this.say(answer)
  }
  say(message: unknown) {
    queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) })))
  }
  close() {
    this.closed = true
  }
}

const welcome = { welcome: { nonce: 'abc', width: 480, quality: 80, steps: 1 }, rate: 1000 }
const hello = { token: 't', step: 1, attempt: 2, camera: 'Webcam', calm: false }
const shoot = () => Promise.resolve(new Blob([new Uint8Array([1, 2, 3])]))
const run = (peer: Peer, signal = new AbortController().signal) => {
  const seen: Advice[] = []
  const over = pass({ hello, shoot, advise: (a) => seen.push(a), signal, open: () => peer as unknown as WebSocket })
  return { seen, over }
}

it('sends frames one by one, chained over all before them, until it is done', async () => {
  const peer = new Peer((n) => (n === 0 ? welcome : { number: n, advice: { say: 'hold_still', step: 0, steps: 1, done: n === 3 } }))
  const { seen, over } = run(peer)
  await over
  expect(JSON.parse(peer.sent[0] as string)).toEqual(hello)
  let chain = createHash('sha256').update('abc').digest()
  for (let n = 1; n <= 3; n++) {
    const message = Buffer.from(peer.sent[n] as Uint8Array)
    chain = createHash('sha256').update(chain).update(message.subarray(36)).digest()
    expect(message.readUInt32BE(0)).toBe(n)
    expect(message.subarray(4, 36).equals(chain)).toBe(true)
  }
  expect(seen).toHaveLength(3)
  expect(peer.closed).toBe(true)
})

it.each([
  ['a refusal', { problem: { code: 'busy', retry_after: 15 } }, 'busy'],
  ['another number', { number: 7, advice: { say: 'x', step: 0, steps: 1 } }, 'connection'],
])('ends on %s', async (_, answer, code) => {
  const peer = new Peer((n) => (n === 0 ? welcome : answer))
  await expect(run(peer).over).rejects.toMatchObject({ code })
})

it('ends when the connection does', async () => {
  const peer = new Peer((n, p) => {
    if (n === 0) return welcome
    p.dispatchEvent(new Event('close'))
    return undefined
  })
  await expect(run(peer).over).rejects.toBeInstanceOf(LiveFailure)
})

it('ends when the page is left', async () => {
  const stop = new AbortController()
  const peer = new Peer((n) => {
    if (n === 0) return welcome
    stop.abort(new Error('left'))
    return undefined
  })
  await expect(run(peer, stop.signal).over).rejects.toThrow('left')
})
