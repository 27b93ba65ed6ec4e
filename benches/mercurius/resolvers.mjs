// The roots of queries and mutations. What hangs on many objects is loaded in `loaders.mjs`.

import { userByUsername } from './users.mjs'
import { member } from './session.mjs'
import { commentOnDiary, visitProfile } from './writes.mjs'

export const resolvers = {
  Query: {
    user: (_, { username }) => userByUsername(username),
    viewer: (_, __, { viewer }) => viewer
  },
  Mutation: {
    visitProfile: (_, { input }, context) => visitProfile(member(context), input),
    commentOnDiary: (_, { input }, context) => commentOnDiary(member(context), input)
  }
}
