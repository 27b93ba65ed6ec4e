//! Those of the catalogue, favourite songs, listens and charts.

use super::{Allowed, RECOUNT, allowed, several};
use crate::plans::bounds::{PASSED_OVER, WHOLE};

const FEW: &str = "a user has at most 100 favourite songs";
const NAMES: &str = "an artist has at most eleven names";
const OF_ARTISTS: &str = "the names under the first pair of signs that is looked for: artists do not grow in number with the users";
const TO_COUNT: &str = "what was listened to in the last seconds, and is still to be counted";
const ONE: &str = "the id is of one listen: it is made of its user, its song and its moment";
const A_DAY: &str = "what a user listened to in a day, of which no more than 500 is counted";

/// On PostgreSQL alone.
pub const POSTGRES: &[Allowed] = &[
    allowed(
        "FROM unnest($1) WITH ORDINALITY AS p(k0, n) CROSS JOIN catalogue_titles AS t",
        "catalogue_titles_pkey (item_id = p.k0)",
        "an item has at most ten other titles",
    ),
    allowed(
        "AND g.kind = $9 ORDER BY g.title_key, g.item_id",
        "catalogue_grams_pkey (((gram)::text = $1)",
        "the titles of a catalogue, which does not grow with the users, under one of five pairs of signs",
    ),
    several(
        "EXISTS (SELECT 1 FROM artist_grams",
        "Sort of a whole history",
        OF_ARTISTS,
    ),
    allowed(
        "CROSS JOIN favourite_songs AS f WHERE f.user_id = p.k0 GROUP BY",
        "idx_favourite_songs_user_id_place (user_id = p.k0)",
        FEW,
    ),
    allowed(
        "(SELECT count(*) FROM listens AS l",
        "listens_pkey ((user_id = $1) AND (id >= p.k0) AND (id < p.k1))",
        A_DAY,
    ),
    allowed(
        "FROM uncharted_listens ORDER BY id LIMIT $1 FOR UPDATE",
        "uncharted_listens",
        "what was listened to in the last seconds: the table is all but empty",
    ),
    several(
        "UPDATE favourite_songs SET place",
        "idx_favourite_songs_user_id_place ((user_id",
        FEW,
    ),
    allowed(r#"DELETE FROM "favourite_songs""#, "(user_id = $1)", FEW),
    allowed(
        "DELETE FROM listens WHERE (user_id, id) IN",
        "idx_listens_id (id = k.k1)",
        ONE,
    ),
    allowed(
        "DELETE FROM song_listeners WHERE (user_id, listen_id) IN",
        "idx_song_listeners_listen_id (listen_id = k.k1)",
        ONE,
    ),
    allowed(
        "DELETE FROM uncharted_listens WHERE user_id = $1",
        "uncharted_listens_pkey (user_id = $1)",
        "what one user listened to in the last seconds",
    ),
];

/// On SQLite alone.
pub const SQLITE: &[Allowed] = &[
    allowed(
        "DELETE FROM uncharted_listens WHERE (user_id, id) IN",
        "idx_uncharted_listens_id",
        TO_COUNT,
    ),
    several(
        "EXISTS (SELECT 1 FROM artist_grams",
        PASSED_OVER,
        OF_ARTISTS,
    ),
    several(
        "t INDEXED BY idx_catalogue_items_artist_id_id",
        "idx_catalogue_items_artist_id_id (artist_id=? AND id=?)",
        "the rows of a page, which their ids name",
    ),
    allowed(
        "t INDEXED BY idx_favourite_songs_user_id_place",
        "idx_favourite_songs_user_id_place (user_id=? AND place=?)",
        "the rows of a page, which their places name",
    ),
    allowed(
        "CROSS JOIN weekly_listens AS t",
        "(week=? AND user_id=? AND item_id=?)",
        "of each friend the fifty songs of a week that they listened to most",
    ),
];

/// On both.
pub const BOTH: &[Allowed] = &[
    several(
        "EXISTS (SELECT 1 FROM catalogue_grams",
        PASSED_OVER,
        "the titles under the first pair of signs that is looked for: they do not grow in number with the users",
    ),
    allowed(
        "SELECT id FROM uncharted_listens ORDER BY id LIMIT 1",
        "idx_uncharted_listens_id",
        "whether there is something to count: the first row that comes is enough",
    ),
    allowed(
        "CROSS JOIN artist_names AS t",
        "idx_artist_names_artist_id_position",
        NAMES,
    ),
    allowed(r#"FROM "artist_grams""#, WHOLE, RECOUNT),
    allowed(r#"FROM "artist_names""#, WHOLE, RECOUNT),
    allowed(r#"FROM "listens""#, WHOLE, RECOUNT),
    allowed(r#"FROM "song_listeners""#, WHOLE, RECOUNT),
    allowed(r#"FROM "weekly_listens""#, WHOLE, RECOUNT),
];
