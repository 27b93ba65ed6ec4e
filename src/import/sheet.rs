//! A CSV file, read line by line; whatever is wrong with it is said in a sentence.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow, bail};
use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Terminator, Trim};
use indicatif::ProgressBar;

/// A CSV file whose first line has been read.
#[derive(Debug)]
pub(super) struct Sheet {
    path: PathBuf,
    bytes: u64,
    reader: Reader<File>,
    columns: StringRecord,
    record: StringRecord,
}

/// Opens a file, or says why not.
pub(super) fn open_file(path: &Path) -> anyhow::Result<File> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        bail!("{} is a folder, not a file", path.display());
    }
    Ok(file)
}

impl Sheet {
    /// Opens `path` and reads its first line.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let file = open_file(path)?;
        let bytes = file.metadata().map_or(0, |about| about.len());
        // A line with too few or too many cells is refused alone, not with the file.
        // (Were `\r` a line's end of its own, as it is by default, the numbers of the lines of
        // files that end them with `\r\n` would be one too low.)
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .trim(Trim::All)
            .from_reader(file);
        let columns = reader
            .headers()
            .map_err(|error| unreadable(path, &error))?
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
            let more = self
                .reader
                .read_record(&mut self.record)
                .map_err(|error| unreadable(&self.path, &error))?;
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

fn unreadable(path: &Path, error: &csv::Error) -> anyhow::Error {
    let path = path.display();
    match error.kind() {
        ErrorKind::Utf8 { pos, .. } => {
            let line = pos.as_ref().map_or(1, csv::Position::line);
            anyhow!(
                "{path} is not UTF-8 text (line {line}). Convert it, and run the import again: \
                 what was read before that line is kept and not read twice"
            )
        }
        _ => anyhow!("{path} cannot be read: {error}"),
    }
}
