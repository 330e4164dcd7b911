/** The customer's first hour: log in, make a Flow, take its key, try it in the Demo until it is approved, look at the session, delete it. */
import { password } from './customer.mjs'
import { choosePassport, outcome, photograph } from './person.mjs'
import { accessible, expect, fits, stage, walk } from './walk.mjs'

const name = 'Account opening'

// A browser reports on its console what the server refuses: 401 before the login, 422 for a Flow that cannot work.
await walk({ expected: [/status of (401|422)/], permissions: ['clipboard-read', 'clipboard-write'] }, async ({ page, camera }) => {
  await logIn(page)
  await create(page)
  await takeKey(page)
  await demo(page, camera)
  await results(page)
  await remove(page)
  await logOut(page)
})

async function logIn(page) {
  await page.goto(stage.url)
  const login = page.getByTestId('login')
  await login.waitFor()
  await accessible(page, 'login')
  await page.getByTestId('email').fill(stage.email)
  await page.getByTestId('password').fill('not the password')
  await login.click()
  await page.getByRole('alert').waitFor()
  await accessible(page, 'login refused')
  await page.getByTestId('password').fill(stage.password)
  await page.keyboard.press('Enter')

  await page.getByTestId('save-password').waitFor()
  await accessible(page, 'new password')
  await page.getByTestId('current-password').fill(stage.password)
  await page.getByTestId('new-password').fill('short')
  await page.getByTestId('save-password').click()
  await page.locator('[data-testid=new-password][aria-invalid=true]').waitFor()
  await accessible(page, 'new password refused')
  await page.getByTestId('new-password').fill(password)
  await page.getByTestId('save-password').click()
  await page.getByTestId('flow-row').first().waitFor()
}

/** By click, by keyboard, and by drag; in an order that cannot work first. */
async function create(page) {
  await page.getByTestId('new-flow').click()
  await page.getByTestId('flow-name').waitFor()
  await accessible(page, 'empty builder')
  await page.getByTestId('create-flow').click()
  await page.locator('[data-testid=flow-name][aria-invalid=true]').waitFor()
  await page.getByTestId('flow-name').fill(name)

  await page.getByTestId('add-face2face').click()
  await page.getByTestId('step-problem').waitFor()
  const words = await page.getByTestId('step-problem').innerText()
  expect(/Face 2 Face/.test(words) && /Liveness/.test(words), `the impossible order is not explained: ${words}`)
  await accessible(page, 'builder, impossible order')
  const refusal = page.waitForResponse((r) => r.url().endsWith('/v1/flows') && r.request().method() === 'POST')
  await page.getByTestId('create-flow').click()
  expect((await refusal).status() === 422, 'an impossible Flow was made')

  await page.getByTestId('add-document_recognition').focus()
  await page.keyboard.press('Enter')
  await page.getByTestId('add-liveness_short').dragTo(page.getByTestId('step-1'), { targetPosition: { x: 200, y: 4 } })
  await inOrder(page, ['Liveness', 'Face 2 Face', 'Document'])
  await page.getByTestId('step-2').getByTestId('down').click()
  await inOrder(page, ['Liveness', 'Document', 'Face 2 Face'])
  await page.getByTestId('step-3').getByRole('button').first().press('ArrowUp')
  await inOrder(page, ['Liveness', 'Face 2 Face', 'Document'])
  await page.keyboard.press('ArrowDown')
  await inOrder(page, ['Liveness', 'Document', 'Face 2 Face'])
  await page.getByTestId('step-problem').waitFor({ state: 'detached' })

  await page.getByTestId('step-2').getByTestId('settings').click()
  await accessible(page, 'builder, settings')
  await fits(page, 'the builder')
  await page.getByTestId('create-flow').click()
  await row(page).waitFor()
  await accessible(page, 'Flow list')
  await fits(page, 'the Flow list')
}

async function inOrder(page, titles) {
  for (const [i, title] of titles.entries()) await page.getByTestId(`step-${i + 1}`).getByText(title).first().waitFor()
}

function row(page) {
  return page.getByTestId('flow-row').filter({ hasText: name })
}

