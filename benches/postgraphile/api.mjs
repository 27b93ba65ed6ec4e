// What the viewer sees and does. The rest of the schema is PostGraphile's own.

import { randomUUIDv7 } from 'node:crypto'
import { connection, context, lambda, object } from 'postgraphile/grafast'
import { extendSchema } from 'postgraphile/utils'

const viewer = () => context().get('viewer')
const newId = () => lambda(null, () => randomUUIDv7())

export const ApiPlugin = extendSchema((build) => {
  const { users, diaries } = build.pgResources
  const feed = build.pgResources.postgraphile_home_feed
  const mutual = build.pgResources.postgraphile_mutual_friends
  const visit = build.pgResources.postgraphile_visit_profile
  const comment = build.pgResources.postgraphile_comment_on_diary
  return {
    typeDefs: /* GraphQL */ `
      extend type Query { viewer: Viewer }
      type Viewer {
        user: User
        homeFeed(length: Int!): DiaryConnection!
      }
      extend type User {
        diaries: DiaryConnection!
        mutualFriends(length: Int!): UserConnection!
      }
      extend type Mutation {
        visitProfile(input: VisitProfileInput!): VisitProfilePayload
        commentOnDiary(input: CommentOnDiaryInput!): CommentOnDiaryPayload
      }
      input VisitProfileInput { username: String! }
      type VisitProfilePayload { user: User }
      input CommentOnDiaryInput { authorId: UUID!, diaryId: UUID!, body: String! }
      type CommentOnDiaryPayload { comment: DiaryComment }
    `,
    objects: {
      Query: {
        plans: { viewer }
      },
      Viewer: {
        plans: {
          user: ($viewer) => users.get({ id: $viewer }),
          homeFeed: ($viewer, { $length }) =>
            connection(feed.execute([{ step: $viewer }, { step: $length }]))
        }
      },
      User: {
        plans: {
          // Of the viewer's friends, and of the viewer: who sees more and less is none of the
          // operations'.
          diaries: {
            scope: { isPgFieldConnection: true, pgFieldResource: diaries },
            plan ($user) {
              const $diaries = diaries.find({ author_id: $user.get('id') })
              $diaries.where((sql) => sql`${$diaries.alias}.audience <> 'ONLY_ME'`)
              $diaries.orderBy({ attribute: 'id', direction: 'DESC' })
              $diaries.setOrderIsUnique()
              return connection($diaries)
            }
          },
          mutualFriends: ($user, { $length }) =>
            connection(mutual.execute([{ step: $user.get('id') }, { step: viewer() }, { step: $length }]))
        }
      },
      Mutation: {
        plans: {
          visitProfile (_, { $input }) {
            const args = [viewer(), $input.get('username'), newId()]
            return object({ user: visit.execute(args.map((step) => ({ step })), 'mutation') })
          },
          commentOnDiary (_, { $input }) {
            const args = [viewer(), $input.get('authorId'), $input.get('diaryId'), newId(), $input.get('body')]
            return object({ comment: comment.execute(args.map((step) => ({ step })), 'mutation') })
          }
        }
      }
    }
  }
})
