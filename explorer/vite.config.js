import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

// GraphiQL's fonts come in many scripts, as data in the style sheet; what isn't Latin falls back to the system's.
const latinFontsOnly = {
  postcssPlugin: 'latin-fonts-only',
  AtRule: {
    'font-face'(face) {
      const range = face.nodes.find((node) => node.prop === 'unicode-range')?.value;
      if (range && !range.startsWith('U+0000')) face.remove();
    },
  },
};

// The program holds what compresses well compressed, and sends it so (src/explorer.rs).
const compressed = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((name) => /\.(css|js|svg|ttf)$/.test(name))) {
      const path = join(dir, name);
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      rmSync(path);
    }
  },
};

export default defineConfig({
  plugins: [compressed],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3000,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  css: { postcss: { plugins: [latinFontsOnly] } },
});
