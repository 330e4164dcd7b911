/** The document shows somebody else: declined, and told so in plain words. On a phone. */
import { createSession, logIn, session } from './customer.mjs'
import { choosePassport, outcome, photograph } from './person.mjs'
import { accessible, expect, walk } from './walk.mjs'

await walk({ viewport: { width: 390, height: 844 }, hasTouch: true }, async ({ window, page, camera }) => {
  await logIn(window)
  const { id, url } = await createSession(window)

  await page.goto(url)
  await page.getByTestId('start').waitFor()
  await accessible(page, 'welcome')
  await page.getByTestId('start').click()
  await page.getByTestId('open-camera').waitFor()
  await accessible(page, 'before the selfie')
  await photograph(page, (screen) => accessible(page, `selfie ${screen}`))

  await camera.show('stranger')
  await choosePassport(page)
  await accessible(page, 'before the document')
  await photograph(page, (screen) => accessible(page, `document ${screen}`))

  const end = await outcome(page)
  expect(end === 'declined', `the page ends with ${end}`)
  await accessible(page, 'declined')
  const words = await page.getByTestId('outcome').innerText()
  expect(/face/i.test(words) && !/_|undefined|capture\./.test(words), `no plain words: ${words}`)

  const s = await session(window, id)
  expect(s.decision === 'declined' && s.reasons.join() === 'faces_differ', `the session: ${s.decision} ${s.reasons}`)
})
