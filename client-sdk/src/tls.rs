//! Whom the client believes to be the server.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::error::{Error, Result};

/// Which certificate authorities are believed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trust {
    pub(crate) added: Vec<CertificateDer<'static>>,
    pub(crate) only_added: bool,
}

/// Reads all certificates of a PEM file.
pub(crate) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let found = CertificateDer::pem_slice_iter(pem)
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|error| Error::Configuration(format!("root certificate: {error:?}")))?;
    if found.is_empty() {
        return Err(Error::Configuration(
            "root certificate: no certificate in PEM form found".to_owned(),
        ));
    }
    Ok(found)
}

/// TLS 1.2 and 1.3 with ring; the machine's trusted certificates besides the added ones.
pub(crate) fn config(trust: Trust, encrypted: bool) -> Result<ClientConfig> {
    let refused = |error: rustls::Error| Error::Configuration(format!("TLS: {error}"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(refused)?;
    let mut config = if trust.only_added || !encrypted {
        let mut roots = RootCertStore::empty();
        for certificate in trust.added {
            roots.add(certificate).map_err(refused)?;
        }
        builder.with_root_certificates(roots).with_no_client_auth()
    } else {
        let verifier = Verifier::new_with_extra_roots(trust.added, provider).map_err(refused)?;
        builder
            .dangerous() // the name of the door; behind it is the machine's own verifier
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth()
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
