import { describe, expect, it } from 'vitest'
import { classify, following, type CameraFailure, type Surroundings } from './camera'

const fine: Surroundings = { secure: true, capable: true }

describe('classify', () => {
  const cases: [string, { name: string; message?: string } | undefined, Surroundings, CameraFailure][] = [
    ['no https', undefined, { secure: false, capable: false }, 'insecure'],
    ['a web view without camera', undefined, { secure: true, capable: false }, 'unsupported'],
    ['Chrome: blocked', { name: 'NotAllowedError', message: 'Permission denied' }, { ...fine, permission: 'denied' }, 'denied'],
    ['Chrome: question closed', { name: 'NotAllowedError', message: 'Permission dismissed' }, { ...fine, permission: 'prompt' }, 'dismissed'],
    ['Chrome on macOS: system setting', { name: 'NotAllowedError', message: 'Permission denied by system' }, { ...fine, permission: 'prompt' }, 'system'],
    ['Safari: not allowed', { name: 'NotAllowedError', message: 'The request is not allowed by the user agent' }, fine, 'denied'],
    ['a web view that never asks', { name: 'NotAllowedError', message: 'Permission denied' }, { ...fine, permission: 'prompt' }, 'dismissed'],
    ['old WebKit', { name: 'PermissionDeniedError' }, fine, 'denied'],
    ['no camera', { name: 'NotFoundError', message: 'Requested device not found' }, fine, 'none'],
    ['Windows: in use', { name: 'NotReadableError', message: 'Could not start video source' }, fine, 'busy'],
    ['Firefox: in use', { name: 'AbortError', message: 'Starting videoinput failed' }, fine, 'busy'],
    ['impossible wishes', { name: 'OverconstrainedError' }, fine, 'constrained'],
    ['an embedding page forbids it', { name: 'SecurityError' }, fine, 'blocked'],
    ['an odd browser', { name: 'TypeError' }, fine, 'unsupported'],
    ['something new', { name: 'SurpriseError' }, fine, 'unknown'],
  ]
  it.each(cases)('%s', (_, error, surroundings, want) => expect(classify(error, surroundings)).toBe(want))
})

describe('following', () => {
  it.each([
    ['the next one', ['a', 'b', 'c'], 'a', 'b'],
    ['round', ['a', 'b', 'c'], 'c', 'a'],
    ['from an unknown one', ['a', 'b'], 'x', 'a'],
    ['from none', ['a', 'b'], undefined, 'a'],
    ['no other', ['a'], 'a', undefined],
    ['none', [], undefined, undefined],
  ])('%s', (_, ids, current, want) => expect(following(ids, current)).toBe(want))
})
