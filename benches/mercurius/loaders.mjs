// What hangs on many objects: one statement a level, whatever the breadth.

import { statement } from './database.mjs'
import { USER, usersById } from './users.mjs'
import { member } from './session.mjs'

// Each statement reads a page for every parent of the table `p`, whose place there is `n`.

const friends = statement(
  'friends',
  `SELECT p.n, u.* FROM unnest($1::uuid[]) WITH ORDINALITY AS p(id, n)
   CROSS JOIN LATERAL (
     SELECT ${USER}, f.id AS place
     FROM (SELECT id, friend_id FROM friendships WHERE user_id = p.id ORDER BY id DESC LIMIT $2) f
     JOIN users u ON u.id = f.friend_id
   ) u ORDER BY p.n, u.place DESC`
)

const mutualFriends = statement(
  'mutual_friends',
  `SELECT p.n, u.* FROM unnest($1::uuid[]) WITH ORDINALITY AS p(id, n)
   CROSS JOIN LATERAL (
     SELECT ${USER}, f.id AS place
     FROM (
       SELECT f.id, f.friend_id FROM friendships f
       JOIN friendships mine ON mine.user_id = $3 AND mine.friend_id = f.friend_id
       WHERE f.user_id = p.id ORDER BY f.id DESC LIMIT $2
     ) f
     JOIN users u ON u.id = f.friend_id
   ) u ORDER BY p.n, u.place DESC`
)

// Of the viewer's friends, and of the viewer: who sees more and less is none of the operations'.
const diaries = statement(
  'diaries',
  `SELECT p.n, d.* FROM unnest($1::uuid[]) WITH ORDINALITY AS p(id, n)
   CROSS JOIN LATERAL (
     SELECT author_id AS "authorId", id, title, created_at AS "createdAt",
       comment_count AS "commentCount"
     FROM diaries WHERE author_id = p.id AND (
       audience NOT IN ('ONLY_ME', 'GROUP') OR p.id = $3 OR audience = 'GROUP' AND EXISTS (
         SELECT FROM friend_group_members m
         WHERE m.owner_id = p.id AND m.friend_id = $3 AND m.group_id = diaries.group_id
       )
     )
     ORDER BY diaries.id DESC LIMIT $2
   ) d ORDER BY p.n, d.id DESC`
)

const comments = statement(
  'comments',
  `SELECT p.n, c.* FROM unnest($1::uuid[], $3::uuid[]) WITH ORDINALITY AS p(author, id, n)
   CROSS JOIN LATERAL (
     SELECT id, author_id AS "authorId", body FROM diary_comments
     WHERE diary_author_id = p.author AND diary_id = p.id ORDER BY diary_comments.id LIMIT $2
   ) c ORDER BY p.n, c.id`
)

// The keys are merged first, out of an index alone; OFFSET 0 keeps the planner to that.
const homeFeed = statement(
  'home_feed',
  `SELECT d.author_id AS "authorId", d.id, d.title, d.created_at AS "createdAt",
     d.comment_count AS "commentCount"
   FROM (
     SELECT k.author_id, k.id FROM friendships f
     CROSS JOIN LATERAL (
       SELECT author_id, id FROM diaries WHERE author_id = f.friend_id
       AND audience = ANY('{PUBLIC,MEMBERS,FRIENDS_OF_FRIENDS,FRIENDS}')
       UNION ALL
       SELECT g.author_id, g.id FROM friend_group_members m
       JOIN diaries g ON g.author_id = f.friend_id AND g.group_id = m.group_id
       WHERE f.sees_group_diaries AND m.owner_id = f.friend_id AND m.friend_id = $1
       OFFSET 0
     ) k
     WHERE f.user_id = $1 ORDER BY k.id DESC LIMIT $2
   ) k
   JOIN diaries d ON d.author_id = k.author_id AND d.id = k.id ORDER BY d.id DESC`
)

const footprints = statement(
  'footprints',
  `SELECT id, visited_at AS "visitedAt", visitor_id AS "visitorId"
   FROM footprints WHERE owner_id = $1 ORDER BY number DESC LIMIT $2`
)

const ids = (objects) => objects.map(({ id }) => id)

// A loader tells objects apart by their JSON, which need be no more than the id.
function key () {
  return this.id
}

function keyed (row) {
  row.toJSON = key
  return row
}

/**
 * For each query the page of its object: one statement for each `first` that is asked for. `read`
 * gets the objects and `first`; its rows bear the place of their object, from 1.
 */
async function pages (queries, read) {
  const connections = queries.map(() => ({ nodes: [] }))
  const places = Map.groupBy(queries.keys(), (place) => queries[place].params.first)
  await Promise.all(Array.from(places, async ([first, places]) => {
    const rows = await read(places.map((place) => queries[place].obj), first)
    for (const row of rows) connections[places[row.n - 1]].nodes.push(keyed(row))
  }))
  return connections
}

/** The same of the viewer, of whom there is one. */
function pagesOfViewer (queries, read) {
  return Promise.all(queries.map(async ({ obj, params }) => {
    const rows = await read([obj.id, params.first])
    return { nodes: rows.map(keyed) }
  }))
}

export const loaders = {
  Viewer: {
    homeFeed: (queries) => pagesOfViewer(queries, homeFeed),
    footprints: (queries) => pagesOfViewer(queries, footprints)
  },
  User: {
    friends: (queries) => pages(queries, (users, first) => friends([ids(users), first])),
    mutualFriends: (queries, context) => pages(queries, (users, first) =>
      mutualFriends([ids(users), first, member(context)])),
    diaries: (queries, context) => pages(queries, (users, first) =>
      diaries([ids(users), first, member(context)]))
  },
  Diary: {
    author: (queries) => usersById(queries.map(({ obj }) => obj.authorId)),
    comments: (queries) => pages(queries, (diaries, first) =>
      comments([diaries.map(({ authorId }) => authorId), first, ids(diaries)]))
  },
  DiaryComment: {
    // A new comment comes with its author.
    author: async (queries) => queries.every(({ obj }) => obj.author)
      ? queries.map(({ obj }) => obj.author)
      : usersById(queries.map(({ obj }) => obj.authorId))
  },
  Footprint: {
    visitor: (queries) => usersById(queries.map(({ obj }) => obj.visitorId))
  }
}
