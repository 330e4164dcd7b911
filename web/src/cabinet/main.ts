import '$shared/tokens.css'
import '$shared/base.css'
import { mount } from 'svelte'
import Page from './Page.svelte'
import { words } from './words'

await words.use('en')
mount(Page, { target: document.getElementById('page')! })
