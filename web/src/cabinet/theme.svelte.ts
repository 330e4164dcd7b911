/** By day or by night: as the device says, unless somebody chose otherwise in this browser. */

export const themes = ['device', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const memory = 'idflow.theme'

class Appearance {
  current = $state<Theme>(remembered())

  constructor() {
    this.#apply()
  }

  choose(theme: Theme) {
    this.current = theme
    this.#apply()
    try {
      if (theme === 'device') localStorage.removeItem(memory)
      else localStorage.setItem(memory, theme)
    } catch {
      // storage is forbidden: the choice lasts until the page is left
    }
  }

  #apply() {
    if (this.current === 'device') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = this.current
  }
}

function remembered(): Theme {
  try {
    return themes.find((t) => t === localStorage.getItem(memory)) ?? 'device'
  } catch {
    return 'device'
  }
}

export const appearance = new Appearance()
