/** What goes wrong on the way: no camera, a page left and opened again, another language, a link that is none. */
import { createSession, logIn, session } from './customer.mjs'
import { choosePassport, outcome, upload } from './person.mjs'
import { accessible, expect, stage, walk } from './walk.mjs'

const phone = { viewport: { width: 360, height: 780 }, hasTouch: true }

await walk({ ...phone, camera: 'refused', expected: [/status of 404/] }, async ({ window, page, open }) => {
  await logIn(window)
  const { id, url } = await createSession(window)

  // Another language, kept when the page is opened again.
  await page.goto(url)
  const title = page.getByRole('heading', { level: 1 })
  await title.waitFor()
  const said = { en: await title.innerText() }
  for (const [locale, letters] of [['ru', /[ыэё]|[а-я]/i], ['kk', /[әғқңөұүһі]/i]]) {
    await page.getByTestId('language').selectOption(locale)
    await page.locator(`html[lang=${locale}]`).waitFor()
    said[locale] = await page.locator('main').innerText()
    expect(letters.test(said[locale]), `in ${locale} the page says: ${said[locale]}`)
    await accessible(page, `welcome, ${locale}`)
  }
  await page.reload()
  await page.locator('html[lang=kk]').waitFor()
  await page.getByTestId('language').selectOption('en')
  await page.locator('html[lang=en]').waitFor()

  // The camera is refused: why, what to do, and the way without it.
  await page.getByTestId('start').click()
  await page.getByTestId('open-camera').click()
  const trouble = page.getByTestId('camera-trouble')
  await trouble.waitFor()
  expect((await trouble.getAttribute('data-failure')) === 'denied', `the camera's failure is ${await trouble.getAttribute('data-failure')}`)
  const advice = await trouble.innerText()
  expect(/camera/i.test(advice) && /allow/i.test(advice), `no advice: ${advice}`)
  await accessible(page, 'camera refused')
  await trouble.getByTestId('try-again').click()
  await trouble.waitFor()
  await upload(page, 'selfie')
  await page.getByTestId('paper-passport').waitFor({ state: 'attached' })

  // The page is opened again in the middle: on with the document, not from the beginning.
  await page.reload()
  await page.getByTestId('paper-passport').waitFor({ state: 'attached' })
  expect((await page.getByTestId('start').count()) === 0, 'after a reload the page begins anew')
  await choosePassport(page)
  await upload(page, 'passport')
  expect((await outcome(page)) === 'approved', `the page ends with ${await outcome(page)}`)
  await accessible(page, 'approved')
  expect((await session(window, id)).decision === 'approved', 'the session is not approved')

  // At the end, too.
  await page.reload()
  expect((await outcome(page)) === 'approved', 'after a reload the outcome is another')
  expect((await page.getByTestId('stop').count()) === 0, 'what is over can be stopped')

  // A session that wishes a language, opened by somebody else, who gives up.
  const other = await createSession(window, { locale: 'ru' })
  const elsewhere = await (await open()).newPage()
  await elsewhere.goto(other.url)
  await elsewhere.locator('html[lang=ru]').waitFor()
  await elsewhere.getByTestId('stop').click()
  await accessible(elsewhere, 'to stop, asked')
  await elsewhere.getByTestId('stop-yes').click()
  expect((await outcome(elsewhere)) === 'cancelled', 'stopping does not cancel')
  await accessible(elsewhere, 'cancelled')

  // A link that is none.
  await page.goto(`${stage.url}/s/${'x'.repeat(43)}`)
  const lost = page.getByTestId('trouble')
  await lost.waitFor()
  expect((await lost.getAttribute('data-code')) === 'link_unknown', `the trouble is ${await lost.getAttribute('data-code')}`)
  await accessible(page, 'a link that is none')
})
