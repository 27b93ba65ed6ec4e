-- What the tables alone do not say, as PostGraphile's guides advise: functions, in a schema of their own.
CREATE SCHEMA IF NOT EXISTS postgraphile;

-- The diaries of friends that a friend may see, newest first. The keys are merged first, out of an
-- index alone; OFFSET 0 keeps the planner to that.
CREATE OR REPLACE FUNCTION postgraphile.home_feed(viewer uuid, length int)
RETURNS SETOF public.diaries LANGUAGE sql STABLE AS $$
  SELECT d.* FROM (
    SELECT k.author_id, k.id FROM public.friendships f
    CROSS JOIN LATERAL (
      SELECT author_id, id FROM public.diaries WHERE author_id = f.friend_id
      AND audience = ANY('{PUBLIC,MEMBERS,FRIENDS_OF_FRIENDS,FRIENDS}')
      UNION ALL
      SELECT g.author_id, g.id FROM public.friend_group_members m
      JOIN public.diaries g ON g.author_id = f.friend_id AND g.group_id = m.group_id
      WHERE f.sees_group_diaries AND m.owner_id = f.friend_id AND m.friend_id = viewer
      OFFSET 0
    ) k
    WHERE f.user_id = viewer ORDER BY k.id DESC LIMIT length
  ) k
  JOIN public.diaries d ON d.author_id = k.author_id AND d.id = k.id ORDER BY d.id DESC
$$;

-- The friendships of somebody with the viewer's friends, latest first.
CREATE OR REPLACE FUNCTION postgraphile.mutual_friends(somebody uuid, viewer uuid, length int)
RETURNS SETOF public.friendships LANGUAGE sql STABLE AS $$
  SELECT f.* FROM public.friendships f
  JOIN public.friendships mine ON mine.user_id = viewer AND mine.friend_id = f.friend_id
  WHERE f.user_id = somebody ORDER BY f.id DESC LIMIT length
$$;

-- Leaves the footprint of `visitor` with the user of this name, and gives the user. The owner's
-- counters are held first, so that each statement after sees what was committed before. STRICT: who
-- is not signed in does nothing.
CREATE OR REPLACE FUNCTION postgraphile.visit_profile(visitor uuid, profile text, footprint uuid)
RETURNS public.users LANGUAGE plpgsql VOLATILE STRICT AS $$
DECLARE
  visited public.users;
  at timestamptz := clock_timestamp();
  today date := (at AT TIME ZONE 'Asia/Tokyo')::date;
BEGIN
  SELECT u.* INTO visited FROM public.usernames n JOIN public.users u ON u.id = n.user_id
  JOIN public.user_counters c ON c.user_id = u.id
  WHERE n.username = lower(trim(profile)) FOR NO KEY UPDATE OF c;
  IF NOT FOUND OR visited.id = visitor THEN
    RETURN visited;
  END IF;
  WITH last AS (
    SELECT f.number, f.visited_at FROM public.footprints f
    WHERE f.owner_id = visited.id AND f.visitor_id = visitor AND f.day = today
  ), counted AS (
    UPDATE public.user_counters c SET visit_count = c.visit_count + 1,
      footprint_count = c.footprint_count + (t.number IS NULL)::int,
      new_footprint_count = c.new_footprint_count
        + (t.number IS NULL OR t.number <= c.seen_number)::int
    FROM (SELECT) one LEFT JOIN last t ON true
    WHERE c.user_id = visited.id
      AND (t.visited_at IS NULL OR t.visited_at <= at - interval '5 minutes')
    RETURNING c.visit_count
  )
  INSERT INTO public.footprints (owner_id, id, visitor_id, day, number, visited_at)
  SELECT visited.id, footprint, visitor, today, visit_count, at FROM counted
  ON CONFLICT (owner_id, visitor_id, day) DO UPDATE SET
    number = excluded.number, visited_at = excluded.visited_at, origin = excluded.origin;
  RETURN visited;
END
$$;

-- Writes a comment under a diary that its author may see, and gives it. The diary's row is held by
-- its count, under the condition that it is visible.
CREATE OR REPLACE FUNCTION postgraphile.comment_on_diary(
  commenter uuid, author uuid, diary uuid, comment uuid, text text
)
RETURNS public.diary_comments LANGUAGE sql VOLATILE STRICT AS $$
  WITH said AS (
    SELECT rtrim(replace(text, E'\r\n', E'\n'), E' \t\n') AS body
  ), counted AS (
    UPDATE public.diaries SET comment_count = comment_count + 1 FROM said
    WHERE author_id = author AND id = diary AND char_length(said.body) BETWEEN 1 AND 2000 AND (
      author_id = commenter OR audience IN ('PUBLIC', 'MEMBERS')
      OR audience IN ('FRIENDS', 'FRIENDS_OF_FRIENDS') AND EXISTS (
        SELECT FROM public.friendships WHERE user_id = commenter AND friend_id = author
      )
      OR audience = 'FRIENDS_OF_FRIENDS' AND EXISTS (
        SELECT FROM public.friendships mine JOIN public.friendships theirs
        ON theirs.user_id = author AND theirs.friend_id = mine.friend_id
        WHERE mine.user_id = commenter
      )
    )
    RETURNING author_id, id, said.body
  ), numbered AS (
    UPDATE public.user_counters c SET comment_number = comment_number + 1 FROM counted
    WHERE c.user_id = counted.author_id AND c.user_id <> commenter RETURNING comment_number
  )
  INSERT INTO public.diary_comments
    (diary_author_id, diary_id, id, author_id, number, body, created_at)
  SELECT author_id, id, comment, commenter, coalesce((SELECT comment_number FROM numbered), 0),
    counted.body, clock_timestamp()
  FROM counted
  RETURNING *
$$;
