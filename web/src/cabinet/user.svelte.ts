/** Who is logged in. */

import { Problem } from '$shared/request'
import * as api from './api'
import type { Permission, User } from './api'
import { router } from './route.svelte'

class Who {
  current = $state.raw<User>()
  /** false until the server has been asked once */
  known = $state(false)
  /** the one-time password somebody has just logged in with, so that it need not be typed again at once */
  oneTime = ''

  may(permission: Permission): boolean {
    return this.current?.permissions.includes(permission) ?? false
  }

  async ask() {
    try {
      this.current = await api.me()
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error
      this.current = undefined
    } finally {
      this.known = true
    }
  }

  async leave() {
    await api.logout()
    try {
      sessionStorage.clear() // what was begun is not for the next one at this desk
    } catch {
      // nothing was kept
    }
    this.current = undefined
    router.go('/login')
  }
}

export const user = new Who()

/**
 * Waits for a call. When the login has run out meanwhile, nobody is logged in
 * any more, and the frame leads to the login and back here.
 */
export async function loggedIn<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.code === 'password_expired')) await user.ask()
    throw error
  }
}
