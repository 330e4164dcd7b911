import '$shared/tokens.css'
import '$shared/base.css'
import { asLocale, chooseLocale } from '$shared/i18n.svelte'
import { mount } from 'svelte'
import { rememberedLocale } from './language'
import Page from './Page.svelte'
import { router } from './route.svelte'
import { words } from './words'

const target = document.getElementById('page')!
try {
  await words.use(asLocale(rememberedLocale()) ?? chooseLocale(navigator.languages))
  router.start()
  mount(Page, { target })
} catch (error) {
  // Without a dictionary there is only this to say.
  target.textContent = 'Please reload the page. · Обновите страницу. · Бетті жаңартыңыз.'
  throw error
}
