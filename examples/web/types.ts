import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import codegen from './codegen.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const schema = here('../../schema.graphql');
const isWatched = (file: string) =>
  file === schema || (file.startsWith(here('src/')) && !file.startsWith(here('src/gql/')));

/** While developing: a document that is saved has its types at once, or its mistake in the terminal. */
export const typesOfDocuments: Plugin = {
  name: 'types-of-documents',
  apply: 'serve',
  configureServer({ watcher, config: { logger } }) {
    let work = Promise.resolve();
    const write = async () => {
      const { generate } = await import('@graphql-codegen/cli');
      await generate({ ...codegen, cwd: here('.') }, true).catch((error: unknown) => {
        logger.error(error instanceof Error ? error.message : String(error));
      });
    };
    watcher.add(schema);
    watcher.on('all', (_, file) => {
      if (isWatched(file)) work = work.then(write);
    });
  },
};
