-- A tenth of a community of 100,000, whose statistics are then multiplied by ten: a statement on one
-- user's rows is planned by how many these are, which is what it is among 100,000, and tables of a
-- tenth of the pages only make it cheaper to read them whole. (All of it takes a minute to load.)

SET session_replication_role = replica;
-- Nothing else is to count them.
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = false)', name);
    END LOOP;
END $$;

CREATE FUNCTION pg_temp.id(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (lpad(to_hex(n), 12, '0') || '70008000000000000000')::uuid $$;

-- The indexes are made when the rows are there: that is quicker.
CREATE TEMP TABLE indexes AS
SELECT c.oid, i.indexname, i.indexdef FROM pg_indexes AS i JOIN pg_class AS c ON c.relname = i.indexname
WHERE i.schemaname = 'public' AND i.indexname LIKE 'idx%';
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT indexname FROM indexes LOOP EXECUTE format('DROP INDEX %I', name); END LOOP;
END $$;

-- Eight letters and figures, so that there are as many pairs of them as in names.
CREATE FUNCTION pg_temp.word(of text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT lower(translate(substr(encode(sha256(of::bytea), 'base64'), 1, 8), '+/=', 'xyz')) $$;

CREATE TEMP TABLE people AS
SELECT n, pg_temp.id(n) AS id, pg_temp.word('user' || n) || n AS username, pg_temp.word('nick' || n) AS nickname
FROM generate_series(0, 9999) AS n;
CREATE TEMP TABLE diaries_of AS
SELECT row_number() OVER (ORDER BY md5(n || ' ' || k)) AS d, n, k
FROM people CROSS JOIN generate_series(1, 4 + (2000 / (n + 20))::int) AS k;

INSERT INTO users (id, username, nickname, kind, role, bio, birth_date, home_region, joined_at, friend_count)
SELECT id, username, nickname, CASE WHEN n < 10 THEN 'TARENTO' ELSE 'MEMBER' END,
    CASE WHEN n = 0 THEN 'ADMINISTRATOR' ELSE 'MEMBER' END, repeat('bio ', 20),
    date '1980-01-01' + (n % 9000)::int, 'TOKYO', timestamptz '2004-02-01' + n * interval '1 hour', 40
FROM people;
INSERT INTO usernames (username, user_id) SELECT username, id FROM people;
INSERT INTO credentials (user_id, password_hash, changed_at) SELECT id, repeat('h', 97), now() FROM people;
INSERT INTO recovery_codes (user_id, code_hash, batch)
SELECT id, sha256((n || ' ' || k)::bytea), id FROM people CROSS JOIN generate_series(1, 10) AS k;
INSERT INTO two_factors (user_id, secret, pending_until)
SELECT id, sha256(n::text::bytea), CASE WHEN n % 50 = 0 THEN now() END FROM people WHERE n % 5 = 0;
INSERT INTO user_counters (user_id, visit_count, footprint_count) SELECT id, n % 1000, n % 20 FROM people;
INSERT INTO user_grams (user_id, gram, username)
SELECT DISTINCT id, substr(username || nickname, k, 2), username
FROM people CROSS JOIN generate_series(1, 15) AS k;
INSERT INTO sessions (user_id, id, created_at, expires_at)
SELECT id, pg_temp.id(n * 2 + k), now(), now() + (n % 30) * interval '1 day'
FROM people CROSS JOIN generate_series(0, (n % 2)::int) AS k;
INSERT INTO session_tokens (token_hash, user_id, session_id, number, expires_at, has_blocks)
SELECT sha256(id::text::bytea), user_id, id, 1, expires_at, false FROM sessions;
INSERT INTO idempotency_keys (user_id, key, operation, fingerprint, answer, created_at)
SELECT id, 'key ' || k, 'commentOnDiary', sha256('1'), '{}', now() - (n % 24) * interval '1 hour'
FROM people CROSS JOIN generate_series(1, 2) AS k;

INSERT INTO invitations (inviter_id, id, places, used, created_at, expires_at)
SELECT id, pg_temp.id(n * 20 + k), 2, k % 2, now(), now() + (n % 30 - 15) * interval '1 day'
FROM people CROSS JOIN generate_series(1, CASE WHEN n < 10 THEN 500 ELSE 5 END) AS k;
INSERT INTO invitation_codes (code_hash, inviter_id, invitation_id, expires_at)
SELECT sha256((inviter_id::text || id)::bytea), inviter_id, id, expires_at FROM invitations;
INSERT INTO invitees (inviter_id, user_id, invitation_id)
SELECT pg_temp.id(n / 10), id, pg_temp.id(n) FROM people WHERE n > 10;
INSERT INTO inviters (user_id, inviter_id, invitation_id)
SELECT user_id, inviter_id, invitation_id FROM invitees;

INSERT INTO phone_numbers (number_hash, user_id)
SELECT sha256(('phone' || n)::bytea), id FROM people WHERE n % 2 = 0;
INSERT INTO user_phones (user_id, number_hash, verified_at) SELECT user_id, number_hash, now() FROM phone_numbers;
INSERT INTO phone_codes (number_hash, code_hash, tries, expires_at)
SELECT number_hash, sha256('code'), 1, now() + row_number() OVER (ORDER BY user_id) * interval '1 second'
FROM phone_numbers;
INSERT INTO phone_code_requests (number_hash, id, expires_at)
SELECT number_hash, pg_temp.id(k), expires_at FROM phone_codes CROSS JOIN generate_series(1, 2) AS k;
INSERT INTO phone_recoveries (recovery_hash, number_hash, code_hash, tries, expires_at)
SELECT sha256(number_hash), number_hash, code_hash, 1, expires_at FROM phone_codes;
INSERT INTO attempts (attempt_hash, times, expires_at)
SELECT sha256(('attempt' || n)::bytea), repeat('1795988400000 ', (n % 5)::int),
    now() + (n % 7200 - 3600) * interval '1 second' FROM people;
INSERT INTO user_facts (user_id, real_name_for, birthday_for, birth_year_for, sex_for, home_region_for,
    hometown, hometown_for, occupation_for)
SELECT id, 'ONLY_ME', 'ONLY_ME', 'ONLY_ME', 'FRIENDS', 'ONLY_ME', 'Kyoto', 'FRIENDS', 'FRIENDS' FROM people;
INSERT INTO audit_log (id, actor_id, act, subject_id, detail, at)
SELECT pg_temp.id(n), pg_temp.id(n % 5), 'ROLE_GIVEN', pg_temp.id(n % 2000), 'MODERATOR', now() FROM people;

INSERT INTO absences (user_id, cause, until)
SELECT id, 'SUSPENDED', CASE WHEN n % 2 = 0 THEN now() + n * interval '1 hour' END FROM people WHERE n % 100 = 7;
INSERT INTO suspensions (user_id, since, until, reason) SELECT user_id, now(), until, 'spam' FROM absences;
INSERT INTO reports (reporter_id, id, subject, author_id, title, body, reason, details, state, created_at, note)
SELECT pg_temp.id(n % 3000), pg_temp.id(n * 10 + k), 'subject ' || (n * 10 + k) % 20000, pg_temp.id((n * 7 + k) % 10000),
    'title', repeat('body ', 60), 'SPAM', 'details', CASE WHEN (n + k) % 50 = 0 THEN 'OPEN' ELSE 'DISMISSED' END,
    now() - n * interval '1 hour', ''
FROM people CROSS JOIN generate_series(1, 3) AS k;

-- Friendships: 11 and more from each to others, and back; some tarento with thousands.
CREATE TEMP TABLE ties AS
SELECT DISTINCT least(n, other) AS a, greatest(n, other) AS b FROM people
CROSS JOIN generate_series(1, least(11 + 10000 / (n + 10), 2000)::int) AS k
CROSS JOIN LATERAL (SELECT (n + 1 + (k::bigint * k * 7919 + k * 31) % 9999) % 10000 AS other) AS o
WHERE n <> other;
CREATE TEMP TABLE numbered AS
SELECT row_number() OVER (ORDER BY md5(a || ' ' || b)) AS t, a, b FROM ties;
INSERT INTO friendships (user_id, friend_id, id, since)
SELECT pg_temp.id(e.mine), pg_temp.id(e.other), pg_temp.id(t), now()
FROM numbered CROSS JOIN LATERAL (VALUES (a, b), (b, a)) AS e(mine, other);
INSERT INTO friend_requests (user_id, other_id, direction, id, number, message, created_at)
SELECT pg_temp.id(e.mine), pg_temp.id(e.other), e.direction, pg_temp.id(n * 1000 + k), k,
    'hello', now()
FROM people CROSS JOIN generate_series(1, CASE WHEN n < 20 THEN 500 ELSE n % 4 END) AS k
CROSS JOIN LATERAL (SELECT (n + 4000 + k * 7) % 10000 AS asked) AS a
CROSS JOIN LATERAL (VALUES (n, asked, 'OUTGOING'), (asked, n, 'INCOMING')) AS e(mine, other, direction)
ON CONFLICT DO NOTHING;
INSERT INTO blocks (user_id, other_id, made, since, received)
SELECT pg_temp.id(e.mine), pg_temp.id(e.other), e.made, now(), e.made IS NULL
FROM people CROSS JOIN generate_series(1, CASE WHEN n < 200 THEN 20 WHEN n % 30 = 0 THEN 2 ELSE 0 END) AS k
CROSS JOIN LATERAL (SELECT (n + 3000 + k % 2 * 30 + k) % 10000 AS blocked) AS b
CROSS JOIN LATERAL (VALUES (n, blocked, pg_temp.id(n * 100 + k)), (blocked, n, NULL)) AS e(mine, other, made)
ON CONFLICT DO NOTHING;

-- Groups of friends: the close friends of everybody, with a few in it, and of some a dozen others.
INSERT INTO friend_groups (owner_id, id, name, name_key, friend_count, diary_count)
SELECT id, CASE k WHEN 0 THEN '00000000-0000-0000-0000-000000000000' ELSE pg_temp.id(n * 20 + k) END,
    'group ' || k, 'group ' || k, 5, k % 3
FROM people CROSS JOIN generate_series(0, CASE WHEN n % 10 = 0 THEN 12 ELSE 1 END) AS k;
INSERT INTO friend_group_members (owner_id, group_id, friend_id, id)
SELECT g.owner_id, g.id, f.friend_id, f.id FROM friend_groups AS g
CROSS JOIN LATERAL (SELECT friend_id, id FROM friendships WHERE user_id = g.owner_id
    ORDER BY md5(friend_id::text || g.id::text) LIMIT 5) AS f;

-- What one in five friends wrote of a user.
INSERT INTO introductions (subject_id, author_id, id, body, created_at)
SELECT user_id, friend_id, id, repeat('introduction ', 8), now() FROM friendships
WHERE md5(user_id::text || friend_id::text) < '3';
INSERT INTO written_introductions (author_id, subject_id, id)
SELECT author_id, subject_id, id FROM introductions;

INSERT INTO diaries (author_id, id, title, body, audience, group_id, comment_count, created_at)
SELECT pg_temp.id(n), pg_temp.id(d), 'title ' || k, repeat('body ', 60),
    (ARRAY['PUBLIC', 'MEMBERS', 'FRIENDS_OF_FRIENDS', 'GROUP', 'FRIENDS', 'ONLY_ME'])[1 + d % 6],
    CASE d % 6 WHEN 3 THEN uuid '00000000-0000-0000-0000-000000000000' END, 3, now()
FROM diaries_of;
INSERT INTO diary_texts (author_id, id, place, terms)
SELECT author_id, id, row_number() OVER (ORDER BY id), array_to_tsvector(ARRAY['title', 'body', audience,
    substr(md5(id::text), 1, 2), substr(md5(id::text), 3, 3), substr(md5(id::text), 6, 3), author_id::text])
FROM diaries;
INSERT INTO photos (owner_id, id, state, diary_id, place, format, width, height, bytes, created_at, due_at)
SELECT pg_temp.id(n), pg_temp.id(d * 10 + p), CASE WHEN d % 3 = 0 THEN 'DIARY' WHEN d % 50 = 1 THEN 'REMOVED' ELSE 'PROFILE' END,
    CASE WHEN d % 3 = 0 THEN pg_temp.id(d) END, p, 'JPEG', 1600, 1200, 400000, now(),
    CASE WHEN d % 50 = 1 AND d % 3 > 0 THEN now() + d * interval '1 minute' END
FROM diaries_of CROSS JOIN generate_series(0, 1) AS p;
-- One in five has ordered a plan, some of them often, and paid for a year.
INSERT INTO orders (user_id, id, plan, yen, megabytes, take_backs, state, payer_id, customer, created_at, open_until,
    subscription, paid_at, paid_until, holds_until)
SELECT id, pg_temp.id(n * 100 + k), 'plus', 300, 1000, 30, CASE WHEN k = 1 THEN 'PAID' ELSE 'EXPIRED' END,
    pg_temp.id(n + 500000), 'cus_' || n, now(), now(), 'sub_' || n || ' ' || k, now(),
    CASE WHEN k = 1 THEN now() + n * interval '1 hour' END, CASE WHEN k = 1 THEN now() + n * interval '1 hour' END
FROM people CROSS JOIN generate_series(1, CASE WHEN n < 100 THEN 200 ELSE 2 END) AS k WHERE n % 5 = 2;
INSERT INTO payers (customer, payer_id, user_id)
SELECT 'cus_' || n, pg_temp.id(n + 500000), id FROM people WHERE n % 5 = 2;
INSERT INTO ledger_entries (payer_id, number, kind, yen, balance, order_id, reference, covers_until, at)
SELECT pg_temp.id(n + 500000), k, 'CHARGE', 300, k * 300, pg_temp.id(n * 100 + 1), 'in_' || n || ' ' || k, now(),
    now() - k * interval '30 days'
FROM people CROSS JOIN generate_series(1, CASE WHEN n < 100 THEN 400 ELSE 12 END) AS k WHERE n % 5 = 2;
INSERT INTO payment_events (id, kind, at)
SELECT 'evt_' || n || ' ' || k, 'invoice.paid', now() - (n % 90) * interval '1 day'
FROM people CROSS JOIN generate_series(1, 3) AS k;
INSERT INTO payment_endings (reference, way, next_at)
SELECT 'sub_' || n, 'AT_PERIOD_END', now() + n * interval '1 minute' FROM people WHERE n % 5 = 2;
INSERT INTO diary_comments (diary_author_id, diary_id, id, author_id, number, body, created_at)
SELECT pg_temp.id(n), pg_temp.id(d), pg_temp.id(d * 2000 + c),
    pg_temp.id((d * 31 + c * 7919) % 10000), d * 2000 + c, repeat('comment ', 5), now()
FROM diaries_of CROSS JOIN generate_series(1, CASE WHEN d % 500 = 0 THEN 300 ELSE (d % 5)::int END) AS c;

INSERT INTO footprints (owner_id, id, visitor_id, day, number, visited_at, origin)
SELECT pg_temp.id(n), pg_temp.id(n * 10000 + k),
    pg_temp.id((n + k * 7) % 10000), date '2010-01-01' + (k * 17 + n)::int % 365, k, now(), 'SEARCH'
FROM people CROSS JOIN generate_series(1, least(12 + 8000 / (n + 10), 2000)::int) AS k;
INSERT INTO visitors (user_id, footprint_policy, recent_visits)
SELECT id, CASE n % 10 WHEN 0 THEN 'CONNECTIONS' WHEN 1 THEN 'ANONYMOUS' ELSE 'NAMED' END,
    '19000000 1 0 0 2 0 1' FROM people WHERE n % 5 > 0;
INSERT INTO unlisted_visits (owner_id, visitor_id, visited_at)
SELECT pg_temp.id(n), pg_temp.id((n + k * 7) % 10000), now() - (n + k) % 600 * interval '1 second'
FROM people CROSS JOIN generate_series(1, 2) AS k;

-- Of one in ten some numbers that were reached, and two to come.
INSERT INTO kiribans (owner_id, number, named_at, reached_at, visitor_id, named_to_all)
SELECT id, k * 100, now(), CASE WHEN k < 11 THEN now() END,
    CASE WHEN k < 11 THEN pg_temp.id((n + k * 7) % 10000) END, k < 11
FROM people CROSS JOIN generate_series(1, 12) AS k WHERE n % 10 = 3;
INSERT INTO inboxes (user_id, number, read_number, unread_count) SELECT id, 60, 40, 20 FROM people WHERE n % 20 > 0;
INSERT INTO notifications (user_id, id, number, kind, at, day, actor_id, diary_id, kiriban)
SELECT pg_temp.id(n), pg_temp.id(n * 10000 + k), k,
    (ARRAY['DIARY_COMMENTED', 'DIARY_COMMENTED', 'DIARY_COMMENTED', 'FRIEND_REQUEST_RECEIVED', 'FRIENDSHIP_BEGUN',
        'INTRODUCTION_WRITTEN'])[1 + k % 6],
    now(), date '2010-01-01' + (k + n)::int % 90, pg_temp.id((n + k * 7) % 10000), pg_temp.id(n), NULL
FROM people CROSS JOIN generate_series(1, least(20 + 8000 / (n + 10), 2000)::int) AS k WHERE n % 20 > 0;

-- One in ten rests at night, and has done so for ninety days.
INSERT INTO rests (user_id, weekly, weekly_from, is_shown, due_at)
SELECT id, '1 22:00-06:00', now(), n % 20 = 0, now() + n * interval '1 minute' FROM people WHERE n % 10 = 4;
INSERT INTO rest_digests (user_id, id, began_at, ended_at, is_told, first_footprint, last_footprint, first_request,
    last_request, first_comment, last_comment, first_notification, last_notification)
SELECT pg_temp.id(n), pg_temp.id(n * 10000 + k), now() - k * interval '1 day', now() - k * interval '23 hours', true,
    k * 3, k * 3 + 2, k * 2, k * 2, k * 3, k * 3 + 2, k * 5, k * 5 + 4
FROM people CROSS JOIN generate_series(1, 90) AS k WHERE n % 10 = 4;

INSERT INTO account_deletions (user_id, requested_at, due_at, next_at)
SELECT id, now(), now() + n * interval '1 minute', now() + n * interval '1 minute' FROM people WHERE n % 7 = 0;
INSERT INTO data_exports (user_id, id, state, requested_at, next_at)
SELECT pg_temp.id(n), pg_temp.id(n * 100 + k), 'FETCHED', now(), now() + (n + k) * interval '1 minute'
FROM people CROSS JOIN generate_series(1, CASE WHEN n % 5 = 0 THEN 3 ELSE 1 END) AS k;
INSERT INTO data_export_parts (user_id, export_id, number, bytes)
SELECT user_id, id, k, '\x00'::bytea FROM data_exports CROSS JOIN generate_series(0, 5) AS k;

INSERT INTO catalogue_items (id, kind, title, title_key, edition, year, created_at)
SELECT pg_temp.id(i), (ARRAY['CD', 'MOVIE', 'VIDEO_GAME', 'BOOK', 'SONG'])[1 + i % 5],
    pg_temp.word('title' || i) || i, pg_temp.word('title' || i) || i, '', 2000, now()
FROM generate_series(0, 4999) AS i;
INSERT INTO catalogue_titles (item_id, position, title)
SELECT pg_temp.id(i), 1, 'another ' || i FROM generate_series(0, 4999) AS i;
INSERT INTO catalogue_grams (gram, title_key, item_id, kind)
SELECT DISTINCT substr(title_key, k, 2), title_key, id, kind
FROM catalogue_items CROSS JOIN generate_series(1, 9) AS k;
INSERT INTO item_ratings (item_id, stars_3) SELECT pg_temp.id(i), 6 FROM generate_series(0, 4999) AS i;
INSERT INTO reviews (author_id, item_id, id, kind, rating, body, created_at)
SELECT pg_temp.id(n), pg_temp.id(i), pg_temp.id(n * 500 + k),
    (ARRAY['CD', 'MOVIE', 'VIDEO_GAME', 'BOOK', 'SONG'])[1 + i % 5], 3, repeat('review ', 30), now()
FROM people CROSS JOIN generate_series(1, 2 + (1000 / (n + 10))::int) AS k
CROSS JOIN LATERAL (SELECT (n * k * 31 + k) % CASE k WHEN 1 THEN 50 ELSE 5000 END AS i) AS item
ON CONFLICT DO NOTHING;
INSERT INTO item_reviews (item_id, id, author_id) SELECT item_id, id, author_id FROM reviews;
INSERT INTO review_texts (author_id, id, place, terms)
SELECT author_id, item_id, row_number() OVER (ORDER BY id), array_to_tsvector(ARRAY['review',
    substr(md5(id::text), 1, 2), substr(md5(id::text), 3, 3), author_id::text])
FROM reviews;

-- Songs are every fifth item. Some people listen to very much, for twelve weeks.
INSERT INTO artists (id, name, created_at)
SELECT pg_temp.id(a), pg_temp.word('artist' || a) || a, now() FROM generate_series(0, 999) AS a;
INSERT INTO artist_names (name_key, artist_id, position, name)
SELECT name, id, 0, name FROM artists UNION ALL SELECT 'another ' || name, id, 1, 'another ' || name FROM artists;
INSERT INTO artist_grams (gram, name_key, artist_id)
SELECT DISTINCT substr(name, k, 2), name, id FROM artists CROSS JOIN generate_series(1, 9) AS k;
UPDATE catalogue_items SET artist_id = pg_temp.id(('x' || substr(md5(title), 1, 4))::bit(16)::int % 1000)
WHERE kind IN ('CD', 'SONG');
INSERT INTO favourite_songs (user_id, item_id, place, added_at)
SELECT id, pg_temp.id(4 + 5 * ((n * 13 + k * 7) % 1000)), k, now()
FROM people CROSS JOIN generate_series(1, CASE WHEN n < 50 THEN 100 ELSE n % 12 END) AS k;
INSERT INTO listens (user_id, id, item_id)
SELECT id, pg_temp.id(1146000000000 + k * 100000 + n), pg_temp.id(4 + 5 * ((n * 7 + k * k) % 1000))
FROM people CROSS JOIN generate_series(1, (n % 5) * 10 + 20000 / (n + 20)) AS k;
INSERT INTO weekly_listens (user_id, week, item_id, listens)
SELECT user_id, 104600 + ('x' || substr(md5(id::text), 1, 2))::bit(8)::int % 12, item_id, count(*)
FROM listens GROUP BY 1, 2, 3;
INSERT INTO song_listeners (user_id, item_id, listen_id)
SELECT DISTINCT ON (user_id, item_id) user_id, item_id, id FROM listens ORDER BY user_id, item_id, id DESC;
INSERT INTO song_charts (week, item_id, listens, listeners)
SELECT week, item_id, sum(listens), count(*) FROM weekly_listens GROUP BY 1, 2;
INSERT INTO uncharted_listens (user_id, id, week, item_id, listens, listeners)
SELECT pg_temp.id(n % 3000), pg_temp.id(n), 104611, pg_temp.id(4 + 5 * (n % 1000)), 1, n % 2 FROM people;

-- Brands' pages: each is run by three, has published for years, and many follow some.
INSERT INTO brands (id, handle, name, description, owner_id, editor_count, created_at)
SELECT pg_temp.id(b), 'brand' || b, pg_temp.word('brand' || b), repeat('brand ', 20), pg_temp.id(b), 2, now()
FROM generate_series(0, 999) AS b;
INSERT INTO brand_handles (handle, brand_id) SELECT handle, id FROM brands;
INSERT INTO brand_grams (brand_id, gram, handle)
SELECT DISTINCT id, substr(handle || name, k, 2), handle FROM brands CROSS JOIN generate_series(1, 16) AS k;
INSERT INTO brand_editors (brand_id, user_id, id)
SELECT pg_temp.id(b), pg_temp.id(b + k * 1000), pg_temp.id(b * 10 + k)
FROM generate_series(0, 999) AS b CROSS JOIN generate_series(1, 2) AS k;
INSERT INTO run_brands (user_id, brand_id, id, is_owner)
SELECT owner_id, id, id, true FROM brands UNION ALL SELECT user_id, brand_id, id, false FROM brand_editors;
INSERT INTO followed_brands (user_id, brand_id, id, since)
SELECT id, pg_temp.id(b), pg_temp.id(n * 1000 + b), now()
FROM people CROSS JOIN LATERAL (SELECT DISTINCT (n * 31 + k * k * 7) % CASE k % 3 WHEN 0 THEN 1000 ELSE 50 END AS b
    FROM generate_series(1, CASE WHEN n < 100 THEN 600 ELSE n % 30 END) AS k) AS f;
INSERT INTO brand_followers (brand_id, user_id) SELECT brand_id, user_id FROM followed_brands;
INSERT INTO brand_posts (brand_id, id, author_id, number, body, created_at)
SELECT pg_temp.id(b), pg_temp.id(b * 1000 + k), pg_temp.id(b + k % 3 * 1000), k * 1000 + b, repeat('post ', 40), now()
FROM generate_series(0, 999) AS b CROSS JOIN generate_series(1, 20 + 2000 / (b + 10)) AS k;
INSERT INTO brand_days (brand_id, day, gained, lost, posts)
SELECT pg_temp.id(b), date '2006-05-01' - k, 3, 1, k % 2
FROM generate_series(0, 999) AS b CROSS JOIN generate_series(1, 100) AS k;
INSERT INTO brand_removals (brand_id) SELECT pg_temp.id(b) FROM generate_series(2000, 2009) AS b;
INSERT INTO sequences (name, number) VALUES ('brand_posts', 300000);

-- Some people come every day. The figures are those of three years.
INSERT INTO usage_days (user_id, day, device, visits, writings, readings)
SELECT id, date '2006-05-01' - k::int, CASE WHEN (n + k) % 3 = 0 THEN 'FEATURE_PHONE' ELSE 'PC' END, 1, 1, 1
FROM people CROSS JOIN generate_series(1, CASE WHEN n < 100 THEN 400 ELSE n % 30 END) AS k;
INSERT INTO access_days (day, device, operations)
SELECT date '2006-05-01' - k, device, 1000
FROM generate_series(1, 1000) AS k
CROSS JOIN unnest(ARRAY['PC', 'SMARTPHONE', 'FEATURE_PHONE', 'OTHER']) AS device;
INSERT INTO statistics_days (kind, day, part, figure)
SELECT kind, date '2006-05-01' - k, '', 1000
FROM generate_series(1, 1000) AS k CROSS JOIN unnest(ARRAY['USERS', 'ACTIVE', 'MONTHLY_ACTIVE', 'FRIENDSHIPS',
    'DIARIES', 'REVIEWS', 'FOOTPRINTS']) AS kind;
INSERT INTO statistics_days (kind, day, part, figure)
SELECT 'JOINED', date '2006-05-01' - k, 'month ' || m, 1000
FROM generate_series(1, 1000) AS k CROSS JOIN generate_series(1, 30) AS m;
INSERT INTO statistics_days (kind, day, part, figure)
SELECT kind, (date '2006-05-01' - m * interval '1 month')::date, 'part ' || p, 1000
FROM generate_series(1, 36) AS m CROSS JOIN generate_series(1, 12) AS p
CROSS JOIN unnest(ARRAY['AGE', 'SEX', 'REGION', 'ACCESS', 'ACTIVE_OF_MONTH']) AS kind;

DO $$ DECLARE definition text; BEGIN
    FOR definition IN SELECT indexdef FROM indexes ORDER BY oid LOOP EXECUTE definition; END LOOP;
END $$;

ANALYZE;

-- Ten times as many rows, and as many users and items that they are of.
UPDATE pg_statistic AS s SET stadistinct = s.stadistinct * 10
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
WHERE s.starelid = a.attrelid AND s.staattnum = a.attnum AND s.stadistinct > 0
    AND a.atttypid = 'uuid'::regtype AND c.relnamespace = 'public'::regnamespace;
UPDATE pg_class SET reltuples = reltuples * 10
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') AND reltuples > 0;
