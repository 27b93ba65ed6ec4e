//! Documents that clients name, in the place of sending their text.

use std::path::PathBuf;

use anyhow::ensure;
use clap::{Args, ValueEnum};

/// Which documents are taken where some are trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TrustMode {
    /// Others, too
    #[default]
    Prefer,
    /// No others: whatever is in none of the manifests is refused, introspection and GraphiQL among it
    Only,
}

/// Which documents are known by names.
#[derive(Args, Clone, Debug)]
pub struct DocumentArgs {
    /// A manifest of the documents that a client sends, as GraphQL Code Generator (`persistedDocuments`), Relay or
    /// Apollo makes it: requests name one by `documentId`. Give it again for each further client, or version of
    /// one, or separate them by commas. Each document is checked at the start
    #[arg(
        long,
        env = "ASHIATO_TRUSTED_DOCUMENTS",
        value_name = "FILE",
        value_delimiter = ',',
        help_heading = "Documents"
    )]
    pub trusted_documents: Vec<PathBuf>,
    /// Which documents are taken where there are manifests
    #[arg(
        long,
        env = "ASHIATO_TRUSTED_DOCUMENTS_MODE",
        value_enum,
        default_value_t,
        help_heading = "Documents"
    )]
    pub trusted_documents_mode: TrustMode,
    /// The most bytes of the documents that clients have kept in memory by automatic persisted queries (APQ), to
    /// send their hash alone from then on; 0 keeps none. One that had to go is asked for again
    #[arg(
        long,
        env = "ASHIATO_PERSISTED_QUERY_BYTES",
        default_value_t = DocumentArgs::PERSISTED_QUERY_BYTES,
        value_parser = clap::value_parser!(u32).range(0..=1_000_000_000),
        help_heading = "Documents"
    )]
    pub persisted_query_bytes: u32,
}

impl DocumentArgs {
    /// Some thousands of documents.
    const PERSISTED_QUERY_BYTES: u32 = 8_000_000;

    /// Whether no other documents are taken than those that are trusted.
    pub fn trusts_alone(&self) -> bool {
        self.trusted_documents_mode == TrustMode::Only
    }

    /// Checks what no single flag can check alone.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn check(&self) -> anyhow::Result<()> {
        ensure!(
            !self.trusts_alone() || !self.trusted_documents.is_empty(),
            "--trusted-documents-mode only needs --trusted-documents: without a manifest nothing could be asked for"
        );
        Ok(())
    }
}

impl Default for DocumentArgs {
    fn default() -> Self {
        Self {
            trusted_documents: Vec::new(),
            trusted_documents_mode: TrustMode::default(),
            persisted_query_bytes: Self::PERSISTED_QUERY_BYTES,
        }
    }
}
