//! Keys on disk: the certificate that is made at first start for local use, and the key that signs tokens.

use std::{fs, io::Write, path::Path, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, PKCS_ED25519};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::auth::token::Tokens;
use crate::{Error, Result};

/// The TLS configuration from `certificate` and `key` (PEM), or from a pair made in `data_dir` at first start.
pub fn server_config(data_dir: &Path, given: Option<(&Path, &Path)>) -> Result<ServerConfig> {
    let (certificate, key) = match given {
        Some((certificate, key)) => (certificate.to_owned(), key.to_owned()),
        None => made_at_first_start(&data_dir.join("tls"))?,
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&certificate)
        .and_then(Iterator::collect)
        .map_err(|e| Error::internal(format!("{}: {e}", certificate.display())))?;
    let key = PrivateKeyDer::from_pem_file(&key)
        .map_err(|e| Error::internal(format!("{}: {e}", key.display())))?;
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(Error::internal)
}

/// `cert.pem` and `key.pem` for this machine, with `ca.pem`, the authority that clients may trust.
fn made_at_first_start(folder: &Path) -> Result<(std::path::PathBuf, std::path::PathBuf)> {
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    if certificate.exists() && key.exists() {
        return Ok((certificate, key));
    }
    fs::create_dir_all(folder).map_err(Error::internal)?;
    let authority_key = KeyPair::generate().map_err(Error::internal)?;
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority
        .distinguished_name
        .push(DnType::CommonName, "Tsumugi local authority");
    let authority_certificate = authority
        .self_signed(&authority_key)
        .map_err(Error::internal)?;
    let server_key = KeyPair::generate().map_err(Error::internal)?;
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut server = CertificateParams::new(names).map_err(Error::internal)?;
    server
        .distinguished_name
        .push(DnType::CommonName, "Tsumugi");
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let signed = server
        .signed_by(&server_key, &issuer)
        .map_err(Error::internal)?;
    write_private(&key, server_key.serialize_pem().as_bytes())?;
    fs::write(folder.join("ca.pem"), authority_certificate.pem()).map_err(Error::internal)?;
    fs::write(&certificate, signed.pem()).map_err(Error::internal)?;
    Ok((certificate, key))
}

/// The key that signs access tokens, made at first start.
pub fn token_key(data_dir: &Path) -> Result<Tokens> {
    let path = data_dir.join("token-key.pem");
    let pair = if path.exists() {
        KeyPair::from_pem(&fs::read_to_string(&path).map_err(Error::internal)?)
            .map_err(Error::internal)?
    } else {
        let pair = KeyPair::generate_for(&PKCS_ED25519).map_err(Error::internal)?;
        fs::create_dir_all(data_dir).map_err(Error::internal)?;
        write_private(&path, pair.serialize_pem().as_bytes())?;
        pair
    };
    Ok(Tokens::new(&pair.serialize_der(), pair.public_key_raw()))
}

/// Writes a file that only its owner may read.
fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(Error::internal)
}
