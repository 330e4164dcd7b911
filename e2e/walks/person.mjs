/** What the person being verified does. `page` is the hosted page or the frame it stands in. */
import { join } from 'node:path'
import { stage } from './walk.mjs'

/** Looks at a screen when it is the page's own. */
const nothing = async () => {}

/**
 * Photographs what the camera sees: opens it, presses the shutter, and takes the
 * photo. A document that lies still may have been photographed before that.
 */
export async function photograph(page, look = nothing) {
  await page.getByTestId('open-camera').click()
  await page.locator('[data-screen=camera][data-phase=live]').waitFor()
  await look('camera')
  await page.getByTestId('shutter').click({ timeout: 2000 }).catch(() => {})
  await page.locator('[data-screen=preview]').waitFor()
  await look('preview')
  await page.getByTestId('use').click()
}

/** Gives a file instead. */
export async function upload(page, picture) {
  await page.getByTestId('upload').first().setInputFiles(join(stage.films, `${picture}.jpg`))
  await page.getByTestId('use').click()
}

/** Waits until the page asks for a document, and says that it is a passport. */
export async function choosePassport(page) {
  // The radio button itself is out of sight; people press its label.
  await page.locator('label', { has: page.getByTestId('paper-passport') }).click()
}

/** Waits for the end: approved, declined, review, expired, cancelled. */
export async function outcome(page) {
  const end = page.getByTestId('outcome')
  await end.waitFor()
  return end.getAttribute('data-outcome')
}

