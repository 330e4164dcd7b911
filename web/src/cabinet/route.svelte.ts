/** The cabinet's addresses: one page, real addresses, the browser's own back and forward. */

import { screens, type Params } from './screens'

export type Route = { page: string; params: Params }

/** What an address shows: a screen, the login, or "missing". */
export function routeOf(path: string): Route {
  const parts = path.split('/').filter(Boolean)
  if (parts.length === 0) return { page: 'flows', params: {} }
  if (parts.length === 1 && parts[0] === 'login') return { page: 'login', params: {} }
  for (const screen of screens) {
    const params = match(screen.path.split('/').filter(Boolean), parts)
    if (params) return { page: screen.page, params }
  }
  return { page: 'missing', params: {} }
}

/** The parameters of a path that fits the pattern; a screen listed earlier wins. */
function match(pattern: string[], parts: string[]): Params | undefined {
  if (pattern.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (const [i, part] of parts.entries()) {
    const p = pattern[i]!
    if (p.startsWith(':')) params[p.slice(1)] = decoded(part)
    else if (p !== part) return undefined
  }
  return params
}

/** A mistyped address is a session that does not exist, not an error of ours. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Where a login leads back to: a page of ours, whatever the address says. */
export function backOf(search: string): string {
  const back = new URLSearchParams(search).get('back') ?? ''
  return /^\/[a-z]/.test(back) && routeOf(back.split('?')[0]!).page !== 'login' ? back : '/flows'
}

class Router {
  path = $state('/')
  search = $state('')
  readonly route = $derived(routeOf(this.path))

  /** Begins to follow the address and the links that are clicked. */
  start() {
    this.#read()
    addEventListener('popstate', () => this.#read())
    addEventListener('click', (event) => {
      const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null
      const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented
      if (!link || !plain || link.target || link.hasAttribute('download') || link.origin !== location.origin || link.pathname.startsWith('/s/') || link.pathname.startsWith('/v1/')) return
      event.preventDefault()
      this.go(link.pathname + link.search)
    })
  }

  go(to: string, how: 'push' | 'replace' = 'push') {
    history[how === 'push' ? 'pushState' : 'replaceState'](null, '', to)
    this.#read()
    if (how === 'push') scrollTo(0, 0)
  }

  #read() {
    this.path = location.pathname
    this.search = location.search
  }
}

export const router = new Router()
