import type { CodegenConfig } from '@graphql-codegen/cli';
import { formatDocument } from '@urql/core';

/** Types for every document in `src`, checked against the service's own schema, and the manifest of them all. */
const config: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**'],
  ignoreNoDocuments: true,
  silent: true,
  generates: {
    'src/gql/': {
      preset: 'client',
      // With `__typename` wherever the cache asks for it. It adds that to what it sends; where it sends a
      // name alone, the document has to have it already.
      documentTransforms: [
        {
          transform: ({ documents }) =>
            documents.map((file) => ({
              ...file,
              document: file.document && formatDocument(file.document),
            })),
        },
      ],
      presetConfig: {
        // What a component did not ask for in its own fragment, it cannot read.
        // (The name is not `useFragment`: it is no hook, and the lint would take it for one.)
        fragmentMasking: { unmaskFunctionName: 'readFragment' },
        // src/gql/persisted-documents.json, for `--trusted-documents`; each document knows its hash.
        persistedDocuments: { hashAlgorithm: 'sha256' },
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
