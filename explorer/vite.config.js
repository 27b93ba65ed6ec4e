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

export default defineConfig({
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3000,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  css: { postcss: { plugins: [latinFontsOnly] } },
});
