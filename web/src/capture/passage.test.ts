import { beforeEach, describe, expect, it } from 'vitest'
import { Problem, Unreachable } from '$shared/request'
import { Passage } from './passage.svelte'
import type { Picture } from './picture'
import { aDocumentVisit, aVisit } from './testing'
import type { Visit } from './visit'

/** A server that plays one session by the rules, and fails when told to. */
class Played {
  token = 't'
  visit_: Visit
  calls: string[] = []
  /** errors for the next calls of a name, in order */
  failures: Record<string, unknown[]> = {}
  /** calls of these names wait until `let` */
  #held: Record<string, (() => void)[]> = {}
  hold = new Set<string>()

  constructor(visit: Visit) {
    this.visit_ = visit
  }

  async visit() {
    await this.#call('visit')
    return this.visit_
  }
  async moved() {
    await this.#call('moved')
    return this.visit_
  }
  async give(name: string, step: number, attempt: number, _: Blob, progress: (share: number) => void) {
    progress(0.5)
    await this.#call(`give ${name}`)
    if (this.visit_.state !== 'waiting' || step !== this.visit_.step || attempt !== this.visit_.attempt) throw problem(409, 'attempt_over')
    this.visit_ = { ...this.visit_, given: [...this.visit_.given, name] }
  }
  async submit(step: number, attempt: number) {
    await this.#call('submit')
    if (step !== this.visit_.step || attempt !== this.visit_.attempt) throw problem(409, 'attempt_over')
    const missing = this.visit_.task.captures.some((c) => !c.optional && !this.visit_.given.includes(c.name))
    if (missing) throw problem(409, 'capture_missing')
    this.visit_ = { ...this.visit_, state: 'checking', updated_at: 'later' }
    return this.visit_
  }
  async cancel() {
    await this.#call('cancel')
    this.visit_ = { ...this.visit_, state: 'cancelled' }
    return this.visit_
  }

