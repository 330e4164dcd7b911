/**
 * The words of a page in the person's language. Texts stand in /catalog, one
 * JSON file for each language and part; a page loads the parts it needs, in one
 * language at a time.
 *
 * A key is "<part>.<name>". A text may hold {parameters}; one that counts is an
 * object of plural forms ({"one": "…", "other": "…"}) and is chosen by the
 * parameter `count`.
 */

import { formatDate, formatNumber } from './intl'

export const locales = ['en', 'ru', 'kk'] as const
export type Locale = (typeof locales)[number]

/** What each language calls itself. */
export const localeNames: Record<Locale, string> = { en: 'English', ru: 'Русский', kk: 'Қазақша' }

export type Text = string | Partial<Record<Intl.LDMLPluralRule, string>>
export type Part = Record<string, Text>
export type Messages = Record<string, Part>
export type Params = Record<string, string | number>

/** Every key of a page's messages, so that a missing text fails the type check. */
export type Key<M> = { [P in keyof M & string]: `${P}.${keyof M[P] & string}` }[keyof M & string]

/** The language that a word such as "kk-KZ", "RU" or the vendor's "kz" asks for. */
export function asLocale(word: string | null | undefined): Locale | undefined {
  const language = word?.trim().toLowerCase().split(/[-_]/)[0]
  if (language === 'kz') return 'kk'
  return locales.find((l) => l === language)
}

/** The first of the wishes that we speak, else English. */
export function chooseLocale(wishes: readonly (string | null | undefined)[]): Locale {
  for (const wish of wishes) {
    const locale = asLocale(wish)
    if (locale) return locale
  }
  return 'en'
}

/** One page's dictionary. `load` fetches a language; a module `import()` does. */
export class Dictionary<M extends { [P in keyof M]: Part }> {
  #messages = $state.raw<Messages>({})
  #locale = $state<Locale>('en')
  #wanted: Locale | undefined
  #load: Record<Locale, () => Promise<unknown>>

  constructor(load: Record<Locale, () => Promise<unknown>>) {
    this.#load = load
  }

  get locale(): Locale {
    return this.#locale
  }

  /** Whether a language is loaded. */
  get ready(): boolean {
    return Object.keys(this.#messages).length > 0
  }

  /** Switches the language, and the document's with it; a later call wins over one still loading. */
  async use(locale: Locale): Promise<void> {
    this.#wanted = locale
    const messages = (await this.#load[locale]()) as Messages
    if (this.#wanted !== locale) return
    this.#messages = messages
    this.#locale = locale
    if (typeof document !== 'undefined') document.documentElement.lang = locale
  }

  readonly t = (key: Key<M>, params?: Params): string => this.find(key, params) ?? key

  readonly has = (key: string): boolean => this.#text(key) !== undefined

  /** The text of a key made at run time ("reason." + code), undefined when there is none. */
  readonly find = (key: string, params: Params = {}): string | undefined => {
    const text = this.#text(key)
    const chosen = typeof text === 'object' ? plural(this.#locale, text, Number(params['count'])) : text
    return chosen?.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = params[name]
      return typeof value === 'number' ? formatNumber(this.#locale, value) : (value ?? whole)
    })
  }

  readonly number = (value: number, options?: Intl.NumberFormatOptions): string => formatNumber(this.#locale, value, options)

  readonly date = (time: string | Date, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }): string =>
    formatDate(this.#locale, time, options)

  #text(key: string): Text | undefined {
    const dot = key.indexOf('.')
    const part = this.#messages[key.slice(0, dot)]
    const name = key.slice(dot + 1)
    return part && Object.hasOwn(part, name) ? part[name] : undefined
  }
}

function plural(locale: Locale, forms: Exclude<Text, string>, count: number): string | undefined {
  return forms[new Intl.PluralRules(locale).select(count)] ?? forms.other
}
