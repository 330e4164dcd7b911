import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Where `npm run dev` finds the Go server that answers the pages.
const server = process.env.IDFLOW_ADDRESS ?? 'http://127.0.0.1:8080'

/** The page behind an address, as the Go server chooses it too. */
function page(url: string): string | undefined {
  if (url.startsWith('/s/')) return '/capture.html'
  if (/^\/(src|assets|node_modules|@|\.)|^\/[^?]*\.[a-z]+(\?|$)/.test(url)) return undefined
  return '/cabinet.html'
}

export default defineConfig({
  appType: 'mpa',
  plugins: [
    svelte(),
    {
      name: 'pages',
      configureServer(dev) {
        dev.middlewares.use((request, _, next) => {
          const api = /^\/(v1|capture|cabinet)\//.test(request.url ?? '')
          if (!api) request.url = page(request.url ?? '/') ?? request.url
          next()
        })
      },
    },
  ],
  resolve: {
    alias: { $shared: here('./src/shared'), $catalog: here('../catalog') },
    // Tests run in Node and still want the browser's Svelte.
    ...(process.env.VITEST ? { conditions: ['browser'] } : {}),
  },
  build: {
    target: ['es2022', 'chrome100', 'firefox100', 'safari15.4'],
    // Everything is a file of its own: the pages' policy allows nothing inline.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    rolldownOptions: { input: { capture: here('./capture.html'), cabinet: here('./cabinet.html') } },
  },
  server: {
    fs: { allow: [here('.'), here('../catalog')] },
    proxy: { '^/(v1|capture|cabinet)/': { target: server, changeOrigin: false } },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
