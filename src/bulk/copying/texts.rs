//! What texts are found by, on its way: a `tsvector` is the number of its terms, and each with a zero behind it and
//! the number of the places where it stands, of which none is said.

use sea_orm::DbErr;

use super::{Copying, END, HEADER, Piece, SIGNATURE, field, write};
use crate::search::{Text, Texts};

const COLUMNS: [&str; 5] = ["author_id", "id", "place", "edited_at", "terms"];

impl Copying {
    /// Sends what `found`, which are among `texts`, are found by.
    ///
    /// # Errors
    /// As [`Self::insert`].
    pub(in crate::bulk) async fn find(
        &self,
        texts: &Texts,
        found: impl Iterator<Item = Text> + Send,
    ) -> Result<(), DbErr> {
        let mut rows = [SIGNATURE, &HEADER].concat();
        for text in found {
            append(text, &mut rows)?;
        }
        rows.extend_from_slice(&END.to_be_bytes());
        let statement = format!(
            "COPY {} ({}) FROM STDIN (FORMAT binary, FREEZE)",
            texts.table,
            COLUMNS.join(",")
        );
        self.send(Piece { statement, rows }).await
    }
}

fn append(text: Text, rows: &mut Vec<u8>) -> Result<(), DbErr> {
    let width = i16::try_from(COLUMNS.len()).unwrap_or(i16::MAX);
    rows.extend_from_slice(&width.to_be_bytes());
    let place = text.place();
    write(text.author.into(), rows)?;
    write(text.id.into(), rows)?;
    write(place.into(), rows)?;
    write(text.edited_at.into(), rows)?;
    let found_by = text.found_by(true);
    let count = i32::try_from(found_by.len()).unwrap_or(i32::MAX);
    let mut terms = count.to_be_bytes().to_vec();
    for term in found_by {
        terms.extend_from_slice(term.as_bytes());
        terms.extend_from_slice(&[0; 3]);
    }
    field(&terms, rows)
}
