import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { forHeader, forMeta } from './csp.ts';
import { typesOfDocuments } from './types.ts';

const service = process.env.ASHIATO_URL ?? 'http://127.0.0.1:8000';

// The page and the API share an origin, so no CORS is needed and a strict policy can say 'self'.
// A proxy in front of both does the same in production.
const proxy = {
  '/graphql': { target: service, ws: true },
  '/photos': { target: service },
};

/** Only in the build: while developing, Vite puts scripts and styles into the page itself. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: forMeta },
      injectTo: 'head-prepend',
    },
  ],
};

export default defineConfig({
  plugins: [react(), typesOfDocuments, contentSecurityPolicy],
  server: { proxy },
  preview: {
    proxy,
    headers: {
      'Content-Security-Policy': forHeader,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  },
  // A file as data in the style sheet would need a wider policy.
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
