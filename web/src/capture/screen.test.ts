import { describe, expect, it } from 'vitest'
import { hasTwoSides, isBack, nextCapture, screen, type Local } from './screen'
import { aDocumentVisit, aLocal, aVisit } from './testing'
import type { Capture, Visit } from './visit'

const begun = { begun: true }

describe('screen', () => {
  const cases: [string, Visit | undefined, Partial<Local>, string][] = [
    ['nothing known yet', undefined, {}, 'loading'],
    ['not opened yet', aVisit({ state: 'created' }), {}, 'loading'],
    ['opened for the first time', aVisit({}), {}, 'welcome'],
    ['welcome read', aVisit({}), begun, 'intro selfie'],
    ['reloaded at the second attempt', aVisit({ attempt: 2 }), {}, 'intro selfie'],
    ['reloaded at the second step', aDocumentVisit(), {}, 'intro front'],
    ['reloaded after the front was given', aDocumentVisit({ given: ['front'] }), {}, 'intro back'],
    ['reloaded after all was given', aVisit({ given: ['selfie'] }), {}, 'sending'],
    ['camera asked for', aVisit({}), { ...begun, opened: 'selfie' }, 'camera selfie'],
    ['camera was open for another kind', aDocumentVisit(), { opened: 'selfie' }, 'intro front'],
    ['photo taken', aVisit({}), { ...begun, opened: 'selfie', reviewing: true }, 'preview selfie'],
    ['photo uploaded without the camera', aVisit({}), { ...begun, reviewing: true }, 'preview selfie'],
    ['front under way', aDocumentVisit(), { opened: 'document', sending: ['front'] }, 'camera back'],
    ['front under way, a passport', aDocumentVisit(), { opened: 'document', sending: ['front'], paper: 'passport' }, 'sending'],
    ['back not there', aDocumentVisit({ given: ['front'] }), { skipped: ['back'] }, 'sending'],
    ['all under way', aVisit({}), { ...begun, sending: ['selfie'] }, 'sending'],
    ['being checked', aVisit({ state: 'checking' }), { opened: 'selfie', reviewing: true }, 'checking'],
    ['approved', aVisit({ state: 'approved' }), {}, 'outcome approved'],
    ['under review', aVisit({ state: 'review' }), {}, 'outcome review'],
    ['a live passage before it begins', aVisit({ task: { captures: [{ name: 'passage', kind: 'live' }] } }), begun, 'intro passage'],
    ['a live passage', aVisit({ task: { captures: [{ name: 'passage', kind: 'live' }] } }), { ...begun, opened: 'live' }, 'live passage'],
    ['a kind of capture this page does not know', aVisit({ task: { captures: [{ name: 'voice', kind: 'voice' as Capture['kind'] }] } }), begun, 'outdated'],
  ]
  it.each(cases)('%s', (_, visit, local, want) => {
    const s = screen(visit, aLocal(local))
    const detail = 'capture' in s ? ` ${s.capture.name}` : 'state' in s ? ` ${s.state}` : ''
    expect(s.name + detail).toBe(want)
  })
})

describe('nextCapture', () => {
  it('never skips what is required, whatever was pressed', () => {
    const visit = aDocumentVisit()
    expect(nextCapture(visit, aLocal({ skipped: ['front', 'back'] }))?.name).toBe('front')
    expect(nextCapture(visit, aLocal({ paper: 'passport' }))?.name).toBe('front')
  })
  it('asks in the server’s order', () => {
    const visit = aVisit({ task: { captures: ['a', 'b', 'c'].map((name) => ({ name, kind: 'selfie' })) }, given: ['b'] })
    expect(nextCapture(visit, aLocal({ sending: ['a'] }))?.name).toBe('c')
  })
})

it('knows a document with two sides', () => {
  expect(hasTwoSides(aDocumentVisit().task.captures)).toBe(true)
  expect(hasTwoSides(aVisit({}).task.captures)).toBe(false)
})

it('tells a document’s back from its front', () => {
  const { captures } = aDocumentVisit().task
  expect(captures.map((c) => isBack(captures, c))).toEqual([false, true])
  expect(isBack(aVisit({}).task.captures, aVisit({}).task.captures[0]!)).toBe(false)
})