/** The key is shown once. */
async function takeKey(page) {
  const masked = await row(page).getByTestId('key').innerText()
  await row(page).getByTestId('copy-key').click()
  await accessible(page, 'key, asked')
  await page.getByTestId('reveal').click()
  const secret = await page.getByTestId('secret').innerText()
  expect(/^idf_live_[\w-]{40,}$/.test(secret) && secret !== masked, `the key is ${secret}, masked ${masked}`)
  await accessible(page, 'key, shown')
  expect((await page.evaluate(() => navigator.clipboard.readText())) === secret, 'the key was not copied')
  await page.getByTestId('key-done').click()
  await page.reload()
  await row(page).waitFor()
  expect((await row(page).getByTestId('copy-key').count()) === 0, 'the key is shown a second time')

  const session = await page.context().request.post(`${stage.url}/v1/sessions`, { data: {}, headers: { Authorization: `Bearer ${secret}` } })
  expect(session.status() === 201, `a session with the key: ${session.status()} ${await session.text()}`)
}

/** All steps with the camera, in the phone's frame beside the Flow. */
async function demo(page, camera) {
  await row(page).getByTestId('demo').click()
  await page.getByTestId('qr').waitFor()
  expect((await page.getByTestId('demo-open').getAttribute('href')).startsWith('/s/'), 'the Demo cannot be opened in a tab')
  await accessible(page, 'Demo')
  await page.getByTestId('demo-here').click()
  const phone = page.frameLocator('[data-testid=demo-page]')
  await phone.getByTestId('start').click()
  await photograph(phone)
  await camera.show('passport')
  await choosePassport(phone)
  await photograph(phone)
  expect((await outcome(phone)) === 'approved', `the Demo ends with ${await outcome(phone)}`)
  await page.locator('[data-testid=demo-state].approved').waitFor()
  await accessible(page, 'Demo, approved')
}

/** The session's page, from the Demo and from the list. */
async function results(page) {
  await page.getByTestId('demo-session').click()
  await page.getByTestId('decision').waitFor()
  const address = page.url()
  for (const n of [1, 2, 3]) await page.getByTestId(`step-${n}`).waitFor()
  for (const evidence of ['selfie', 'front']) {
    const picture = page.getByTestId(`evidence-${evidence}`).first().locator('img').or(page.locator(`img[data-testid=evidence-${evidence}]`)).first()
    await picture.scrollIntoViewIfNeeded()
    await picture.waitFor()
    await page.waitForFunction((img) => img.complete && img.naturalWidth > 100, await picture.elementHandle())
  }
  const words = await page.locator('main').innerText()
  for (const part of ['UTO', /Approved/i, /0[.,]\d|\d ?%/]) expect(words.search(part) >= 0, `the session's page does not say ${part}:\n${words}`)
  await accessible(page, "a session's page")
  await fits(page, "a session's page")

  await page.goto(`${stage.url}/sessions`)
  await page.getByTestId('session-row').nth(1).waitFor() // the Demo's, and the one made with the key
  await accessible(page, 'session list')
  await fits(page, 'the session list')
  await page.getByTestId('session-row').filter({ hasText: /approved/i }).getByRole('link').first().click()
  await page.getByTestId('decision').waitFor()
  expect(page.url() === address, `the list leads to ${page.url()}, the Demo to ${address}`)
  await page.goto(`${stage.url}/subscriptions`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await accessible(page, 'subscriptions')
  await fits(page, 'the subscriptions')
}

async function remove(page) {
  await page.goto(`${stage.url}/flows`)
  await row(page).getByTestId('delete').click()
  await accessible(page, 'delete, asked')
  await page.getByTestId('delete-yes').click()
  await row(page).waitFor({ state: 'detached' })
  expect((await page.getByTestId('flow-row').count()) === 1, 'more than the one Flow was deleted')
}

async function logOut(page) {
  await page.getByTestId('logout').click()
  await page.getByTestId('login').waitFor()
  await page.goto(`${stage.url}/sessions`)
  await page.getByTestId('login').waitFor()
}
