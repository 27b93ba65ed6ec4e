//! Where photos are kept.

use std::path::PathBuf;

use clap::Args;

use crate::photo::kept::Keeping;

/// Where photos are kept (see [`crate::photo`]).
#[derive(Args, Clone, Debug, Default)]
pub struct PhotoArgs {
    /// Where photos are kept: a folder, or a bucket that speaks S3, s3://BUCKET/PREFIX?endpoint=URL&region=REGION (all but BUCKET can be left out),
    /// with its credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Several servers need the same. Where
    /// nothing is said: for SQLite a folder beside its file, DATABASE-photos; for PostgreSQL ashiato-photos in the
    /// working directory
    #[arg(long, env = "ASHIATO_PHOTOS", value_name = "FOLDER|s3://BUCKET", value_parser = keeping)]
    pub photos: Option<Keeping>,
}

impl PhotoArgs {
    /// Where that is.
    pub fn keeping(&self) -> Keeping {
        self.photos.clone().unwrap_or(Keeping::BesideDatabase)
    }
}

fn keeping(text: &str) -> Result<Keeping, String> {
    if text.starts_with("s3://") {
        return text.parse().map(Keeping::Bucket);
    }
    match text.split_once("://") {
        Some((scheme, _)) => Err(format!(
            "photos are kept in a folder or at s3://, not at {scheme}://"
        )),
        None if text.trim().is_empty() => Err("name a folder".to_owned()),
        None => Ok(Keeping::Folder(PathBuf::from(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_are_kept_in_a_folder_or_in_a_bucket() {
        assert!(matches!(keeping("./photos"), Ok(Keeping::Folder(_))));
        assert!(matches!(keeping("s3://photos"), Ok(Keeping::Bucket(_))));
        for wrong in ["", "gs://photos", "https://photos", "s3://"] {
            assert!(keeping(wrong).is_err(), "{wrong}");
        }
    }
}
