/** The camera: opened only when the person asks, closed as soon as it is not needed, and every way it fails told apart. */

/** Why there is no picture. Texts and advice stand in the catalog under capture.camera.<failure>. */
export type CameraFailure =
  | 'denied' // the person, or a setting made earlier, said no
  | 'system' // the operating system keeps the camera from the browser
  | 'dismissed' // the question was closed without an answer, or never shown
  | 'none' // there is no camera
  | 'busy' // another program has it
  | 'constrained' // no camera can do what was asked
  | 'insecure' // the page did not come over https
  | 'unsupported' // a browser or an app's web view without camera access
  | 'blocked' // the page that embeds this one does not allow it
  | 'stalled' // the camera was given, and no picture comes
  | 'lost' // it went away while in use
  | 'unknown'

export class CameraError extends Error {
  constructor(
    readonly failure: CameraFailure,
    options?: ErrorOptions,
  ) {
    super(`camera: ${failure}`, options)
    this.name = 'CameraError'
  }
}

export type Surroundings = {
  secure: boolean
  /** navigator.mediaDevices.getUserMedia is there */
  capable: boolean
  /** what the browser says of the permission now, where it says anything */
  permission?: PermissionState | undefined
}

/** Names what a failed getUserMedia means. */
export function classify(error: { name?: string; message?: string } | undefined, { secure, capable, permission }: Surroundings): CameraFailure {
  if (!secure) return 'insecure'
  if (!capable) return 'unsupported'
  const message = error?.message?.toLowerCase() ?? ''
  switch (error?.name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError': // old WebKit
    case 'PermissionDismissedError':
      if (message.includes('system')) return 'system'
      if (error.name === 'PermissionDismissedError' || message.includes('dismiss')) return 'dismissed'
      return permission === 'prompt' ? 'dismissed' : 'denied'
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return 'none'
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'busy'
    case 'OverconstrainedError':
    case 'ConstraintNotSatisfiedError':
      return 'constrained'
    case 'SecurityError':
      return 'blocked'
    case 'TypeError':
    case 'NotSupportedError':
      return 'unsupported'
  }
  return 'unknown'
}

export type Facing = 'user' | 'environment'

export type Wish = {
  facing: Facing
  /** a certain camera, after the person switched */
  device?: string | undefined
  width: number
  height: number
}

export type Opened = {
  stream: MediaStream
  track: MediaStreamTrack
  /** which way the camera really looks; undefined when it does not say, as webcams do */
  facing: Facing | undefined
  device: string | undefined
}

/** Asks for the camera. Throws CameraError. */
export async function open(wish: Wish): Promise<Opened> {
  const capable = typeof navigator.mediaDevices?.getUserMedia === 'function'
  if (!capable || !window.isSecureContext) throw new CameraError(classify(undefined, { secure: window.isSecureContext, capable }))
  try {
    return opened(await ask(wish))
  } catch (error) {
    throw new CameraError(classify(error as Error, { secure: true, capable: true, permission: await permission() }), { cause: error })
  }
}

/** Wishes first; a camera that cannot fulfil them is still better than none. */
async function ask({ facing, device, width, height }: Wish): Promise<MediaStream> {
  const size = { width: { ideal: width }, height: { ideal: height } }
  const which = device ? { deviceId: { exact: device } } : { facingMode: { ideal: facing } }
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { ...which, ...size }, audio: false })
  } catch (error) {
    if ((error as Error).name !== 'OverconstrainedError') throw error
    return navigator.mediaDevices.getUserMedia({ video: true, audio: false })
  }
}

function opened(stream: MediaStream): Opened {
  const track = stream.getVideoTracks()[0]
  if (!track) throw new DOMException('the stream has no picture', 'NotFoundError')
  const { facingMode, deviceId } = track.getSettings()
  return { stream, track, facing: facingMode === 'user' || facingMode === 'environment' ? facingMode : undefined, device: deviceId }
}

async function permission(): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: 'camera' as PermissionName })).state
  } catch {
    return undefined // Firefox and old Safari do not know the name
  }
}

export function close(camera: Opened | undefined): void {
  camera?.stream.getTracks().forEach((t) => t.stop())
}

/** The ids of the cameras there are; ids are known only once one was allowed. */
export async function cameras(): Promise<string[]> {
  try {
    const devices = await navigator.mediaDevices.enumerateDevices()
    return devices.filter((d) => d.kind === 'videoinput' && d.deviceId).map((d) => d.deviceId)
  } catch {
    return []
  }
}

/** The camera after this one, round and round. */
export function following(ids: readonly string[], current: string | undefined): string | undefined {
  const at = current === undefined ? -1 : ids.indexOf(current)
  return ids.length < 2 ? undefined : ids[(at + 1) % ids.length]
}
