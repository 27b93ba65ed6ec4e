import { Client, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import type { Client as Socket } from 'graphql-ws';
import { cache } from './cache';
import { codeOf } from './errors';
import { openSocket, resuming } from './live';
import { byName } from './names';
import { repeating } from './retry';

export type Api = { client: Client; socket: Socket | null; close: () => void };

/**
 * A client for one session. Another session gets another client: nothing that one person was
 * shown stays in a cache for the next.
 */
export function openApi(token: string | null, onUnauthenticated: () => void): Api {
  const socket = token === null ? null : openSocket(token, onUnauthenticated);
  const client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetchOptions: token === null ? {} : { headers: { Authorization: `Bearer ${token}` } },
    exchanges: [
      mapExchange({
        onError(error) {
          if (token !== null && codeOf(error) === 'UNAUTHENTICATED') onUnauthenticated();
        },
      }),
      cache(),
      repeating,
      ...byName,
      fetchExchange,
      ...(socket ? [subscriptionExchange({ forwardSubscription: resuming(socket) })] : []),
    ],
  });
  const close = () => {
    // One that never came to be open says so once more, to nobody.
    void Promise.resolve(socket?.dispose()).catch(() => undefined);
  };
  return { client, socket, close };
}
