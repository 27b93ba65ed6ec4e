//! Groups of users, told so that none of fewer than ten can be made out.

use std::cmp::Reverse;

use super::kind::FEWEST;

/// Groups, as far as they are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered<T> {
    /// Those that are shown apart, the largest first.
    pub shown: Vec<(T, i64)>,
    /// How many are in the others together: nobody, or ten at least.
    pub others: i64,
}

impl<T> Gathered<T> {
    /// How many there are in all of them.
    pub fn total(&self) -> i64 {
        self.shown.iter().map(|(_, figure)| figure).sum::<i64>() + self.others
    }
}

/// What is told of `groups`: of every group that there can be, those without anybody among them. Those of fewer than
/// ten are gathered; where they come to fewer than ten together, the smallest of the shown joins them (all of
/// them, where several are as small), and so on, for the rest would follow from the total. It joins them, too, where each of those that are not shown would have to be
/// of nine. Where all are fewer than ten, nothing is told.
pub fn gathered<T>(groups: impl IntoIterator<Item = (T, i64)>) -> Gathered<T> {
    let all: Vec<_> = groups.into_iter().collect();
    let of = all.len();
    let (mut shown, small): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(_, figure)| *figure >= FEWEST);
    shown.sort_by_key(|(_, figure)| Reverse(*figure));
    let mut others: i64 = small.iter().map(|(_, figure)| figure.max(&0)).sum();
    while follows(others, of - shown.len()) {
        let Some((_, least)) = shown.last() else {
            break;
        };
        // With all that are as small: which of them had joined would tell of the others' order.
        let least = *least;
        while let Some((_, figure)) = shown.pop_if(|(_, figure)| *figure == least) {
            others += figure;
        }
    }
    // Where nobody is shown apart, nobody can be told from another.
    if others < FEWEST {
        others = 0;
    }
    Gathered { shown, others }
}

/// Whether it can be told how many are in each of so many groups, in which there are so many `others` together.
fn follows(others: i64, groups: usize) -> bool {
    let groups = i64::try_from(groups).unwrap_or(i64::MAX);
    let all_of_nine = groups.saturating_mul(FEWEST - 1);
    others > 0 && (others < FEWEST || others == all_of_nine)
}
