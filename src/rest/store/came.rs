//! What came within a time, as it is told of a rest.

/// What came within a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// How much.
    pub count: i64,
    /// The first number, and the last; 0 where nothing came.
    pub range: [i64; 2],
}
