import '$shared/tokens.css'
import '$shared/base.css'
import { asLocale, chooseLocale } from '$shared/i18n.svelte'
import { mount } from 'svelte'
import { rememberedLocale } from './language'
import Page from './Page.svelte'
import { router } from './route.svelte'
import { words } from './words'

await words.use(asLocale(rememberedLocale()) ?? chooseLocale(navigator.languages))
router.start()
mount(Page, { target: document.getElementById('page')! })
