// The mutations: what Ashiato's services do, in as few statements as there can be.

import { randomUUIDv7 } from 'node:crypto'
import { statement, transaction } from './database.mjs'
import { USER, keptForm } from './users.mjs'

const holdOwner = statement(
  'hold_owner',
  `SELECT ${USER} FROM usernames n JOIN users u ON u.id = n.user_id
   JOIN user_counters c ON c.user_id = u.id
   WHERE n.username = $1 FOR NO KEY UPDATE OF c`
)

// A visit within five minutes of the day's last changes nothing. It must see what was committed
// before the owner's row was held, so it is a statement of its own after that.
const leaveFootprint = statement(
  'leave_footprint',
  `WITH owner AS (
     SELECT user_id FROM usernames WHERE username = $1 AND user_id <> $2
   ), today AS (
     SELECT f.number, f.visited_at FROM owner o
     JOIN footprints f ON f.owner_id = o.user_id AND f.visitor_id = $2 AND f.day = $3
   ), counted AS (
     UPDATE user_counters c SET visit_count = c.visit_count + 1,
       footprint_count = c.footprint_count + (t.number IS NULL)::int,
       new_footprint_count = c.new_footprint_count
         + (t.number IS NULL OR t.number <= c.seen_number)::int
     FROM owner o LEFT JOIN today t ON true
     WHERE c.user_id = o.user_id
       AND (t.visited_at IS NULL OR t.visited_at <= $4::timestamptz - interval '5 minutes')
     RETURNING c.user_id, c.visit_count
   )
   INSERT INTO footprints (owner_id, id, visitor_id, day, number, visited_at)
   SELECT user_id, $5, $2, $3, visit_count, $4 FROM counted
   ON CONFLICT (owner_id, visitor_id, day) DO UPDATE SET
     number = excluded.number, visited_at = excluded.visited_at, origin = excluded.origin
   RETURNING number`
)

// One statement is one transaction. The diary's row is held by its count, under the condition that
// the viewer may see it.
const comment = statement(
  'comment',
  `WITH counted AS (
     UPDATE diaries SET comment_count = comment_count + 1
     WHERE author_id = $1 AND id = $2 AND (
       author_id = $3 OR audience IN ('PUBLIC', 'MEMBERS')
       OR audience IN ('FRIENDS', 'FRIENDS_OF_FRIENDS')
         AND EXISTS (SELECT FROM friendships WHERE user_id = $3 AND friend_id = $1)
       OR audience = 'FRIENDS_OF_FRIENDS' AND EXISTS (
         SELECT FROM friendships mine JOIN friendships theirs
         ON theirs.user_id = $1 AND theirs.friend_id = mine.friend_id WHERE mine.user_id = $3
       )
     )
     RETURNING author_id, id
   ), numbered AS (
     UPDATE user_counters c SET comment_number = comment_number + 1 FROM counted
     WHERE c.user_id = counted.author_id AND c.user_id <> $3 RETURNING comment_number
   ), written AS (
     INSERT INTO diary_comments (diary_author_id, diary_id, id, author_id, number, body, created_at)
     SELECT author_id, id, $4, $3, coalesce((SELECT comment_number FROM numbered), 0), $5, $6
     FROM counted RETURNING body
   )
   SELECT w.body AS comment_body, ${USER} FROM written w JOIN users u ON u.id = $3`
)

const JAPAN = 9 * 60 * 60 * 1000

export async function visitProfile (me, { username }) {
  const name = keptForm(username)
  const now = new Date()
  const day = new Date(now.getTime() + JAPAN).toISOString().slice(0, 10)
  const [[user], left] = await transaction((client) => [
    holdOwner([name], client),
    leaveFootprint([name, me, day, now, randomUUIDv7()], client)
  ])
  if (!user) return { user: null, leftFootprint: false, userErrors: [absent('user')] }
  return { user, leftFootprint: left.length === 1, userErrors: [] }
}

export async function commentOnDiary (me, { diaryId, body }) {
  const text = body.replaceAll('\r\n', '\n').trimEnd()
  const length = [...text].length
  if (length === 0) return refused('TEXT_REQUIRED', 'Write something here that can be seen.')
  if (length > 2000) return refused('TEXT_TOO_LONG', 'Use at most 2000 characters.')
  const [author, diary] = diaryKey(diaryId)
  const [row] = await comment([author, diary, me, randomUUIDv7(), text, new Date()])
  if (!row) return { comment: null, userErrors: [absent('diary')] }
  const { comment_body: written, ...user } = row
  return { comment: { body: written, authorId: me, author: user }, userErrors: [] }
}

/** The author and the own id of the diary that a global id names. */
function diaryKey (id) {
  const bytes = Buffer.from(id, 'base64url')
  if (bytes.length !== 33 || bytes[0] !== 'd'.charCodeAt(0)) throw new Error('This is no diary.')
  const hex = bytes.toString('hex', 1)
  return [hex.slice(0, 32), hex.slice(32)]
}

const refused = (code, message) => ({ comment: null, userErrors: [{ code, message, field: 'body' }] })
const absent = (what) => ({ code: 'NOT_FOUND', message: `There is no such ${what}.`, field: null })
