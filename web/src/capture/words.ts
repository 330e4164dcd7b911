import { Dictionary } from '$shared/i18n.svelte'
import type * as english from './words/en'

/** The texts of this page. */
export const words = new Dictionary<typeof english>({
  en: () => import('./words/en'),
  ru: () => import('./words/ru'),
  kk: () => import('./words/kk'),
})

export const { t } = words
