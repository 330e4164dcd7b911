import { describe, expect, it } from 'vitest'
import { reachOf } from './reach'

describe('who can open an address', () => {
  it.each([
    ['http://127.0.0.1:8080/s/x', 'nobody'],
    ['http://localhost/s/x', 'nobody'],
    ['https://id.localhost/s/x', 'nobody'],
    ['http://[::1]:8080/s/x', 'nobody'],
    ['http://0.0.0.0:8080/s/x', 'nobody'],
    ['http://192.168.1.5:8080/s/x', 'blind'],
    ['http://127.0.0.1.example.com/s/x', 'blind'],
    ['https://id.example.com/s/x', 'everybody'],
    ['https://localhost.example.com/s/x', 'everybody'],
  ])('%s: %s', (url, want) => expect(reachOf(url)).toBe(want))
})
