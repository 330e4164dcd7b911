/** Live passages on a phone: of a person who does what is asked, of one who holds still, and of one who turns the wrong way; and watched in the cabinet. */
import { act, said, times } from './actor.mjs'
import { createFlow, createSession, logIn, session } from './customer.mjs'
import { outcome } from './person.mjs'
import { accessible, expect, fits, stage, walk } from './walk.mjs'

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true }

/** Longest times, in seconds; an idle machine needs half of them. */
const longest = { passage: 16, verdict: 5 }

await walk(phone, async ({ window, open }) => {
  await logIn(window)
  const person = { window, open }
  for (const technology of ['liveness_detection', 'liveness_head_position', 'liveness_distance']) await passed(person, technology)
  await recorded(person)
  await flashing(person)
  await interrupted(person)
  await still(person)
  await wrong(person)
})

/** Makes a Flow of one live step, and opens a session of it in a window with a person before the camera. */
async function arrive({ window, open }, technology, { settings = {}, attempts = 1, locale = 'en', ...person } = {}) {
  const flow = await createFlow(window, technology, [{ technology, settings, attempts }])
  const { id, url } = await createSession(window, { flow_id: flow.id, locale })
  const own = await open()
  await act(own, person)
  const page = await own.newPage()
  await page.goto(url)
  await page.getByTestId('start').click()
  await page.getByTestId('open-camera').waitFor()
  return { id, page, read: () => session(window, id) }
}

/** Does what is asked, and is approved. */
async function passed(person, technology) {
  const { page, read } = await arrive(person, technology, { label: 'OBS Virtual Camera' })
  await page.getByTestId('open-camera').click()
  await approved(page, read)
  const t = await times(page)
  const [all, actions, verdict] = [t.done - t.began, t.done - t.asked, t.verdict - t.done].map((ms) => ms / 1000)
  const s = await read()
  const report = s.result.liveness_result
  console.log(`${technology}, ${report.actions.map((a) => a.action).join(', ')}: ${all.toFixed(1)} s in all, ${actions.toFixed(1)} s of them for the actions; verdict ${verdict.toFixed(1)} s after`)
  expect(all < longest.passage && verdict < longest.verdict, 'that took too long')
  for (const [name, value] of Object.entries({ result: true, eye_closed: false, face_center: true, face_direction: 'forward', failure_reason: null })) {
    expect(report[name] === value, `${technology}: ${name} is ${report[name]}`)
  }
  expect(/^[01]\.\d{4}$/.test(report.prediction), `${technology}: the prediction is ${report.prediction}`)
  const submitted = s.events.find((e) => e.type === 'step.submitted')
  expect(/^Chrome \d+$/.test(submitted.data.device.browser) && submitted.data.device.virtual_camera === 'OBS', `the device: ${JSON.stringify(submitted.data)}`)
}

/** A passage in a room that is dark at first, recorded and watched in the cabinet. */
async function recorded(person) {
  const { id, page, read } = await arrive(person, 'liveness_head_position', { settings: { recording: true, glasses: true }, dark: 3000 })
  await page.getByTestId('glasses').waitFor()
  await accessible(page, 'before a live passage')
  await page.getByTestId('open-camera').click()
  await approved(page, read)
  expect((await said(page)).includes('more_light'), `in the dark the page says ${await said(page)}`)

  const desk = await person.window.newPage()
  await desk.setViewportSize({ width: 1280, height: 1000 })
  await desk.goto(`${stage.url}/sessions/${id}`)
  await desk.getByTestId('device').waitFor()
  await desk.getByTestId('film-open').click()
  const frame = desk.getByTestId('film-frame')
  await frame.waitFor()
  const slider = desk.getByTestId('film-slider')
  const last = Number(await slider.getAttribute('max'))
  expect(last > 20, `the recording has ${last + 1} frames`)
  await slider.focus()
  await desk.keyboard.press('End')
  expect((await slider.inputValue()) === String(last), 'the keyboard does not move the film')
  await desk.getByTestId('film-moment').last().click()
  const caption = await desk.getByTestId('film-caption').innerText()
  expect(/asked: (Turn|Look)/.test(caption), `the caption is ${caption}`)
  await desk.waitForFunction((img) => img.complete && img.naturalWidth === 480, await frame.elementHandle())
  await accessible(desk, 'a passage, watched')
  await fits(desk, 'a passage, watched')
  await desk.keyboard.press('Tab')
  await desk.getByTestId('film-play').click()
  await desk.waitForFunction((from) => Number(document.querySelector('[data-testid=film-slider]').value) !== from, Number(await slider.inputValue()))
  await desk.close()

  const { evidence } = (await read()).steps[0]
  const film = await person.window.request.get(stage.url + evidence.find((e) => e.name === 'recording').url)
  expect(film.ok() && film.headers()['content-type'] === 'video/x-motion-jpeg' && (await film.body()).length > 100_000, 'the recording cannot be fetched')
}

