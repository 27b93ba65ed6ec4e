//! A CSV file, read line by line; whatever is wrong with it is said in a sentence.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Terminator, Trim};
use indicatif::ProgressBar;

use super::source::{Allowance, LONGEST, Source};

/// A CSV file whose first line has been read.
#[derive(Debug)]
pub(super) struct Sheet {
    path: PathBuf,
    bytes: u64,
    reader: Reader<Source>,
    allowance: Allowance,
    columns: StringRecord,
    record: StringRecord,
}

impl Sheet {
    /// Opens `path` and reads its first line.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let source = Source::open(path)?;
        let (bytes, allowance) = (source.bytes(), source.allowance());
        // A line with too few or too many cells is refused alone, not with the file.
        // (Were `\r` a line's end of its own, as it is by default, the numbers of the lines of
        // files that end them with `\r\n` would be one too low.)
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .trim(Trim::All)
            .from_reader(source);
        let columns = reader
            .headers()
            .map_err(|error| unreadable(path, 1, &allowance, &error))?
            .clone();
        if columns.is_empty() {
            bail!(
                "{} is empty: its first line should name its columns",
                path.display()
            );
        }
        Ok(Self {
            path: path.to_owned(),
            bytes,
            reader,
            allowance,
            columns,
            record: StringRecord::new(),
        })
    }

    /// The names of the columns.
    pub(super) fn columns(&self) -> Vec<&str> {
        self.columns.iter().collect()
    }

    /// The position of the column `name`.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// As [`Self::column`], for a column that there must be.
    pub(super) fn needed(&self, name: &str, for_what: &str) -> anyhow::Result<usize> {
        self.column(name).ok_or_else(|| {
            anyhow!(
                "{} has no column `{name}`, which {for_what} needs: its first line is `{}`",
                self.path.display(),
                shortened(&self.columns().join(","))
            )
        })
    }

    /// The next line with its number, if there is one. Moves `bar` along.
    pub(super) fn next(
        &mut self,
        bar: &ProgressBar,
    ) -> anyhow::Result<Option<(u64, &StringRecord)>> {
        let more = loop {
            self.allowance.renew();
            let line = self.reader.position().line();
            let more = self
                .reader
                .read_record(&mut self.record)
                .map_err(|error| unreadable(&self.path, line, &self.allowance, &error))?;
            let is_blank = self.record.len() == 1 && self.record.get(0) == Some("");
            if !(more && is_blank) {
                break more;
            }
        };
        let line = self.record.position().map_or(0, csv::Position::line);
        if line.is_multiple_of(500) {
            bar.set_position(self.reader.position().byte());
        }
        Ok(more.then_some((line, &self.record)))
    }

    /// Shows `bar` what there is to read.
    pub(super) fn begin(&self, bar: &ProgressBar) {
        bar.set_length(self.bytes);
        bar.set_position(0);
        bar.set_message(file_name(&self.path));
    }
}

/// The last part of `path`, for people.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// `text`, if short.
pub(super) fn shortened(text: &str) -> String {
    const SHORT: usize = 60;
    let mut short: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(SHORT)
        .collect();
    if text.chars().count() > SHORT {
        short.push('…');
    }
    short
}

fn unreadable(path: &Path, line: u64, allowance: &Allowance, error: &csv::Error) -> anyhow::Error {
    let path = path.display();
    let again = "run the import again: what is there by now is not written twice";
    match error.kind() {
        ErrorKind::Io(_) if allowance.is_used_up() => anyhow!(
            "{path} has a line of more than {LONGEST} bytes (line {line}), perhaps after a \
             quotation mark that is not closed. Mend it, and {again}"
        ),
        ErrorKind::Utf8 { pos, .. } => {
            let line = pos.as_ref().map_or(1, csv::Position::line);
            anyhow!("{path} is not UTF-8 text (line {line}). Convert it, and {again}")
        }
        _ => anyhow!("{path} cannot be read: {error}"),
    }
}
