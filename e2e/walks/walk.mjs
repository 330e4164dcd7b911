/** What every walk has: a browser with a camera, a page that is watched, and what to do when it fails. */
import { copyFile, mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const packages = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = packages('playwright-core')
const axe = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8')

/** See Stage in walk.go. */
export const stage = JSON.parse(process.env.STAGE ?? '{}')

/** Longest wait for anything on a page, ms; a check of a photo is among them. */
const patience = 30_000

const flags = [
  '--no-sandbox', // root has none
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-device-for-media-stream',
]

/** Fails the walk with what was expected. */
export function expect(holds, what) {
  if (!holds) throw new Error(what)
}

/**
 * Runs `go` in a browser of its own. `camera` is what the person answers when
 * the page asks for it. What else is given goes to the window that is opened;
 * `open` opens another one, which knows nothing of the first. Every complaint on
 * a console fails the walk, except those that match `expected`.
 */
export async function walk({ camera = 'allowed', expected = [], ...wishes }, go) {
  const eye = new Camera(await mkdtemp(join(tmpdir(), 'camera-')))
  await eye.show('selfie')
  const browser = await chromium.launch({
    executablePath: stage.chromium,
    args: [...flags, `--use-file-for-fake-video-capture=${eye.file}`, camera === 'allowed' ? '--use-fake-ui-for-media-stream' : '--deny-permission-prompts'],
  })
  const open = async () => {
    const window = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce', ...wishes })
    window.setDefaultTimeout(patience)
    watched.follow(window)
    return window
  }
  try {
    const window = await open()
    await go({ window, page: await window.newPage(), camera: eye, open })
    const complaints = watched.complaints.filter((text) => !expected.some((e) => e.test(text)))
    expect(complaints.length === 0, `the console complains:\n${complaints.join('\n')}`)
    expect(watched.violations.length === 0, `not accessible:\n${watched.violations.join('\n')}`)
  } catch (error) {
    await watched.keep()
    console.error(error)
    process.exitCode = 1
  } finally {
    await browser.close()
  }
}

/** The file that the browser's fake camera plays; it is opened anew whenever a page opens the camera. */
class Camera {
  constructor(folder) {
    this.file = join(folder, 'camera.mjpeg')
  }
  /** Lays a film before the camera, see Films in film.go. */
  async show(film) {
    await copyFile(join(stage.films, `${film}.mjpeg`), `${this.file}.new`)
    await rename(`${this.file}.new`, this.file)
  }
}

/** Every page of the walk: what it says, and what accessibility checks found. */
class Watched {
  complaints = []
  violations = []
  #journal = []
  #pages = []

  follow(window) {
    window.on('page', (page) => this.#pages.push(page))
    window.on('console', (message) => this.#heard(message.type(), `${message.text()} (${message.location().url})`))
    window.on('weberror', (error) => this.#heard('error', error.error().stack ?? String(error.error())))
  }
  #heard(type, text) {
    this.#journal.push(`${type}: ${text}`)
    if (type === 'error' || type === 'warning') this.complaints.push(text)
  }

  /** Leaves behind how every page looks, and what they said. */
  async keep() {
    await mkdir(stage.out, { recursive: true })
    await writeFile(join(stage.out, 'console.txt'), this.#journal.join('\n') + '\n')
    for (const [i, page] of this.#pages.entries()) {
      if (page.isClosed()) continue
      await page.screenshot({ path: join(stage.out, `page-${i + 1}.png`), timeout: 10_000 }).catch((e) => console.error(String(e)))
      await writeFile(join(stage.out, `page-${i + 1}.html`), await page.content().catch(String))
    }
    console.log(`console:\n${this.#journal.join('\n')}`)
  }
}

const watched = new Watched()

/** Checks what is on the page now against WCAG 2.2, A and AA, in both themes; what it finds fails the walk at its end. */
export async function accessible(page, screen) {
  await page.evaluate(axe)
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme })
    await settled(page)
    const found = await page.evaluate((options) => globalThis.axe.run(document, options), {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'],
      resultTypes: ['violations'],
      iframes: false, // a page in a frame is checked where it stands alone
    })
    for (const { id, help, nodes } of found.violations) {
      watched.violations.push(`${screen}, ${colorScheme}: ${id}: ${help}`, ...nodes.map((n) => `    ${n.target.join(' ')}: ${n.any[0]?.message ?? n.failureSummary}`))
    }
    console.log(`${screen}, ${colorScheme}: ${found.violations.length} violations, ${found.passes.length} rules passed`)
  }
}

/** Waits until colours and places have stopped to change. */
async function settled(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  await page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== 'running'))
}

/** Checks that nothing sticks out of a phone's window sideways, and leaves the window as wide as it was. */
export async function fits(page, screen) {
  const before = page.viewportSize()
  await page.setViewportSize({ width: 360, height: 780 })
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  await page.setViewportSize(before)
  expect(over <= 0, `${screen} is ${over} px wider than a phone`)
}
