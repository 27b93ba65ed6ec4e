//! Nobody can be made out: no group of fewer than ten is told of, by itself or by what the others leave.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ashiato::statistics::{
    gathering::gathered,
    months::{first_of, growth},
};
use chrono::{Months, NaiveDate};
use proptest::prelude::*;

proptest! {
    #[test]
    fn what_is_told_is_ten_at_least_and_everybody_is_in_it(
        figures in prop::collection::vec(prop_oneof![Just(0_i64), 1_i64..10, 10_i64..14, 0_i64..100_000], 0..50),
    ) {
        let told = gathered(figures.iter().copied().enumerate());
        for (place, figure) in &told.shown {
            prop_assert!(*figure >= 10);
            prop_assert_eq!(figures[*place], *figure);
        }
        prop_assert!(told.others == 0 || told.others >= 10);
        let all: i64 = figures.iter().sum();
        if all >= 10 {
            prop_assert_eq!(told.total(), all);
        } else {
            prop_assert_eq!(told.total(), 0);
        }
        // What would be left alone is not left.
        let apart: BTreeSet<_> = told.shown.iter().map(|(place, _)| *place).collect();
        let hidden = (0..figures.len()).filter(|place| !apart.contains(place) && figures[*place] > 0);
        prop_assert!(all < 10 || hidden.count() != 1);
        prop_assert!(told.shown.is_sorted_by_key(|(_, figure)| -figure));
    }

    #[test]
    fn each_step_of_growth_is_nobody_or_ten_at_least_and_all_are_counted(
        joined in prop::collection::btree_map(0_u32..60, 0_i64..25, 0..40), after in 0_u32..5,
    ) {
        let month = |number: u32| {
            let first: NaiveDate = "2004-02-01".parse().unwrap();
            first.checked_add_months(Months::new(number)).unwrap()
        };
        let last = joined.last_key_value().map_or(0, |(number, _)| *number) + after;
        let by_month: BTreeMap<_, _> = joined.iter().map(|(number, users)| (month(*number), *users)).collect();
        let told = growth(&by_month, month(last));
        let all: i64 = joined.values().sum();
        if all < 10 {
            prop_assert_eq!(told.len(), 0);
            return Ok(());
        }
        let mut before = 0;
        for step in &told {
            prop_assert_eq!(first_of(step.month), step.month);
            prop_assert!(step.joined == 0 || step.joined >= 10);
            prop_assert_eq!(step.users, before + step.joined);
            before = step.users;
        }
        prop_assert_eq!(before, all);
        // No month is left out.
        let first = *joined.first_key_value().unwrap().0;
        prop_assert_eq!(told.len(), usize::try_from(last - first + 1).unwrap());
    }
}

/// Who knows all of this program and sees what it tells of four groups, for all that they can be, still does not
/// know how many are in any that is not shown: there are several that it could be, or it is told that they are
/// fewer than ten altogether.
#[test]
fn nothing_follows_from_what_is_told() {
    const MOST: i64 = 22;
    type Told = (Vec<(usize, i64)>, i64);
    let mut possible: HashMap<Told, [BTreeSet<i64>; 4]> = HashMap::new();
    for number in 0..(MOST + 1).pow(4) {
        let figures = [0, 1, 2, 3].map(|place| number / (MOST + 1).pow(place) % (MOST + 1));
        let told = gathered(figures.into_iter().enumerate());
        let sets = possible.entry((told.shown, told.others)).or_default();
        for (set, figure) in sets.iter_mut().zip(figures) {
            set.insert(figure);
        }
    }
    for ((shown, others), sets) in possible {
        let apart: BTreeSet<_> = shown.iter().map(|(place, _)| *place).collect();
        for (place, figures) in sets.iter().enumerate() {
            let follows = figures.len() == 1 && !figures.contains(&0);
            assert!(
                apart.contains(&place) || !follows,
                "{place} is {figures:?} where {shown:?} are told, and {others} others"
            );
        }
    }
}
