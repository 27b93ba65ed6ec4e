//! What it sees, and what it lets pass.

use super::check;

#[test]
fn a_join_across_users_is_seen_and_one_within_a_user_s_rows_is_not() {
    for fine in [
        "SELECT * FROM friendships WHERE user_id = ANY($1)",
        "SELECT t.* FROM unnest($1) WITH ORDINALITY AS p(k0, n) CROSS JOIN LATERAL (SELECT * FROM \
         diaries WHERE author_id = p.k0 LIMIT 3) AS t",
        "SELECT r.* FROM (SELECT t.author_id, t.id FROM diaries AS t WHERE t.author_id = $1) AS k \
         CROSS JOIN diaries AS r WHERE r.author_id = k.author_id AND r.id = k.id",
        "UPDATE user_counters SET footprint_count = o.n FROM (SELECT count(*) AS n FROM footprints \
         WHERE owner_id = $1) AS o WHERE user_counters.user_id = $1",
        "DELETE FROM footprints WHERE owner_id = $1 AND id IN (SELECT id FROM footprints \
         WHERE owner_id = $1 AND day < $2)",
        "SELECT t.* FROM reviews AS t JOIN catalogue_items AS i ON i.id = t.item_id",
        "SELECT * FROM users AS u WHERE EXISTS (SELECT 1 FROM diaries AS d WHERE d.author_id = u.id)",
    ] {
        assert_eq!(check(fine), Ok(()), "{fine}");
    }
    for across in [
        "SELECT u.* FROM friendships AS f JOIN users AS u ON u.id = f.friend_id WHERE f.user_id = $1",
        "SELECT * FROM users WHERE id IN (SELECT friend_id FROM friendships WHERE user_id = $1)",
        "SELECT * FROM usernames, users WHERE users.id = usernames.user_id",
        "SELECT * FROM users WHERE id = (SELECT max(author_id) FROM diaries)",
        "DELETE FROM sessions WHERE (user_id, id) IN (SELECT user_id, session_id FROM session_tokens)",
        "UPDATE users SET friend_count = 0 FROM friendships AS f WHERE users.id = f.friend_id",
        "SELECT a.* FROM diaries AS a, diaries AS b WHERE a.id = b.id",
    ] {
        assert!(check(across).is_err(), "{across}");
    }
}
