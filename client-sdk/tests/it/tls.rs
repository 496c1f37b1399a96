//! Whom the client believes.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};
use tsumugi_client::{Client, Error};

/// A server for `name` that answers every connection with `{"status":"ok"}`. Returns its port and
/// its certificate authority.
fn serve(name: &str) -> (u16, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);

    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut connection = ServerConnection::new(config.clone()).unwrap();
            let mut stream = Stream::new(&mut connection, &mut socket);
            let mut request = [0; 1024];
            if stream.read(&mut request).is_ok() {
                let answer = "HTTP/1.1 200 OK\r\ncontent-length: 15\r\nconnection: close\r\n\r\n";
                stream.write_all(answer.as_bytes()).unwrap();
                stream.write_all(b"{\"status\":\"ok\"}").unwrap();
            }
        }
    });
    (port, authority)
}

async fn health(port: u16, authorities: &[&str], only: bool) -> Result<(), Error> {
    let mut builder = Client::builder(format!("https://localhost:{port}"));
    for pem in authorities {
        builder = builder.add_root_certificate(*pem);
    }
    if only {
        builder = builder.only_added_root_certificates();
    }
    builder.build()?.health().find().await.map(|_| ())
}

fn assert_not_trusted(result: Result<(), Error>) {
    let error = result.unwrap_err();
    assert!(!error.is_temporary(), "{error:?}");
    assert!(error.to_string().contains("certificate is not trusted"));
}

#[tokio::test]
async fn server_is_believed_if_its_authority_is() {
    let (port, authority) = serve("localhost");
    let (_, stranger) = serve("localhost");

    health(port, &[&authority], false).await.unwrap();
    health(port, &[&stranger, &authority], true).await.unwrap();
    assert_not_trusted(health(port, &[&stranger], false).await);
    assert_not_trusted(health(port, &[&stranger], true).await);
}

#[tokio::test]
async fn server_of_another_name_is_not_believed() {
    let (port, authority) = serve("tsumugi.example");
    assert_not_trusted(health(port, &[&authority], false).await);
}
