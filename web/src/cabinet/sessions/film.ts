/** A live passage to be watched: its transcript, read with care, and the frames of its recording. */

/** A frame that can be looked at; times in ms since the passage began. */
export type Still = { at: number; picture: Blob | string }

/** When an action was told and when it was seen; `still` is the index of the picture that shows it. */
export type Moment = { action: string; asked: number; seen: number | undefined; still: number }

export type Film = { stills: Still[]; moments: Moment[]; recorded: boolean }

export type Transcript = {
  frames: { at: number; bytes: number }[]
  keys: { name: string; frame: number; action: string }[]
  done: { action: string; asked: number; seen: number | undefined }[]
}

type Raw = Record<string, unknown>
const record = (v: unknown): Raw => (typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Raw) : {})
const list = (v: unknown): Raw[] => (Array.isArray(v) ? v.map(record) : [])
const count = (v: unknown): number => (typeof v === 'number' && Number.isFinite(v) && v >= 0 ? v : 0)
const text = (v: unknown): string => (typeof v === 'string' ? v : '')

export function transcript(raw: unknown): Transcript {
  const t = record(raw)
  const frames = list(t['frames']).map((f) => ({ at: count(f['at']), bytes: count(f['bytes']) }))
  return {
    frames,
    keys: list(t['keys']).map((k) => ({ name: text(k['name']), frame: count(k['frame']), action: text(k['action']) })).filter((k) => k.frame < frames.length),
    done: list(t['done']).map((d) => ({ action: text(d['action']), asked: count(d['asked']), seen: typeof d['seen'] === 'number' && d['seen'] >= 0 ? d['seen'] : undefined })),
  }
}

/** The frames of a recording: JPEGs one behind the other, as long as the transcript says. What does not fit is left out. */
export function cut(recording: Uint8Array<ArrayBuffer>, { frames }: Transcript): Still[] {
  const stills: Still[] = []
  let from = 0
  for (const { at, bytes } of frames) {
    const jpeg = recording.subarray(from, from + bytes)
    if (bytes === 0 || jpeg.length < bytes || jpeg[0] !== 0xff || jpeg[1] !== 0xd8) break
    stills.push({ at, picture: new Blob([jpeg], { type: 'image/jpeg' }) })
    from += bytes
  }
  return stills
}

/** The film of a passage: every frame of the recording, or the key frames by their addresses where there is none. */
export function film(t: Transcript, recording: Uint8Array<ArrayBuffer> | undefined, addresses: ReadonlyMap<string, string>): Film {
  const keys = t.keys.filter((k) => addresses.has(k.name)).sort((a, b) => a.frame - b.frame)
  const frames = recording ? cut(recording, t) : []
  const recorded = frames.length > 0
  const stills = recorded ? frames : keys.map((k) => ({ at: t.frames[k.frame]!.at, picture: addresses.get(k.name)! }))
  const moments = t.done.map(({ action, asked, seen }, i) => {
    const shown = t.keys.filter((k) => k.action !== '')[i]
    const at = shown ? t.frames[shown.frame]!.at : asked
    return { action, asked, seen, still: closest(stills, at) }
  })
  return { stills, moments, recorded }
}

/** The index of the picture that is closest to a time, 0 of none. */
export function closest(stills: readonly Still[], at: number): number {
  let best = 0
  for (const [i, s] of stills.entries()) if (Math.abs(s.at - at) < Math.abs(stills[best]!.at - at)) best = i
  return best
}

/** What the person had been told when a picture was taken; undefined before the first action and between two. */
export function askedAt(moments: readonly Moment[], at: number): Moment | undefined {
  return moments.findLast((m) => at > m.asked && at <= (m.seen ?? Infinity))
}
