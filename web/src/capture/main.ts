import '$shared/tokens.css'
import '$shared/base.css'
import { mount } from 'svelte'
import Page from './Page.svelte'
import { Passage } from './passage.svelte'
import { Server, tokenOf } from './server'

const passage = new Passage(new Server(tokenOf(location.pathname)))
void passage.refresh()
mount(Page, { target: document.getElementById('page')!, props: { passage } })
