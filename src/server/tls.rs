//! The certificate that connections are sealed with, read anew when it was renewed.

use std::{
    fs,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::time::Instant;
use x509_parser::{extensions::GeneralName, parse_x509_certificate, time::ASN1Time};

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

/// For whom a certificate is, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The hosts that it names.
    pub names: Vec<String>,
    /// From when on it is valid.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// For whom the certificate in `files` is, whose key is there, too, and for how long.
///
/// # Errors
/// A sentence that says what is wrong with them.
pub fn validity(files: &TlsFiles) -> anyhow::Result<Validity> {
    config(files)?;
    let name = files.certificate.display();
    let no_certificate = || format!("--tls-certificate {name} cannot be read as X.509");
    let certificates = certificates(files)?;
    let own = certificates.first().with_context(no_certificate)?;
    let read = parse_x509_certificate(own).ok();
    let (_, own) = read.with_context(no_certificate)?;
    let at = |time: ASN1Time| DateTime::from_timestamp(time.timestamp(), 0);
    let names = own.subject_alternative_name().ok().flatten();
    let names = names
        .into_iter()
        .flat_map(|names| &names.value.general_names);
    let validity = own.validity();
    Ok(Validity {
        names: names.map(host).collect(),
        from: at(validity.not_before).with_context(no_certificate)?,
        until: at(validity.not_after).with_context(no_certificate)?,
    })
}

fn host(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(name) => (*name).to_owned(),
        GeneralName::IPAddress(bytes) => match <[u8; 4]>::try_from(*bytes) {
            Ok(v4) => IpAddr::from(v4).to_string(),
            Err(_) => <[u8; 16]>::try_from(*bytes)
                .map_or_else(|_| name.to_string(), |v6| IpAddr::from(v6).to_string()),
        },
        other => other.to_string(),
    }
}

fn certificates(files: &TlsFiles) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let name = files.certificate.display();
    let certificates = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("cannot read --tls-certificate {name}"))?;
    ensure!(
        !certificates.is_empty(),
        "--tls-certificate {name} has no certificate: it is PEM, and begins with -----BEGIN CERTIFICATE-----"
    );
    Ok(certificates)
}

fn config(files: &TlsFiles) -> anyhow::Result<Arc<ServerConfig>> {
    let certificates = certificates(files)?;
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
