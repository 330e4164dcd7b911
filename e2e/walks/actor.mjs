/**
 * A camera with a person before it who hears what the page says and does it. The
 * frames are those of movements.go; what is said is read off the page.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stage } from './walk.mjs'

/**
 * Every page of the window gets this camera. `as` is what the person does
 * instead of an action, by its name; "rest" is nothing. `dark` is how long (ms)
 * the room is. `label` is how the camera calls itself. Without `skin` the light of the
 * screen falls on nobody.
 */
export async function act(window, { as = {}, dark = 0, label = 'Webcam', skin = true } = {}) {
  await window.addInitScript(perform, { movements: await movements(), as, dark, label, skin })
}

/** When things happened on a page, in ms of its clock: the first advice, the first action, the end of the passage, and what came of it. */
export const times = (page) => page.evaluate(() => globalThis.actor.times)

/** What the page has said, each thing once, and which colours it showed. */
export const said = (page) => page.evaluate(() => [...globalThis.actor.said])

let read
const movements = () => (read ??= load())

async function load() {
  const folder = join(stage.films, 'movements')
  const found = {}
  for (const file of (await readdir(folder)).sort()) {
    const action = file.slice(0, file.lastIndexOf('-'))
    ;(found[action] ??= []).push((await readFile(join(folder, file))).toString('base64'))
  }
  return found
}

/** Runs in the page. */
function perform({ movements, as, dark, label, skin }) {
  const size = { width: 480, height: 360 }
  const tick = 40 // ms between two pictures
  const reaction = 350 // ms from reading to moving
  const blink = { lasts: 200, every: 1400 } // ms
  const actor = (globalThis.actor = { times: {}, said: new Set() })

  /** A picture with the noise of a sensor and the sway of a body, so that no two are alike. */
  class Person {
    doing = 'rest'
    since = 0
    at = 0 // frames into the movement
    shown = 'rest' // the movement that is under way, and ends before another begins

    constructor(frames, noise, context) {
      Object.assign(this, { frames, noise, context })
    }

    hear(action, now) {
      const does = as[action] ?? action
      if (does === this.doing) return
      this.doing = does
      this.since = now
    }

    move(now) {
      const asked = now - this.since < reaction ? this.shown : this.doing
      if (asked === 'blink') {
        this.shown = 'blink'
        return (now - this.since - reaction) % blink.every < blink.lasts ? this.frames.blink[0] : this.frames.rest[0]
      }
      const on = asked === this.shown && asked === this.doing && asked !== 'rest'
      const length = this.frames[this.shown].length
      if (on) this.at = Math.min(this.at + 1, length)
      else if (this.shown !== this.doing || this.doing === 'rest') this.at = now - this.since < reaction ? this.at : Math.max(0, this.at - 1)
      if (this.at === 0 && !on && now - this.since >= reaction) this.shown = this.doing
      return this.at === 0 || this.shown === 'blink' ? this.frames.rest[0] : this.frames[this.shown][this.at - 1]
    }

    /** What the room and the screen do to the picture. */
    light(now) {
      const { context } = this
      this.entered ??= now
      const shines = now - this.entered < dark ? 'black' : skin && colour()
      if (!shines) return
      context.globalAlpha = shines === 'black' ? 0.75 : 0.12
      context.fillStyle = shines
      context.fillRect(0, 0, size.width, size.height)
    }

    draw(now) {
      const { context } = this
      const sway = (period, reach) => Math.sin(now / period) * reach
      context.globalAlpha = 1
      context.drawImage(this.move(now), sway(700, 0.9), sway(1100, 0.7), size.width, size.height)
      context.globalAlpha = 0.02
      context.drawImage(this.noise, -Math.random() * 64, -Math.random() * 64)
      this.light(now)
    }
  }

  const colour = () => document.querySelector('[data-testid=colour]')?.style.backgroundColor

  const follow = (now) => {
    const { times } = actor
    const live = document.querySelector('[data-screen=live]')
    if (live?.dataset.say) times.began ??= now
    if (live?.dataset.say) actor.said.add(live.dataset.say)
    if (colour()) actor.said.add(colour())
    if (live?.dataset.action) times.asked ??= now
    if (times.asked && !live) times.done ??= now
    if (document.querySelector('[data-testid=outcome], [data-testid=again]')) times.verdict ??= now
    return live?.dataset.action ?? 'rest'
  }

  async function decode(base64) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
    return createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }))
  }

  function noise() {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width: size.width + 64, height: size.height + 64 })
    const context = canvas.getContext('2d')
    const pixels = context.createImageData(canvas.width, canvas.height)
    for (let i = 0; i < pixels.data.length; i++) pixels.data[i] = i % 4 === 3 ? 255 : Math.random() * 256
    context.putImageData(pixels, 0, 0)
    return canvas
  }

  async function enter() {
    const frames = {}
    for (const [action, list] of Object.entries(movements)) frames[action] = await Promise.all(list.map(decode))
    const canvas = document.createElement('canvas')
    Object.assign(canvas, size)
    const person = new Person(frames, noise(), canvas.getContext('2d', { alpha: false }))
    setInterval(() => {
      const now = performance.now()
      person.hear(follow(now), now)
      person.draw(now)
    }, tick)
    return canvas
  }

  let stand
  if (!navigator.mediaDevices) return
  navigator.mediaDevices.getUserMedia = async () => {
    const stream = (await (stand ??= enter())).captureStream(1000 / tick)
    Object.defineProperty(stream.getVideoTracks()[0], 'label', { value: label })
    return stream
  }
}
