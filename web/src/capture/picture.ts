/** Photos: from the camera or a file to a JPEG of bounded size without any metadata. */
import { fit, type Rect, type Size } from './geometry'

export type Picture = {
  blob: Blob
  /** an object URL for showing it; `discard` frees it */
  url: string
  size: Size
  /** shown as in a mirror, since that is how it was seen; the bytes are not mirrored */
  mirrored: boolean
}

/** The longer side in px that the server needs to judge. */
export const longest = { selfie: 1280, document: 1920, live: 480 } as const

const quality = 0.92

/** A photo that cannot be opened here. */
export class UnreadablePicture extends Error {
  constructor(options?: ErrorOptions) {
    super('the picture cannot be opened', options)
    this.name = 'UnreadablePicture'
  }
}

/** The video's picture of this moment within `part`. */
export async function fromVideo(video: HTMLVideoElement, part: Rect, limit: number, mirrored: boolean): Promise<Picture> {
  return encode(video, part, limit, mirrored)
}

/** A picture file, turned upright and written anew, so that it carries no place, time or device. */
export async function fromFile(file: Blob, limit: number): Promise<Picture> {
  const source = await decode(file)
  try {
    const whole = { x: 0, y: 0, width: source.width, height: source.height }
    return await encode(source.image, whole, limit, false)
  } finally {
    source.close()
  }
}

type Decoded = Size & { image: CanvasImageSource; close: () => void }

async function decode(file: Blob): Promise<Decoded> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    return { image: bitmap, width: bitmap.width, height: bitmap.height, close: () => bitmap.close() }
  } catch {
    return decodeByElement(file) // browsers whose createImageBitmap takes no options, or fewer formats than <img>
  }
}

async function decodeByElement(file: Blob): Promise<Decoded> {
  const url = URL.createObjectURL(file)
  const image = new Image()
  image.src = url
  try {
    await image.decode()
  } catch (error) {
    URL.revokeObjectURL(url)
    throw new UnreadablePicture({ cause: error })
  }
  return { image, width: image.naturalWidth, height: image.naturalHeight, close: () => URL.revokeObjectURL(url) }
}

async function encode(image: CanvasImageSource, part: Rect, limit: number, mirrored: boolean): Promise<Picture> {
  const size = fit(part, limit)
  const canvas = document.createElement('canvas')
  canvas.width = size.width
  canvas.height = size.height
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) throw new UnreadablePicture()
  context.fillStyle = '#fff' // under a transparent PNG
  context.fillRect(0, 0, size.width, size.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, part.x, part.y, part.width, part.height, 0, 0, size.width, size.height)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
  canvas.width = canvas.height = 0 // phones give the memory back late otherwise
  if (!blob) throw new UnreadablePicture()
  return { blob, url: URL.createObjectURL(blob), size, mirrored }
}

export function discard(picture: Picture | undefined): void {
  if (picture) URL.revokeObjectURL(picture.url)
}

/** A small JPEG of the video's picture, or of a part of it, for a live passage: not mirrored, its longer side bounded. */
export async function frameOf(video: HTMLVideoElement, side: number, quality: number, part: Rect = { x: 0, y: 0, width: video.videoWidth, height: video.videoHeight }): Promise<Blob> {
  const { width, height } = fit(part, side)
  frames ??= document.createElement('canvas')
  if (frames.width !== width || frames.height !== height) Object.assign(frames, { width, height })
  frames.getContext('2d', { alpha: false })!.drawImage(video, part.x, part.y, part.width, part.height, 0, 0, width, height)
  return new Promise((resolve, reject) => frames!.toBlob((blob) => (blob ? resolve(blob) : reject(new UnreadablePicture())), 'image/jpeg', quality))
}

let frames: HTMLCanvasElement | undefined
