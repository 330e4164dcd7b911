import { expect, it } from 'vitest'
import { devicesOf } from './device'

const event = (data: Record<string, unknown>) => ({ sequence: 1, type: 'x', created_at: '', data })

it('names every browser once, and the camera that was feigned', () => {
  const phone = { browser: 'Chrome 141', system: 'Android' }
  expect(
    devicesOf({ events: [event({}), event({ device: phone }), event({ device: { ...phone, virtual_camera: 'OBS' } }), event({ device: { system: 'Linux' } }), event({ device: 7 }), event({ device: null })] }),
  ).toEqual([{ name: 'Chrome 141, Android', camera: 'OBS' }, { name: 'Linux', camera: '' }])
  expect(devicesOf({})).toEqual([])
})
