/** What the person's browsers said of themselves, as the events tell it. It may be anything: a hint, no proof. */
import type { Session } from '../api'

export type Device = { name: string; camera: string }

/** Every different one, in the order they came. */
export function devicesOf({ events = [] }: Pick<Session, 'events'>): Device[] {
  const found = new Map<string, Device>()
  for (const { data } of events) {
    const device = data['device']
    if (typeof device !== 'object' || device === null) continue
    const { browser, system, virtual_camera } = device as Record<string, unknown>
    const name = [browser, system].filter((s) => typeof s === 'string' && s !== '').join(', ') || '–'
    const camera = typeof virtual_camera === 'string' ? virtual_camera : ''
    const known = found.get(name)
    if (!known) found.set(name, { name, camera })
    else known.camera ||= camera
  }
  return [...found.values()]
}
