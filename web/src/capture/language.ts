/** Which language the page speaks: the person's own choice, the link's, the session's, the browser's. */
import { chooseLocale, type Locale } from '$shared/i18n.svelte'
import { words } from './words'

const memory = 'idflow.locale'

let chosen: string | null = remembered()

export function language(session: string | undefined): Locale {
  return chooseLocale([chosen, new URLSearchParams(location.search).get('locale'), session, ...navigator.languages])
}

export function choose(locale: Locale): void {
  chosen = locale
  try {
    sessionStorage.setItem(memory, locale)
  } catch {
    // Storage is off: the choice lasts until the page is left.
  }
  void speak(undefined)
}

/** Loads the language; a lost connection does not end the tries. */
export async function speak(session: string | undefined): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await words.use(language(session))
    } catch (error) {
      if (tries === 5) throw error
      await new Promise((done) => setTimeout(done, 500 * 2 ** tries))
    }
  }
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(memory)
  } catch {
    return null
  }
}
