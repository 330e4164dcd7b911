import { describe, expect, it } from 'vitest'
import { asLocale, chooseLocale, Dictionary } from './i18n.svelte'

const loaders = {
  en: async () => ({ page: { hello: 'Hello, {name}', tries: { one: '{count} try', other: '{count} tries' } } }),
  ru: async () => ({ page: { hello: 'Привет, {name}', tries: { one: '{count} попытка', few: '{count} попытки', many: '{count} попыток', other: '{count} попытки' } } }),
  kk: async () => ({ page: { hello: 'Сәлем, {name}', tries: { one: '{count} әрекет', other: '{count} әрекет' } } }),
}

type Words = Awaited<ReturnType<(typeof loaders)['en']>>

describe('asLocale', () => {
  it.each([
    ['ru', 'ru'],
    ['kk-KZ', 'kk'],
    ['kz', 'kk'],
    ['EN_us', 'en'],
    ['de', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s → %s', (word, locale) => expect(asLocale(word)).toBe(locale))
})

describe('chooseLocale', () => {
  it('takes the first wish that is spoken', () => expect(chooseLocale([null, 'de', 'kz', 'ru'])).toBe('kk'))
  it('falls back to English', () => expect(chooseLocale(['fr', ''])).toBe('en'))
})

describe('Dictionary', () => {
  it('fills parameters and leaves unknown ones visible', async () => {
    const words = new Dictionary<Words>(loaders)
    await words.use('ru')
    expect(words.t('page.hello', { name: 'Аня' })).toBe('Привет, Аня')
    expect(words.t('page.hello')).toBe('Привет, {name}')
  })
  it('counts as the language does', async () => {
    const words = new Dictionary<Words>(loaders)
    await words.use('ru')
    expect([1, 3, 5].map((count) => words.t('page.tries', { count }))).toEqual(['1 попытка', '3 попытки', '5 попыток'])
  })
  it('says when a text is missing', async () => {
    const words = new Dictionary<Words>(loaders)
    await words.use('en')
    expect(words.find('page.constructor')).toBeUndefined()
    expect(words.find('nowhere.hello')).toBeUndefined()
    expect(words.has('page.hello')).toBe(true)
  })
  it('lets the last switch win', async () => {
    let release: (() => void) | undefined
    const words = new Dictionary<Words>({ ...loaders, ru: () => new Promise((done) => (release = () => done(loaders.ru()))) })
    const slow = words.use('ru')
    await words.use('kk')
    release?.()
    await slow
    expect(words.locale).toBe('kk')
  })
})
