// The roots of queries and mutations. What hangs on many objects is loaded in `loaders.mjs`.

import { userByUsername, usersById } from './users.mjs'
import { member } from './session.mjs'
import { commentOnDiary, visitProfile } from './writes.mjs'

export const resolvers = {
  Query: {
    user: (_, { username }) => userByUsername(username),
    viewer: (_, __, { viewer }) => viewer
  },
  Viewer: {
    user: async (viewer, _, __, info) => onlyLists(info) ? viewer : (await usersById([viewer.id]))[0]
  },
  Mutation: {
    visitProfile: (_, { input }, context) => visitProfile(member(context), input),
    commentOnDiary: (_, { input }, context) => commentOnDiary(member(context), input)
  }
}

// A user's lists need no more of the user than the id.
const LISTS = new Set(['friends', 'mutualFriends', 'diaries'])

function onlyLists ({ fieldNodes }) {
  return fieldNodes.every(({ selectionSet }) =>
    selectionSet.selections.every(({ name, selectionSet }) => selectionSet && LISTS.has(name?.value)))
}
