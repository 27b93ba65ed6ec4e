import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types for every document in `src`, checked against the service's own schema. */
const config: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**'],
  ignoreNoDocuments: true,
  silent: true,
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: {
        // What a component did not ask for in its own fragment, it cannot read.
        // (The name is not `useFragment`: it is no hook, and the lint would take it for one.)
        fragmentMasking: { unmaskFunctionName: 'readFragment' },
      },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        // A scalar that is not listed here fails the generation, instead of becoming `any`.
        strictScalars: true,
        scalars: { Date: 'string', DateTime: 'string', Upload: 'File' },
      },
    },
  },
};

export default config;
