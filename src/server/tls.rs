//! The certificate that connections are sealed with, read anew when it was renewed.

use std::{
    fs,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use anyhow::{Context, ensure};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::time::Instant;

use crate::config::TlsFiles;

/// How often it is looked whether there are other files.
const LOOK: Duration = Duration::from_secs(1);
/// What is spoken within, the better one first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// A certificate, as it stands in its files.
#[derive(Debug)]
pub struct Certificate {
    files: TlsFiles,
    current: Mutex<Current>,
}

#[derive(Debug)]
struct Current {
    config: Arc<ServerConfig>,
    /// When the files were written that were read last, whole or not.
    written: Written,
    looked: Instant,
}

type Written = [Option<SystemTime>; 2];

impl Certificate {
    /// Reads `files`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with them.
    pub fn read(files: TlsFiles) -> anyhow::Result<Self> {
        let written = written(&files);
        let config = config(&files)?;
        Ok(Self {
            current: Mutex::new(Current {
                config,
                written,
                looked: Instant::now(),
            }),
            files,
        })
    }

    /// What the next connection is sealed with. Files that were renewed in part, or wrongly, change
    /// nothing.
    pub fn config(&self) -> Arc<ServerConfig> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.looked.elapsed() >= LOOK {
            current.looked = Instant::now();
            let written = written(&self.files);
            if written != current.written {
                current.written = written;
                match config(&self.files) {
                    Ok(config) => {
                        current.config = config;
                        tracing::info!("the renewed certificate is in use");
                    }
                    Err(error) => tracing::warn!(
                        error = format!("{error:#}"),
                        "the certificate was changed and cannot be used: the one before stays"
                    ),
                }
            }
        }
        current.config.clone()
    }
}

fn written(files: &TlsFiles) -> Written {
    let of = |path| fs::metadata(path).and_then(|file| file.modified()).ok();
    [of(&files.certificate), of(&files.key)]
}

fn config(files: &TlsFiles) -> anyhow::Result<Arc<ServerConfig>> {
    let name = files.certificate.display();
    let certificates = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("cannot read --tls-certificate {name}"))?;
    ensure!(
        !certificates.is_empty(),
        "--tls-certificate {name} has no certificate: it is PEM, and begins with -----BEGIN CERTIFICATE-----"
    );
    let name = files.key.display();
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .with_context(|| format!("cannot read --tls-key {name}"))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .with_context(|| format!("--tls-key {name} is not the key of --tls-certificate"))?;
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
    Ok(Arc::new(config))
}
