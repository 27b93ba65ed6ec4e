//! The certificate of a service that speaks TLS itself.

use std::path::PathBuf;

use clap::Args;

/// Where the certificate and its key are. Without them the service speaks plain HTTP, for a proxy
/// before it.
#[derive(Args, Clone, Debug, Default)]
pub struct TlsArgs {
    /// The certificate, and those that lead to its authority, as PEM. A renewed file is read within
    /// a second or two
    #[arg(
        long,
        env = "ASHIATO_TLS_CERTIFICATE",
        value_name = "FILE",
        requires = "tls_key",
        help_heading = "TLS"
    )]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key, as PEM
    #[arg(
        long,
        env = "ASHIATO_TLS_KEY",
        value_name = "FILE",
        requires = "tls_certificate",
        help_heading = "TLS"
    )]
    pub tls_key: Option<PathBuf>,
}

/// The files of a certificate.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificates.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl TlsArgs {
    /// The files, where there are any.
    pub fn files(&self) -> Option<TlsFiles> {
        Some(TlsFiles {
            certificate: self.tls_certificate.clone()?,
            key: self.tls_key.clone()?,
        })
    }
}
