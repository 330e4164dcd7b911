/** Who can open an address that this server gave out. */

/** `nobody`: only this computer; `blind`: other machines, but without their cameras. */
export type Reach = 'everybody' | 'blind' | 'nobody'

export function reachOf(url: string): Reach {
  const { protocol, hostname } = new URL(url)
  if (/^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(hostname)) return 'nobody'
  return protocol === 'https:' ? 'everybody' : 'blind' // browsers open cameras on secure pages only
}
