import type { Cache, UpdatesConfig } from '@urql/exchange-graphcache';
import { graphql } from '../gql';

export const RequestsQuery = graphql(`
  query FriendRequests {
    viewer {
      incomingFriendRequests(first: 50) {
        totalCount
        edges {
          cursor
          node {
            id
            ...IncomingRequest
          }
        }
      }
      outgoingFriendRequests(first: 50) {
        totalCount
        edges {
          cursor
          node {
            id
            ...OutgoingRequest
          }
        }
      }
    }
  }
`);

type Connection = { totalCount: number; edges: { node: { id: string } }[] };

const without = <T extends Connection>(list: T, id: string): T => {
  const edges = list.edges.filter(({ node }) => node.id !== id);
  return { ...list, edges, totalCount: list.totalCount - (list.edges.length - edges.length) };
};

/** A request that was answered or taken back stands in neither list any more. */
function remove(cache: Cache, args: Record<string, unknown>) {
  const { requestId } = args.input as { requestId: string };
  cache.updateQuery({ query: RequestsQuery }, (data) => {
    if (!data?.viewer) return data;
    const { incomingFriendRequests: incoming, outgoingFriendRequests: outgoing } = data.viewer;
    return {
      ...data,
      viewer: {
        ...data.viewer,
        incomingFriendRequests: without(incoming, requestId),
        outgoingFriendRequests: without(outgoing, requestId),
      },
    };
  });
}

const wasDone = (payload: unknown) =>
  (payload as { userErrors: unknown[] } | null)?.userErrors.length === 0;

/** With another friend the feed is another, and so is who might be one. */
function befriended(cache: Cache) {
  cache.invalidate('Viewer:me', 'homeFeed');
  cache.invalidate('Viewer:me', 'suggestedFriends');
}

export const requestUpdates = {
  Mutation: {
    acceptFriendRequest(result, args, cache) {
      if (!wasDone(result.acceptFriendRequest)) return;
      remove(cache, args);
      befriended(cache);
    },
    declineFriendRequest(result, args, cache) {
      if (wasDone(result.declineFriendRequest)) remove(cache, args);
    },
    cancelFriendRequest(result, args, cache) {
      if (wasDone(result.cancelFriendRequest)) remove(cache, args);
    },
    requestFriendship(result, _args, cache) {
      const payload = result.requestFriendship as { becameFriends: boolean } | null;
      if (!wasDone(payload)) return;
      cache.invalidate('Viewer:me', 'outgoingFriendRequests');
      if (payload?.becameFriends) befriended(cache);
    },
  },
} satisfies UpdatesConfig;
