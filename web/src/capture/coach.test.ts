import { expect, it } from 'vitest'
import { Coach } from './coach'

const advice = (say: string, hold = 0) => ({ say, hold, step: 0, steps: 0 })

it('counts down and shoots when the server has seen it still for long enough', () => {
  const coach = new Coach(false)
  expect(coach.see(advice('hold_still', 0.5), true, 0)).toEqual({ say: 'hold_still', good: true, hold: 0.5, now: false })
  expect(coach.see(advice('document_now', 1), true, 400)).toMatchObject({ hold: 1, now: true })
})

it('does not shoot what the page itself finds blurred or moving', () => {
  const coach = new Coach(false)
  expect(coach.see(advice('document_now', 1), false, 0)).toMatchObject({ good: true, hold: 0, now: false })
})

it('waits for the other side until the first one is gone', () => {
  const coach = new Coach(true)
  expect(coach.see(advice('document_now', 1), true, 0).now).toBe(false)
  coach.see(advice('document_show'), true, 500)
  expect(coach.see(advice('document_now', 1), true, 1500).now).toBe(true)
})

it('takes what lies there for the other side in the end', () => {
  const coach = new Coach(true)
  expect(coach.see(advice('document_now', 1), true, 0).now).toBe(false)
  expect(coach.see(advice('document_now', 1), true, 4000).now).toBe(true)
})

it('keeps what it says long enough to be read', () => {
  const coach = new Coach(false)
  coach.see(advice('document_tilt'), true, 0)
  expect(coach.see(advice('document_tilt'), true, 300).say).toBe('document_tilt')
  expect(coach.see(advice('document_nearer'), true, 400).say).toBe('document_tilt')
  coach.see(advice('document_nearer'), true, 1000)
  expect(coach.see(advice('document_nearer'), true, 1300).say).toBe('document_nearer')
})
