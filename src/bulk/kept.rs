//! Counters whose rows are written after everything that they count.

use std::collections::HashMap;

use uuid::Uuid;

/// How a counter changes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    /// By so many.
    Add,
    /// To this number, unless it is higher already.
    AtLeast,
}

/// A primary key of one id or two; the second is nil then.
pub(super) type Key = [Uuid; 2];

/// The counters of one table's rows.
#[derive(Debug, Default)]
pub(super) struct Kept {
    columns: Vec<(&'static str, Change)>,
    rows: HashMap<Key, Vec<i64>>,
    /// Of one column that holds an id: which, and whose row has which.
    ids: (&'static str, HashMap<Uuid, Uuid>),
}

impl Kept {
    /// Whether nothing was counted.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.ids.1.is_empty()
    }

    /// Changes `column` of the row `key` by, or to, `number`.
    pub(super) fn change(&mut self, key: Key, column: &'static str, change: Change, number: i64) {
        let kept = self.get(key, column);
        let number = match change {
            Change::Add => kept + number,
            Change::AtLeast => number.max(kept),
        };
        self.set(key, column, change, number);
    }

    /// Sets `column` of the row `key`, which is counted by `change`.
    pub(super) fn set(&mut self, key: Key, column: &'static str, change: Change, number: i64) {
        let known = self.columns.iter().position(|(name, _)| *name == column);
        let index = known.unwrap_or(self.columns.len());
        if known.is_none() {
            self.columns.push((column, change));
        }
        let row = self.rows.entry(key).or_default();
        if row.len() <= index {
            row.resize(index + 1, 0);
        }
        if let Some(kept) = row.get_mut(index) {
            *kept = number;
        }
    }

    /// What `column` of the row `key` has come to.
    pub(super) fn get(&self, key: Key, column: &str) -> i64 {
        let index = self.columns.iter().position(|(name, _)| *name == column);
        let row = index.zip(self.rows.get(&key));
        row.and_then(|(index, row)| row.get(index).copied())
            .unwrap_or(0)
    }

    /// What `column` of the row `key` is to be, whose row says `written`. None where nothing counts it.
    pub(super) fn settled(&self, key: Key, column: &str, written: i64) -> Option<i64> {
        let (_, change) = self.columns.iter().find(|(name, _)| *name == column)?;
        let kept = self.get(key, column);
        Some(match change {
            Change::Add => written + kept,
            Change::AtLeast => written.max(kept),
        })
    }

    /// Has `column` of the row `key` hold `id`, unless it holds a greater one.
    pub(super) fn keep_greatest(&mut self, column: &'static str, key: Uuid, id: Uuid) {
        self.ids.0 = column;
        let kept = self.ids.1.entry(key).or_insert(id);
        *kept = id.max(*kept);
    }

    /// The ids that the rows `keys` hold, of those that hold one.
    pub(super) fn ids_of(&self, keys: &[Uuid]) -> HashMap<Uuid, Uuid> {
        let ids = keys.iter().map(|key| (*key, self.ids.1.get(key).copied()));
        ids.filter_map(|(key, id)| Some((key, id?))).collect()
    }

    /// The id that `column` of the row `key` holds.
    pub(super) fn id(&self, key: Key, column: &str) -> Option<Uuid> {
        let [key, _] = key;
        let id = self.ids.1.get(&key).filter(|_| column == self.ids.0);
        id.copied()
    }

    /// The keys of the rows.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.rows.keys().copied()
    }
}
