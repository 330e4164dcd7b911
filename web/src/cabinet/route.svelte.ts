/** The cabinet's addresses: one page, real addresses, the browser's own back and forward. */

export type Route =
  | { page: 'login' | 'flows' | 'new-flow' | 'sessions' | 'subscriptions' | 'missing' }
  | { page: 'session'; id: string }

/** What an address shows. */
export function routeOf(path: string): Route {
  const parts = path.split('/').filter(Boolean)
  switch (parts[0]) {
    case undefined:
      return { page: 'flows' }
    case 'login':
    case 'subscriptions':
      return parts.length === 1 ? { page: parts[0] } : { page: 'missing' }
    case 'flows':
      if (parts.length === 1) return { page: 'flows' }
      return parts.length === 2 && parts[1] === 'new' ? { page: 'new-flow' } : { page: 'missing' }
    case 'sessions':
      if (parts.length === 1) return { page: 'sessions' }
      return parts.length === 2 ? { page: 'session', id: decoded(parts[1]!) } : { page: 'missing' }
  }
  return { page: 'missing' }
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
      if (!link || !plain || link.target || link.origin !== location.origin || link.pathname.startsWith('/s/') || link.pathname.startsWith('/v1/')) return
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
