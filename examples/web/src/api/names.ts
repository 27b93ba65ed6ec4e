import { persistedExchange } from '@urql/exchange-persisted';
import type { Exchange } from 'urql';

/** What the generator has written beside each operation: the hash of its text. */
type Named = { __meta__?: { hash: string } };

/**
 * Built with VITE_TRUSTED_DOCUMENTS=true, the site sends the name of each document in the place of its
 * text, to a service that was given their manifest (`--trusted-documents`).
 */
export const byName: Exchange[] =
  import.meta.env.VITE_TRUSTED_DOCUMENTS === 'true'
    ? [
        persistedExchange({
          // The service has them all, or the site and the service do not go together.
          enforcePersistedQueries: true,
          enableForMutation: true,
          enableForSubscriptions: true,
          generateHash: (_, document) => Promise.resolve((document as Named).__meta__?.hash ?? ''),
        }),
      ]
    : [];
