//! The beginning of a list, as it is kept.

use super::{Page, Slice};

impl<P> Page<P> {
    /// Whether this is the first page.
    pub fn is_first(&self) -> bool {
        !self.backwards && self.after.is_none() && self.before.is_none()
    }
}

/// The first rows of a list.
#[derive(Clone, Debug)]
pub struct First<R> {
    /// In the list's order.
    pub rows: Vec<R>,
    /// Whether others follow.
    more: bool,
}

impl<R: Clone> First<R> {
    /// What a first page tells.
    pub fn of(page: &Slice<R>) -> Self {
        Self {
            rows: page.rows.clone(),
            more: page.has_next,
        }
    }

    /// The first page of up to `limit` rows; none where too few are kept to tell it.
    pub fn page(&self, limit: i32) -> Option<Slice<R>> {
        let limit = usize::try_from(limit).ok()?;
        let enough = self.rows.len() >= limit || !self.more;
        enough.then(|| Slice {
            rows: self.rows.iter().take(limit).cloned().collect(),
            has_previous: false,
            has_next: self.more || self.rows.len() > limit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_told_from_what_is_kept_where_that_is_enough() {
        let kept = |count: i32, more| First {
            rows: (0..count).collect(),
            more,
        };
        let told = |first: &First<i32>, limit| {
            first
                .page(limit)
                .map(|page| (page.rows.len(), page.has_next))
        };
        let some = kept(3, true);
        assert_eq!(told(&some, 2), Some((2, true)));
        assert_eq!(told(&some, 3), Some((3, true)));
        assert_eq!(told(&some, 4), None);
        let all = kept(3, false);
        assert_eq!(told(&all, 2), Some((2, true)));
        assert_eq!(told(&all, 3), Some((3, false)));
        assert_eq!(told(&all, 4), Some((3, false)));
        assert_eq!(told(&kept(0, false), 20), Some((0, false)));
    }
}
