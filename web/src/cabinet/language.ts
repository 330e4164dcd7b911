/** The language somebody chose in this browser. */

const key = 'idflow.language'

export function rememberedLocale(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // storage is forbidden: the browser's own language then
  }
}

export function rememberLocale(locale: string) {
  try {
    localStorage.setItem(key, locale)
  } catch {
    // chosen anew next time
  }
}
