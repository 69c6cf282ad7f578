#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;
use crate::ProviderSettings;
use crate::testing::settings;

fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

/// A server with this certificate, which answers every request alike.
fn server(made: &CertifiedKey<KeyPair>) -> String {
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let port = listener.local_addr().unwrap().port();
    // Ends with the test's process.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream.unwrap());
            // Whoever doesn't trust the certificate hangs up.
            let mut head = [0; 4096];
            if stream.read(&mut head).is_ok() {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}");
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    format!("https://localhost:{port}")
}

fn asked(issuer: &str, certificates: Option<String>) -> Result<Vec<u8>, Refusal> {
    let certificates = certificates.map(String::into_bytes);
    let provider = Provider::new(ProviderSettings { issuer: issuer.to_owned(), certificates, ..settings() }).unwrap();
    Wire::to(&provider).get(&provider.issuer_url, None).map(|answer| answer.body)
}

#[test]
fn a_provider_with_a_certificate_of_its_own_is_asked_only_by_who_was_given_it() {
    let (own, other) = (certificate(), certificate());
    let issuer = server(&own);
    assert_eq!(asked(&issuer, Some(own.cert.pem())), Ok(b"{}".to_vec()));
    assert_eq!(asked(&issuer, Some(other.cert.pem() + &own.cert.pem())), Ok(b"{}".to_vec()));
    assert_eq!(asked(&issuer, Some(other.cert.pem())), Err(Refusal::Unreachable));
    assert_eq!(asked(&issuer, None), Err(Refusal::Unreachable));
    assert_eq!(asked(&issuer.replace("https", "http"), Some(own.cert.pem())), Err(Refusal::Unreachable));
}