  let(name: string) {
    this.hold.delete(name)
    for (const go of this.#held[name] ?? []) go()
  }

  async #call(name: string) {
    this.calls.push(name)
    if (this.hold.has(name)) await new Promise<void>((go) => (this.#held[name] ??= []).push(go))
    const error = this.failures[name]?.shift()
    if (error) throw error
  }
}

const problem = (status: number, code: string) => new Problem(status, { code })
const photo = (): Picture => ({ blob: new Blob(['x'], { type: 'image/jpeg' }), url: 'blob:x', size: { width: 1, height: 1 }, mirrored: false })
const settled = () => new Promise((done) => setTimeout(done, 0))

async function started(visit: Visit) {
  const server = new Played(visit)
  server.hold.add('moved')
  const passage = new Passage(server, { wait: async () => {}, hurry: () => {} })
  await passage.refresh()
  return { server, passage }
}

function where(p: Passage): string {
  return 'capture' in p.screen ? `${p.screen.name} ${p.screen.capture.name}` : 'state' in p.screen ? `${p.screen.name} ${p.screen.state}` : p.screen.name
}

async function shoot(p: Passage) {
  p.take(photo())
  p.use()
  await settled()
}

describe('a passage', () => {
  let server: Played
  let passage: Passage
  beforeEach(async () => {
    ;({ server, passage } = await started(aVisit({})))
  })

  it('goes from the welcome to the check', async () => {
    expect(where(passage)).toBe('welcome')
    passage.begin()
    expect(where(passage)).toBe('intro selfie')
    passage.openCamera('selfie')
    expect(where(passage)).toBe('camera selfie')
    passage.take(photo())
    expect(where(passage)).toBe('preview selfie')
    passage.retake()
    expect(where(passage)).toBe('camera selfie')
    await shoot(passage)
    expect(where(passage)).toBe('checking')
    expect(server.calls).toEqual(['visit', 'give selfie', 'submit', 'moved'])
  })

  it('follows the check to its end', async () => {
    passage.begin()
    await shoot(passage)
    server.visit_ = aVisit({ state: 'declined', reasons: ['face_not_live'] })
    server.let('moved')
    await settled()
    expect(where(passage)).toBe('outcome declined')
  })

  it('takes one press of "use" for one', async () => {
    passage.begin()
    passage.take(photo())
    passage.use()
    passage.use()
    await settled()
    expect(server.calls.filter((c) => c === 'give selfie')).toHaveLength(1)
    expect(server.calls.filter((c) => c === 'submit')).toHaveLength(1)
  })

  it('loses nothing when the connection breaks', async () => {
    server.failures = { 'give selfie': [new Unreachable(), new Unreachable()], submit: [new Unreachable()] }
    passage.begin()
    await shoot(passage)
    await settled()
    expect(server.calls.filter((c) => c === 'give selfie')).toHaveLength(3)
    expect(where(passage)).toBe('checking')
    expect(passage.offline).toBe(false)
  })

  it('keeps the photo while the server is at fault', async () => {
    server.failures = { 'give selfie': Array.from({ length: 4 }, () => problem(500, 'internal')) }
    passage.begin()
    passage.openCamera('selfie')
    await shoot(passage)
    expect(passage.trouble).toBe('internal')
    passage.retry()
    await settled()
    await settled()
    expect(where(passage)).toBe('checking')
  })

  it('asks again for a photo that the server refuses, and says why', async () => {
    server.failures = { 'give selfie': [problem(422, 'picture_not_readable')] }
    passage.begin()
    passage.openCamera('selfie')
    await shoot(passage)
    expect(where(passage)).toBe('camera selfie')
    expect(passage.refusal).toEqual({ capture: 'selfie', code: 'picture_not_readable' })
    await shoot(passage)
    expect(passage.refusal).toBeUndefined()
    expect(where(passage)).toBe('checking')
  })

  it('follows another tab that was faster', async () => {
    passage.begin()
    passage.openCamera('selfie')
    server.visit_ = aDocumentVisit()
    await shoot(passage)
    await settled()
    expect(where(passage)).toBe('intro front')
    expect(passage.trouble).toBeUndefined()
  })

  it('asks for what the server says is missing', async () => {
    server.failures = { submit: [problem(409, 'capture_missing')] }
    passage.begin()
    server.hold.add('submit')
    await shoot(passage)
    server.visit_ = { ...server.visit_, given: [] }
    server.let('submit')
    await settled()
    expect(where(passage)).toBe('intro selfie')
  })

  it('does not submit for ever what is never taken', async () => {
    server.failures = { submit: Array.from({ length: 50 }, () => problem(409, 'capture_missing')) }
    passage.begin()
    await shoot(passage)
    for (let i = 0; i < 20; i++) await settled()
    expect(server.calls.filter((c) => c === 'submit').length).toBeLessThan(5)
    expect(passage.trouble).toBe('capture_missing')
  })

  it('drops a photo when the session was cancelled elsewhere', async () => {
    passage.begin()
    passage.take(photo())
    server.visit_ = aVisit({ state: 'cancelled' })
    await passage.refresh()
    expect(where(passage)).toBe('outcome cancelled')
    expect(passage.photo).toBeUndefined()
  })

  it('can be given up', async () => {
    await passage.cancel()
    expect(where(passage)).toBe('outcome cancelled')
  })

  it('begins the next attempt with why the last one failed', async () => {
    passage.begin()
    passage.openCamera('selfie')
    await shoot(passage)
    server.visit_ = aVisit({ attempt: 2, last: { technology: 'liveness_short', verdict: 'retry', reasons: ['face_blurred'] } })
    server.let('moved')
    await settled()
    expect(where(passage)).toBe('intro selfie')
    expect(passage.live).toBeUndefined()
  })
})

describe('a document', () => {
  it('is sent while its back is being photographed', async () => {
    const { server, passage } = await started(aDocumentVisit())
    server.hold.add('give front')
    passage.openCamera('document')
    await shoot(passage)
    expect(where(passage)).toBe('camera back')
    expect(passage.share).toBe(0.5)
    await shoot(passage)
    expect(where(passage)).toBe('sending')
    expect(server.calls).not.toContain('submit')
    server.let('give front')
    await settled()
    expect(where(passage)).toBe('checking')
    expect(server.visit_.given).toEqual(['back', 'front'])
  })

  it('may have no back', async () => {
    const { server, passage } = await started(aDocumentVisit({ given: ['front'] }))
    expect(where(passage)).toBe('intro back')
    passage.skip({ name: 'back', kind: 'document', optional: true })
    await settled()
    expect(where(passage)).toBe('checking')
    expect(server.visit_.given).toEqual(['front'])
  })

  it('is a passport: one page is all', async () => {
    const { passage } = await started(aDocumentVisit())
    passage.paper = 'passport'
    await shoot(passage)
    expect(where(passage)).toBe('checking')
  })
})

describe('a link', () => {
  it('that is unknown is said to be', async () => {
    const server = new Played(aVisit({}))
    server.failures = { visit: [problem(404, 'link_unknown')] }
    const passage = new Passage(server, { wait: async () => {}, hurry: () => {} })
    await passage.refresh()
    expect(passage.trouble).toBe('link_unknown')
  })

  it('works again after "try again"', async () => {
    const server = new Played(aVisit({}))
    server.failures = { visit: Array.from({ length: 6 }, () => problem(500, 'internal')) }
    const passage = new Passage(server, { wait: async () => {}, hurry: () => {} })
    await passage.refresh()
    expect(passage.trouble).toBe('internal')
    passage.retry()
    await settled()
    expect(passage.trouble).toBeUndefined()
    expect(where(passage)).toBe('welcome')
  })

  it('resumes where all was given before the reload', async () => {
    const { server, passage } = await started(aVisit({ given: ['selfie'] }))
    await settled()
    expect(server.calls).toContain('submit')
    expect(where(passage)).toBe('checking')
  })
})
