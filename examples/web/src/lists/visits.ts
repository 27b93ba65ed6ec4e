import type { UpdatesConfig } from '@urql/exchange-graphcache';
import { graphql } from '../gql';

/*
 * A visit leaves a footprint and gives what is visited, so a page costs one request. But what a
 * mutation answered stays as it was, while a page is to follow the cache (a request that was sent, a
 * comment that was written). So each page is read by a query, and the visit says in the cache what
 * the query will find: it is answered from there, without a second request.
 */

export const VisitProfile = graphql(`
  mutation VisitProfile($input: VisitProfileInput!, $after: String) {
    visitProfile(input: $input) {
      user {
        id
        ...ProfilePage
      }
      leftFootprint
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const ProfileQuery = graphql(`
  query Profile($username: String!, $after: String) {
    user(username: $username) {
      id
      ...ProfilePage
    }
  }
`);

export const VisitDiary = graphql(`
  mutation VisitDiary($input: VisitDiaryInput!, $after: String) {
    visitDiary(input: $input) {
      diary {
        id
        ...DiaryPage
      }
      leftFootprint
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const DiaryQuery = graphql(`
  query Diary($id: ID!, $after: String) {
    node(id: $id) {
      __typename
      id
      ... on Diary {
        ...DiaryPage
      }
    }
  }
`);

export const CommentOnDiary = graphql(`
  mutation CommentOnDiary($input: CommentOnDiaryInput!) {
    commentOnDiary(input: $input) {
      comment {
        id
        ...Comment
      }
      diary {
        id
        commentCount
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const Comments = graphql(`
  fragment Comments on Diary {
    id
    comments(first: 20) {
      edges {
        cursor
        node {
          id
          ...Comment
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Found<Field extends string, Name extends string> = Partial<
  Record<Field, Partial<Record<Name, { __typename: string; id: string } | null>> | null>
>;
type Commented = {
  commentOnDiary: { diary: { id: string } | null; comment: { id: string } | null } | null;
};

export const visitUpdates = {
  Mutation: {
    visitProfile(result, args, cache) {
      const user = (result as Found<'visitProfile', 'user'>).visitProfile?.user;
      const { username } = args.input as { username: string };
      if (user) cache.link('Query', 'user', { username }, user);
    },
    visitDiary(result, args, cache) {
      const diary = (result as Found<'visitDiary', 'diary'>).visitDiary?.diary;
      const { diaryId: id } = args.input as { diaryId: string };
      if (diary) cache.link('Query', 'node', { id }, diary);
    },
    /** The newest comment is the last: it shows at once where the list was read to its end. */
    commentOnDiary(result, _args, cache) {
      const { diary, comment } = (result as Commented).commentOnDiary ?? {};
      if (!diary || !comment) return;
      const found = cache.readFragment(Comments, `Diary:${diary.id}`);
      if (!found || found.comments.pageInfo.hasNextPage) return;
      const edge = {
        __typename: 'DiaryCommentEdge',
        cursor: `local:${comment.id}`,
        node: comment,
      } as unknown as (typeof found.comments.edges)[number];
      const edges = [...found.comments.edges, edge];
      cache.writeFragment(Comments, { ...found, comments: { ...found.comments, edges } });
    },
  },
} satisfies UpdatesConfig;
