//! What diaries and reviews are found by against their texts: as [`super::searches`] has the names.

use std::collections::{BTreeMap, BTreeSet};

use entity::{diary, review, values::Audience};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use super::{Difference, checks::DIFFERS};
use crate::{
    diary::store::words::{self as diary_words, FOR_GROUP},
    review::store::words as review_words,
    search::{Scope, Text},
    sql::Sql,
};

/// The terms of each text.
type Terms = BTreeMap<[Uuid; 2], BTreeSet<String>>;

/// What is checked, how, and which of the rows are wrong.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "diary_texts: the version that is there",
        "SELECT d.author_id, d.id, 1 AS kept, 0 AS counted FROM diaries AS d \
         LEFT JOIN diary_texts AS t ON t.author_id = d.author_id AND t.id = d.id \
         WHERE t.id IS NULL OR t.edited_at IS DISTINCT FROM d.edited_at",
        DIFFERS,
    ),
    (
        "review_texts: the version that is there",
        "SELECT r.author_id, r.item_id, 1 AS kept, 0 AS counted FROM reviews AS r \
         LEFT JOIN review_texts AS t ON t.author_id = r.author_id AND t.id = r.item_id \
         WHERE t.id IS NULL OR t.edited_at IS DISTINCT FROM r.edited_at",
        DIFFERS,
    ),
];

pub(super) async fn diaries(db: &impl ConnectionTrait) -> Result<Vec<Difference>, DbErr> {
    let mut kept = diary_words::TEXTS.all(db).await?;
    let mut right = Right::of(db);
    for row in diary::Entity::find().all(db).await? {
        if row.audience == Audience::OnlyMe {
            // One whose group was deleted can still be for that, in which nobody is.
            let kept = kept.entry([row.author_id, row.id]).or_default();
            kept.retain(|term| !Scope::is(term, FOR_GROUP));
        }
        right.add(diary_words::text_of(&row));
    }
    Ok(compare("diary_texts", &kept, &right.terms))
}

pub(super) async fn reviews(db: &impl ConnectionTrait) -> Result<Vec<Difference>, DbErr> {
    let kept = review_words::TEXTS.all(db).await?;
    let mut right = Right::of(db);
    for row in review::Entity::find().all(db).await? {
        right.add(review_words::text_of(&row));
    }
    Ok(compare("review_texts", &kept, &right.terms))
}

/// What should be there.
struct Right {
    terms: Terms,
    is_postgres: bool,
}

impl Right {
    fn of(db: &impl ConnectionTrait) -> Self {
        Self {
            terms: Terms::new(),
            is_postgres: Sql::of(db).is_postgres(),
        }
    }

    fn add(&mut self, text: Text) {
        let terms = text.found_by(self.is_postgres).into_iter().collect();
        self.terms.insert([text.author, text.id], terms);
    }
}

fn compare(check: &str, kept: &Terms, right: &Terms) -> Vec<Difference> {
    let none = BTreeSet::new();
    let texts: BTreeSet<_> = kept.keys().chain(right.keys()).collect();
    texts
        .into_iter()
        .filter_map(|key| {
            let kept = kept.get(key).unwrap_or(&none);
            let right = right.get(key).unwrap_or(&none);
            let count = |terms: &BTreeSet<_>| i64::try_from(terms.len()).unwrap_or(i64::MAX);
            (kept != right).then(|| Difference {
                check: check.to_owned(),
                key: key.map(|part| part.simple().to_string()).concat(),
                kept: count(kept),
                counted: count(right),
            })
        })
        .collect()
}
