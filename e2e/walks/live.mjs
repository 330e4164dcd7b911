/** Live passages on a phone: of a person who does what is asked, of one who holds still, and of one who turns the wrong way. */
import { act, times } from './actor.mjs'
import { createFlow, createSession, logIn, session } from './customer.mjs'
import { outcome } from './person.mjs'
import { accessible, expect, fits, walk } from './walk.mjs'

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true }

await walk(phone, async ({ window, open }) => {
  await logIn(window)
  const step = (technology, settings = {}, attempts = 1) => [{ technology, settings, attempts }]
  const flows = {
    LD: await createFlow(window, 'Movements', step('liveness_detection')),
    LDHP: await createFlow(window, 'Head', step('liveness_head_position')),
    LDD: await createFlow(window, 'Distance', step('liveness_distance')),
    patient: await createFlow(window, 'Turns, twice', step('liveness_head_position', {}, 2)),
  }

  for (const code of ['LD', 'LDHP', 'LDD']) {
    const { id, page } = await begin(open, window, flows[code])
    expect((await outcome(page)) === 'approved', `${code} ends with ${await outcome(page)}: ${await why(window, id)}`)
    const { began, asked, done, verdict } = await times(page)
    const seconds = (from, to) => ((to - from) / 1000).toFixed(1)
    const s = await session(window, id)
    const report = s.result.liveness_result
    console.log(`${code}: ${report.actions.map((a) => a.action).join(', ')}: ${seconds(began, done)} s in all, ${seconds(asked, done)} s of them for the actions, verdict after ${seconds(done, verdict)} s`)
    for (const [name, value] of Object.entries({ result: true, eye_closed: false, face_center: true, face_direction: 'forward', failure_reason: null })) {
      expect(report[name] === value, `${code}: ${name} is ${report[name]}`)
    }
    expect(/^[01]\.\d{4}$/.test(report.prediction), `${code}: prediction is ${report.prediction}`)
    await page.close()
  }

  // Who holds still is told that it took too long, may try again, and is declined at last.
  const still = await begin(open, window, flows.patient, { turn_left: 'rest', turn_right: 'rest', look_up: 'rest', look_down: 'rest' })
  const again = still.page.getByTestId('again')
  await again.waitFor()
  expect(/time|quick|slow|long/i.test(await again.innerText()), `no plain words: ${await again.innerText()}`)
  await accessible(still.page, 'live, again')
  await still.page.getByTestId('open-camera').click()
  await declined(still.page, window, still.id, 'passage_timeout')
  await accessible(still.page, 'live, declined')

  const wrong = await begin(open, window, flows.LDHP, { turn_left: 'turn_right', turn_right: 'turn_left', look_up: 'look_down', look_down: 'look_up' })
  await declined(wrong.page, window, wrong.id, 'pose_wrong')
})

/** Opens a session in a window with a person before the camera, and begins. */
async function begin(open, window, flow, as) {
  const { id, url } = await createSession(window, { flow_id: flow.id })
  const own = await open()
  await act(own, as)
  const page = await own.newPage()
  await page.goto(url)
  await page.getByTestId('start').click()
  await page.getByTestId('open-camera').click()
  await page.locator('[data-screen=live]').waitFor()
  return { id, page }
}

async function why(window, id) {
  const { steps } = await session(window, id)
  return JSON.stringify(steps[0].checks.map(({ verdict, reasons, scores, report }) => ({ verdict, reasons, bad: scores.filter((s) => !s.ok), actions: report?.actions })))
}

async function declined(page, window, id, reason) {
  expect((await outcome(page)) === 'declined', `the page ends with ${await outcome(page)}: ${await why(window, id)}`)
  const words = await page.getByTestId('outcome').innerText()
  expect(!/_|undefined|capture\.|reason\./.test(words), `no plain words: ${words}`)
  console.log(`declined: ${words.replaceAll('\n', ' / ')}`)
  const s = await session(window, id)
  expect(s.decision === 'declined' && s.reasons.includes(reason), `the session: ${s.decision} ${s.reasons}`)
}
