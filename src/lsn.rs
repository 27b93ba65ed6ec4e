//! Places in the log of a PostgreSQL (log sequence numbers): what tells whether a replica has
//! something already.

/// Where the log of PostgreSQL ends, as a number: after everything that was committed by now, written
/// out or not.
pub const END_OF_LOG: &str = "(pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint";

/// A place in the log of the PostgreSQL that is written to. A replica that has replayed the log up
/// to there has everything that was committed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lsn(u64);

impl Lsn {
    /// Before everything: any replica will do.
    pub const OLDEST: Self = Self(0);
    /// After everything: only the primary will do. It stands where the place is not known.
    pub const NEWEST: Self = Self(u64::MAX);

    /// As the database keeps and gives it: the number of a byte, 0 or more.
    pub fn from_number(number: i64) -> Self {
        u64::try_from(number).map_or(Self::NEWEST, Self)
    }

    /// As text, for a message: hexadecimal.
    pub fn to_text(self) -> String {
        format!("{:x}", self.0)
    }

    /// From such a text; [`Self::NEWEST`] from any other, as of a server that knows no lsns.
    pub fn from_text(text: &[u8]) -> Self {
        std::str::from_utf8(text)
            .ok()
            .and_then(|text| u64::from_str_radix(text, 16).ok())
            .map_or(Self::NEWEST, Self)
    }
}

#[cfg(test)]
mod tests {
    use super::Lsn;

    #[test]
    fn a_text_that_is_none_is_after_everything() {
        let lsn = Lsn::from_number(0x0123_4567);
        assert_eq!(Lsn::from_text(lsn.to_text().as_bytes()), lsn);
        for strange in ["", "x", "-1", "11112222333344445"] {
            let read = Lsn::from_text(strange.as_bytes());
            assert_eq!(read, Lsn::NEWEST, "{strange}");
        }
        assert_eq!(Lsn::from_number(-1), Lsn::NEWEST);
        assert!(Lsn::OLDEST < lsn && lsn < Lsn::NEWEST);
    }
}
