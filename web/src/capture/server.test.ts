import { expect, it } from 'vitest'
import { tokenOf } from './server'

it.each([
  ['/s/abc_DEF-123', 'abc_DEF-123'],
  ['/s/abc/', 'abc'],
  ['/s/a%', 'a%'],
  ['/s/', ''],
  ['/elsewhere', ''],
])('tokenOf %s', (path, token) => expect(tokenOf(path)).toBe(token))