/** The screen lights up in colours after a warning; and whoever wants no flash is asked more instead. */
async function flashing(person) {
  const settings = { flash: true }
  const bright = await arrive(person, 'liveness_head_position', { settings })
  await bright.page.getByTestId('flash').waitFor()
  await accessible(bright.page, 'before a flash')
  await fits(bright.page, 'before a flash')
  await bright.page.getByTestId('open-camera').click()
  await approved(bright.page, bright.read)
  const colours = (await said(bright.page)).filter((s) => s.startsWith('rgb'))
  expect(colours.length === 4, `the screen showed ${colours}`)

  const fed = await arrive(person, 'liveness_head_position', { settings, skin: false })
  await fed.page.getByTestId('open-camera').click()
  await ends(fed.page, fed.read, 'review')
  const { reasons } = await fed.read()
  expect(reasons.join() === 'flash_unseen', `a face on which no light falls: ${reasons}`)

  const calm = await arrive(person, 'liveness_head_position', { settings, locale: 'ru' })
  await calm.page.getByTestId('calm').click()
  await approved(calm.page, calm.read)
  expect(!(await said(calm.page)).some((s) => s.startsWith('rgb')), 'the calm way flashes')
  const asked = (await calm.read()).result.liveness_result.actions.length
  expect(asked === 4, `the calm way asks ${asked} actions`)
}

/** The connection breaks off in the middle: told so, begun anew, and approved. */
async function interrupted(person) {
  const { page, read } = await arrive(person, 'liveness_head_position', { locale: 'kk' })
  let connections = 0
  await page.routeWebSocket('**/capture/live', (here) => {
    const server = here.connectToServer()
    let left = ++connections === 1 ? 8 : Infinity
    here.onMessage((message) => {
      if (left-- > 0) return server.send(message)
      server.close()
      here.close()
    })
  })
  await page.getByTestId('open-camera').click()
  await page.getByTestId('try-again').waitFor()
  expect((await page.getByTestId('say').count()) === 0, 'what was asked is still to be read')
  await accessible(page, 'a live passage, broken off')
  await fits(page, 'a live passage, broken off')
  await page.getByTestId('try-again').click()
  await approved(page, read)
  expect(connections === 2 && (await read()).steps[0].checks.length === 1, `${connections} connections`)
}

/** Who holds still is told that it took too long, may try again, and is declined at last. */
async function still(person) {
  const nothing = Object.fromEntries(['turn_left', 'turn_right', 'look_up', 'look_down'].map((action) => [action, 'rest']))
  const { page, read } = await arrive(person, 'liveness_head_position', { attempts: 2, as: nothing })
  await page.getByTestId('open-camera').click()
  await page.locator('[data-action]').waitFor()
  await accessible(page, 'a live passage')
  const again = page.getByTestId('again')
  await again.waitFor()
  expect(/in time/.test(await again.innerText()), `no plain words: ${await again.innerText()}`)
  await accessible(page, 'a live passage, again')
  await page.getByTestId('open-camera').click()
  await declined(page, read, 'passage_timeout')
}

async function wrong(person) {
  const opposite = { turn_left: 'turn_right', turn_right: 'turn_left', look_up: 'look_down', look_down: 'look_up' }
  const { page, read } = await arrive(person, 'liveness_head_position', { as: opposite })
  await page.getByTestId('open-camera').click()
  await declined(page, read, 'pose_wrong')
}

async function approved(page, read) {
  await ends(page, read, 'approved')
}

async function declined(page, read, reason) {
  await ends(page, read, 'declined')
  const words = await page.getByTestId('outcome').innerText()
  expect(!/_|undefined|capture\.|reason\./.test(words), `no plain words: ${words}`)
  await accessible(page, `declined, ${reason}`)
  const { decision, reasons } = await read()
  expect(decision === 'declined' && reasons.includes(reason), `the session: ${decision} ${reasons}`)
}

async function ends(page, read, wanted) {
  const end = await outcome(page)
  if (end === wanted) return
  const { checks } = (await read()).steps[0]
  const why = checks.map(({ verdict, reasons, scores, report }) => ({ verdict, reasons, bad: scores.filter((s) => !s.ok), actions: report?.actions }))
  expect(false, `the page ends with ${end}: ${JSON.stringify(why)}`)
}
