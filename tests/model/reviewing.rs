//! Reviews, and what an item comes to by them.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    community::{Community, Refused, Review},
    deed::{Call, Came, Pair, came},
    look::Names,
};

/// The items that are reviewed, by their kinds.
pub const ITEMS: [&str; 2] = ["CD", "BOOK"];

#[derive(Clone, Copy, Debug)]
pub enum Reviewing {
    /// Writes one, or changes it.
    Review(usize, i64),
    Remove(usize),
    /// The one of somebody else, if there is any.
    RemoveOthers(usize),
}

pub fn reviewing() -> impl Strategy<Value = Reviewing> {
    let item = || 0..ITEMS.len();
    prop_oneof![
        6 => (item(), 0..=6_i64).prop_map(|(item, rating)| Reviewing::Review(item, rating)),
        2 => item().prop_map(Reviewing::Remove),
        1 => item().prop_map(Reviewing::RemoveOthers),
    ]
}

impl Reviewing {
    pub fn by_the_rules(self, Pair { me, other }: Pair, community: &mut Community) -> Came {
        came(match self {
            Self::Review(item, rating) => community.review(me, item, rating),
            Self::Remove(item) => community.remove_review(me, me, item),
            Self::RemoveOthers(item) => community.remove_review(me, other, item),
        })
    }

    pub fn call(self, Pair { me, other }: Pair, names: &Names) -> Call {
        let review = |author, item| json!({ "reviewId": names.review(author, item) });
        let (name, input) = match self {
            Self::Review(item, rating) => {
                let input = json!({ "itemId": names.items[item], "rating": rating, "body": "b" });
                ("reviewItem", input)
            }
            Self::Remove(item) => ("deleteReview", review(me, item)),
            Self::RemoveOthers(item) => ("deleteReview", review(other, item)),
        };
        Call::of(me, name, input)
    }
}

impl Community {
    fn review(&mut self, me: usize, item: usize, rating: i64) -> Refused {
        if !(1..=5).contains(&rating) {
            return Err("RATING_INVALID");
        }
        let mut all = self.reviews.iter_mut();
        match all.find(|review| (review.author, review.item) == (me, item)) {
            // It stays where it was in the lists.
            Some(review) => review.rating = rating,
            None => self.reviews.push(Review {
                author: me,
                item,
                rating,
            }),
        }
        Ok(())
    }

    fn remove_review(&mut self, me: usize, author: usize, item: usize) -> Refused {
        let is_it = |review: &Review| (review.author, review.item) == (author, item);
        let is_there = self.reviews.iter().any(is_it);
        if !is_there || self.are_hidden(Some(me), author) {
            return Err("NOT_FOUND");
        }
        if author != me {
            return Err("NOT_YOURS");
        }
        self.reviews.retain(|review| !is_it(review));
        Ok(())
    }

    /// The figures of an item: everybody's reviews count, for everybody.
    pub fn rating(&self, item: usize) -> Value {
        let of_item = self.reviews.iter().filter(|review| review.item == item);
        let ratings: Vec<_> = of_item.map(|review| review.rating).collect();
        let bars = (1..=5_i64).map(|stars| {
            let count = ratings.iter().filter(|rating| **rating == stars).count();
            json!({ "stars": stars, "count": count })
        });
        #[allow(clippy::cast_precision_loss)] // there are few
        let mean = match ratings.len() {
            0 => None,
            count => Some(ratings.iter().sum::<i64>() as f64 / count as f64),
        };
        json!({ "count": ratings.len(), "mean": mean, "histogram": bars.collect::<Vec<_>>() })
    }
}
