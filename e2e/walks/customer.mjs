/** What the customer does: in the cabinet, and through the API beside it. */
import { expect, stage } from './walk.mjs'

export const password = 'correct horse battery'

/** Logs in with the one-time password and chooses one of one's own, by the API: the pages are another walk's. */
export async function logIn(window) {
  await call(window, '/cabinet/login', { email: stage.email, password: stage.password })
  await call(window, '/cabinet/password', { current: stage.password, new: password })
}

/** Makes a Flow of technologies, by their keys or as whole steps. */
export const createFlow = (window, name, steps) => call(window, '/v1/flows', { name, steps: steps.map((step) => (typeof step === 'string' ? { technology: step } : step)) })

/** Makes a session of the ready Flow, or of the one that is wished; with its `url`. */
export async function createSession(window, wishes = {}) {
  const flow_id = wishes.flow_id ?? (await call(window, '/v1/flows')).data[0].id
  return call(window, '/v1/sessions', { ...wishes, flow_id })
}

export const session = (window, id) => call(window, `/v1/sessions/${id}`)

async function call(window, path, body) {
  const answer = body ? await window.request.post(stage.url + path, { data: body }) : await window.request.get(stage.url + path)
  expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`)
  return answer.json()
}
