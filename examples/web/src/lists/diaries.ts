import type { OptimisticMutationConfig, UpdatesConfig } from '@urql/exchange-graphcache';
import { graphql } from '../gql';
import type { WriteDiaryInput } from '../gql/graphql';

export const MyDiariesQuery = graphql(`
  query MyDiaries($after: String) {
    viewer {
      user {
        id
        diaries(first: 10, after: $after) {
          edges {
            cursor
            node {
              id
              ...DiarySummary
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

export const WriteDiary = graphql(`
  mutation WriteDiary($input: WriteDiaryInput!) {
    writeDiary(input: $input) {
      diary {
        id
        ...DiarySummary
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const PENDING = 'pending:';

/** A diary that the service has not answered for yet: it has no page to link to. */
export const isPending = (id: string) => id.startsWith(PENDING);

/** What the list shows until the answer is there. Then it goes, and with a refusal nothing comes in its place. */
export const diaryOptimism = {
  writeDiary({ input }) {
    const { title, body, audience, idempotencyKey } = input as WriteDiaryInput;
    return {
      __typename: 'WriteDiaryPayload',
      diary: {
        __typename: 'Diary',
        id: `${PENDING}${idempotencyKey ?? ''}`,
        title,
        body,
        audience: audience ?? 'FRIENDS',
        createdAt: new Date().toISOString(),
        commentCount: 0,
        photos: [],
      },
      userErrors: [],
    };
  },
} satisfies OptimisticMutationConfig;

type Written = { writeDiary: { diary: { id: string } | null } | null };

export const diaryUpdates = {
  Mutation: {
    writeDiary(result, _args, cache) {
      const diary = (result as Written).writeDiary?.diary;
      if (!diary) return;
      cache.updateQuery({ query: MyDiariesQuery }, (data) => {
        if (!data?.viewer) return data;
        const { diaries } = data.viewer.user;
        type Edge = (typeof diaries.edges)[number];
        // The payload has the diary without its place in the list: no page begins at this cursor.
        const edge = { __typename: 'DiaryEdge', cursor: `local:${diary.id}`, node: diary };
        const edges = [edge as unknown as Edge, ...diaries.edges];
        const user = { ...data.viewer.user, diaries: { ...diaries, edges } };
        return { ...data, viewer: { ...data.viewer, user } };
      });
    },
  },
} satisfies UpdatesConfig;
