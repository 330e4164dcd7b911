import { describe, expect, it } from 'vitest'
import { Problem, Unreachable } from '$shared/request'
import { passes, pause, persist } from './persist'

const problem = (status: number, retryAfter?: number) => new Problem(status, { code: 'x' }, retryAfter)

/** Work that fails in the given ways and then succeeds. */
function failing(...errors: unknown[]) {
  return async () => {
    if (errors.length > 0) throw errors.shift()
    return 'done'
  }
}

describe('persist', () => {
  it('repeats what passes and waits in between', async () => {
    const waits: number[] = []
    const told: number[] = []
    const result = await persist(failing(new Unreachable(), problem(503), new Unreachable()), {
      wait: async (ms) => void waits.push(ms),
      chance: () => 0.5,
      onFailure: (n) => told.push(n),
    })
    expect(result).toBe('done')
    expect(waits).toEqual([800, 1600, 3200])
    expect(told).toEqual([1, 2, 3])
  })
  it.each([409, 410, 413, 422, 404])('takes a %i at its word', async (status) => {
    await expect(persist(failing(problem(status)), { wait: async () => {} })).rejects.toMatchObject({ status })
  })
  it.each([
    ['a lost connection', new Unreachable()],
    ['a server that is starting', problem(503)],
  ])('never gives up because of %s', async (_, error) => {
    const lost = Array.from({ length: 200 }, () => error)
    await expect(persist(failing(...lost), { wait: async () => {} })).resolves.toBe('done')
  })
  it('gives a failing server up in the end', async () => {
    const broken = Array.from({ length: 20 }, () => problem(500))
    let tries = 0
    const work = failing(...broken)
    await expect(persist(() => (tries++, work()), { wait: async () => {}, faults: 4 })).rejects.toMatchObject({ status: 500 })
    expect(tries).toBe(4)
  })
  it('ends when the wait is given up', async () => {
    const over = new Error('left')
    await expect(persist(failing(new Unreachable()), { wait: () => Promise.reject(over) })).rejects.toBe(over)
  })
})

it('knows what passes', () => {
  const cases: [unknown, boolean][] = [
    [new Unreachable(), true],
    [problem(500), true],
    [problem(503), true],
    [problem(429), true],
    [problem(409), false],
    [problem(422), false],
    [new TypeError('a bug'), false],
  ]
  for (const [error, want] of cases) expect(passes(error), String(error)).toBe(want)
})

describe('pause', () => {
  it('grows to a limit and spreads', () => {
    expect(pause(1, new Unreachable(), 0)).toBe(600)
    expect(pause(1, new Unreachable(), 1)).toBe(1000)
    expect(pause(30, new Unreachable(), 0.5)).toBe(15_000)
  })
  it('waits as long as the server wishes, within reason', () => {
    expect(pause(1, problem(429, 7), 0.5)).toBe(7000)
    expect(pause(1, problem(429, 86_400), 0.5)).toBe(60_000)
  })
})
