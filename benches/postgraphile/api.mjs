// What the viewer sees and does. The rest of the schema is PostGraphile's own.

import { randomUUIDv7 } from 'node:crypto'
import { pgSelect, TYPES } from 'postgraphile/@dataplan/pg'
import { connection, context, lambda, object } from 'postgraphile/grafast'
import { extendSchema } from 'postgraphile/utils'

const typeDefs = /* GraphQL */ `
  extend type Query { viewer: Viewer }

  type Viewer {
    user: User
    homeFeed(first: Int!): DiaryConnection!
  }

  extend type User {
    diaries(first: Int!): DiaryConnection!
    mutualFriends(first: Int!): FriendshipConnection!
  }

  extend type Mutation {
    visitProfile(input: VisitProfileInput!): VisitProfilePayload
    commentOnDiary(input: CommentOnDiaryInput!): CommentOnDiaryPayload
  }

  input VisitProfileInput { username: String! }
  type VisitProfilePayload { user: User }
  input CommentOnDiaryInput { authorId: UUID!, diaryId: UUID!, body: String! }
  type CommentOnDiaryPayload { comment: DiaryComment }
`

const viewer = () => context().get('viewer')
const newId = () => lambda(null, () => randomUUIDv7())
const args = (steps) => steps.map((step) => ({ step }))

/** The newest rows first, by their ids alone: those of each list are unique. */
function newestFirst ($rows) {
  $rows.orderBy({ attribute: 'id', direction: 'DESC' })
  $rows.setOrderIsUnique()
  return $rows
}

// A list in one order, of which `first` says the length: without PostGraphile's further arguments.
const plain = (plan) => ({
  scope: { isPgFieldConnection: undefined, pgFieldResource: undefined },
  plan
})

/**
 * The rows of a function, ordered once more by their ids: so that what they lead to is joined in
 * the same statement, which PostGraphile leaves be where a function's own order must hold.
 */
function listed (resource, steps) {
  const $rows = pgSelect({ resource, identifiers: [], args: args(steps), hasImplicitOrder: false })
  return connection(newestFirst($rows))
}

export const ApiPlugin = extendSchema(({ pgResources }) => ({
  typeDefs,
  objects: {
    Query: {
      plans: { viewer }
    },
    Viewer: {
      plans: {
        user: ($viewer) => pgResources.users.get({ id: $viewer }),
        homeFeed: plain(($viewer, { $first }) =>
          listed(pgResources.postgraphile_home_feed, [$viewer, $first]))
      }
    },
    User: {
      plans: {
        // Of the viewer's friends, and of the viewer: who sees more and less is none of the
        // operations'.
        diaries: plain(($user, { $first }) => {
          const $diaries = pgResources.diaries.find({ author_id: $user.get('id') })
          const $me = $diaries.placeholder(viewer(), TYPES.uuid)
          const d = $diaries.alias
          $diaries.where((sql) => sql`(${d}.audience NOT IN ('ONLY_ME', 'GROUP')
            OR ${d}.audience = 'GROUP' AND EXISTS (
              SELECT FROM friend_group_members m
              WHERE m.owner_id = ${d}.author_id AND m.friend_id = ${$me}
              AND m.group_id = ${d}.group_id
            ))`)
          const $connection = connection(newestFirst($diaries))
          $connection.setFirst($first)
          return $connection
        }),
        mutualFriends: plain(($user, { $first }) =>
          listed(pgResources.postgraphile_mutual_friends, [$user.get('id'), viewer(), $first]))
      }
    },
    Mutation: {
      plans: {
        visitProfile (_, { $input }) {
          const steps = [viewer(), $input.get('username'), newId()]
          return object({ user: pgResources.postgraphile_visit_profile.execute(args(steps)) })
        },
        commentOnDiary (_, { $input }) {
          const steps = [
            viewer(), $input.get('authorId'), $input.get('diaryId'), newId(), $input.get('body')
          ]
          return object({ comment: pgResources.postgraphile_comment_on_diary.execute(args(steps)) })
        }
      }
    }
  }
}))
