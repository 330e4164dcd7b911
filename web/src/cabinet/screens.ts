/** Every screen of the cabinet: its address, its place in the navigation, and who may see it. One line for each. */

import type { Component } from 'svelte'
import type { Permission } from './api'
import { t } from './words'

/** The parameters of an address, by their names in the screen's path; its component gets them as props. */
export type Params = Record<string, string>

export type Screen = {
  page: string
  /** Parts that begin with a colon are parameters: /sessions/:id */
  path: string
  title: () => string
  // The path says which props there are; the type system does not read it.
  load: () => Promise<{ default: Component<any> }>
  /** The first level of the navigation, or the tabs of a group. */
  nav?: 'main' | 'settings' | 'operator'
  /** The screen of the first level under which this one belongs. */
  under?: string
  /** Who lacks it does not see the screen in the navigation. */
  needs?: Permission
}

export const screens: Screen[] = [
  { page: 'flows', path: '/flows', title: () => t('cabinet.nav.flows'), load: () => import('./flows/FlowList.svelte'), nav: 'main', needs: 'flows.read' },
  { page: 'new-flow', path: '/flows/new', title: () => t('cabinet.builder.title'), load: () => import('./flows/FlowBuilder.svelte'), under: 'flows', needs: 'flows.write' },
  { page: 'sessions', path: '/sessions', title: () => t('cabinet.nav.sessions'), load: () => import('./sessions/SessionList.svelte'), nav: 'main', needs: 'sessions.read' },
  { page: 'session', path: '/sessions/:id', title: () => t('cabinet.nav.sessions'), load: () => import('./sessions/SessionPage.svelte'), under: 'sessions', needs: 'sessions.read' },
  { page: 'subscriptions', path: '/subscriptions', title: () => t('cabinet.nav.subscriptions'), load: () => import('./Subscriptions.svelte'), nav: 'main', needs: 'flows.read' },
]
