import { cacheExchange, type Cache, type UpdatesConfig } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { diaryOptimism, diaryUpdates } from '../lists/diaries';
import { footprintUpdates } from '../lists/footprints';
import { requestUpdates } from '../lists/requests';
import { visitUpdates } from '../lists/visits';

/** What has no id stands in what it belongs to: pages and their edges, and values such as these. */
const embedded = [
  'PageInfo',
  'FriendSuggestion',
  'Joining',
  ...['Diary', 'DiaryComment', 'Footprint', 'FriendRequest', 'FriendSuggestion', 'User'].flatMap(
    (node) => [`${node}Connection`, `${node}Edge`],
  ),
];

type Entity = { __typename: string; id?: string };

/**
 * When the first page of a list is read anew and something was added meanwhile, what followed no
 * longer joins on to it: there would be a gap. So the later pages are forgotten with it.
 */
const beginningAnew = (name: string) =>
  function update(parent: unknown, args: Record<string, unknown>, cache: Cache) {
    if (args.after) return;
    const entity = cache.keyOfEntity(parent as Entity);
    if (!entity) return;
    for (const field of cache.inspectFields(entity)) {
      if (field.fieldName === name && field.arguments?.after)
        cache.invalidate(entity, name, field.arguments);
    }
  };

const updates: UpdatesConfig = {
  Subscription: footprintUpdates.Subscription,
  Mutation: {
    ...footprintUpdates.Mutation,
    ...diaryUpdates.Mutation,
    ...requestUpdates.Mutation,
    ...visitUpdates.Mutation,
  },
  Viewer: { homeFeed: beginningAnew('homeFeed') },
  User: { diaries: beginningAnew('diaries') },
};

/** Every object once, by its id, which is unique among all types. Pages of a list are read as one. */
export const cache = () =>
  cacheExchange({
    keys: {
      ...Object.fromEntries(embedded.map((type) => [type, () => null])),
      // There is one in a session, and the cache is a session's own.
      Viewer: () => 'me',
    },
    resolvers: {
      Viewer: {
        homeFeed: relayPagination(),
        footprints: relayPagination(),
      },
      User: { diaries: relayPagination() },
      Diary: { comments: relayPagination() },
      Query: { searchUsers: relayPagination() },
    },
    updates,
    optimistic: diaryOptimism,
  });
