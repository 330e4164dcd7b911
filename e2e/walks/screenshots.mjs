/** The pictures of the documentation. Whoever stands before the camera is blurred: their pictures are not ours to publish. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createFlow, createSession, logIn } from './customer.mjs'
import { choosePassport, outcome, photograph } from './person.mjs'
import { expect, stage, walk } from './walk.mjs'

/** What a phone's browser leaves to a page. */
const phone = { width: 390, height: 664 }

await mkdir(stage.out, { recursive: true })
await walk({ timezoneId: 'UTC', deviceScaleFactor: 2 }, async ({ window, page, camera }) => {
  await logIn(window)
  await createFlow(window, 'Age check', ['liveness_short', 'document_recognition'])
  await createFlow(window, 'Account opening', ['liveness_short', 'document_recognition', 'face2face'])

  await page.setViewportSize({ width: 1280, height: 720 })
  await page.goto(`${stage.url}/flows/new`)
  await page.getByTestId('flow-name').fill('Account opening')
  for (const technology of ['liveness_short', 'document_recognition', 'face2face']) await page.getByTestId(`add-${technology}`).click()
  await page.getByTestId('step-3').waitFor()
  await shoot(page, 'flow-creation')

  await page.setViewportSize({ width: 1280, height: 520 })
  await page.goto(`${stage.url}/flows`)
  await page.getByTestId('flow-row').nth(2).waitFor()
  await shoot(page, 'flow-list')

  const { id, url } = await createSession(window, { reference_id: 'customer-4711' })
  await page.setViewportSize(phone)
  await page.goto(url)
  await page.getByTestId('start').click()
  await photograph(page, (screen) => screen === 'camera' && shoot(page, 'capture'))
  await camera.show('passport')
  await choosePassport(page)
  await photograph(page, (screen) => screen === 'camera' && shoot(page, 'capture-document'))
  expect((await outcome(page)) === 'approved', 'the session is not approved')

  await page.setViewportSize({ width: 1280, height: 1000 })
  await page.goto(`${stage.url}/sessions/${id}`)
  await page.getByTestId('decision').waitFor()
  await page.waitForLoadState('networkidle') // the evidence
  await shoot(page, 'session')
})

/** Takes a picture of what is to be seen, without a focus ring where nobody looks for one. */
async function shoot(page, name) {
  await page.evaluate(() => document.activeElement?.blur())
  await page.mouse.move(0, 0)
  await page.evaluate(() => document.fonts.ready)
  await page.evaluate(() => document.querySelectorAll('video, img').forEach((picture) => (picture.style.filter = `blur(${picture.clientWidth / 22}px)`)))
  await page.screenshot({ path: join(stage.out, `${name}.png`), animations: 'disabled' })
}
