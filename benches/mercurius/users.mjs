// Users, by name and by id.

import { statement } from './database.mjs'

/** The columns of the user `u`. */
export const USER = 'u.id, u.username, u.nickname, u.bio, u.friend_count AS "friendCount"'

const named = statement(
  'user_by_username',
  `SELECT ${USER} FROM usernames n JOIN users u ON u.id = n.user_id WHERE n.username = $1`
)

const identified = statement('users_by_id', `SELECT ${USER} FROM users u WHERE u.id = ANY($1)`)

/** A user name in the form that it is kept in. */
export function keptForm (username) {
  return username.trim().toLowerCase()
}

/** The user with this name, or null. */
export async function userByUsername (username) {
  const [user] = await named([keptForm(username)])
  return user ?? null
}

/** The users with these ids, in that order; each is read once. */
export async function usersById (ids) {
  const rows = await identified([[...new Set(ids)]])
  const found = new Map(rows.map((user) => [user.id, user]))
  return ids.map((id) => found.get(id))
}
