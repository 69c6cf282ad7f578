//! Who may reach the server, and how.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use domain::{Problem, ProblemKind};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use service::Accounts;
use tokio_rustls::TlsAcceptor;

use crate::http::{Addresses, ConnectionLimits, Door, Names};

#[derive(Debug, Args)]
pub struct Access {
    /// People sign in. The first start prints a code with which the first account is made. From then on the data folder
    /// is only opened with accounts.
    #[arg(long, env = "MISMATCH_ACCOUNTS")]
    accounts: bool,
    /// A name under which browsers open it, such as mismatch.example.org. Can be given several times.
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// A proxy in front of it ends TLS, and says in X-Forwarded-For who asks. Nothing else may reach the port.
    #[arg(long, conflicts_with = "tls_certificate")]
    proxy_ends_tls: bool,
    /// A certificate with its chain, as PEM: TLS ends here.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The private key of the certificate, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
}

impl Access {
    pub fn accounts(&self) -> Accounts {
        if self.accounts { Accounts::Required } else { Accounts::AsBefore }
    }

    /// What one client may take. Behind a proxy all have one address, and on loopback they are one person's.
    pub fn limits(&self, address: SocketAddr) -> ConnectionLimits {
        /// A browser opens six; an office behind one address has forty of them.
        const MOST_OF_AN_ADDRESS: u32 = 256;
        let is_one = address.ip().is_loopback() || self.door() == Door::Proxied;
        ConnectionLimits { by_address: (!is_one).then_some(MOST_OF_AN_ADDRESS), ..ConnectionLimits::default() }
    }

    /// # Errors
    /// `Forbidden` for an address that others can reach, without accounts or without TLS.
    pub fn check(&self, address: SocketAddr) -> Result<(), Problem> {
        if address.ip().is_loopback() {
            return Ok(());
        }
        let forbidden = |why: &str| Err(Problem::new(ProblemKind::Forbidden, format!("{address} {why}")));
        if !self.accounts {
            return forbidden(
                "can be reached from other machines: everyone there could read and change everything. Start it with --accounts, \
                 or listen on 127.0.0.1.",
            );
        }
        if self.door() == Door::Plain {
            return forbidden(
                "can be reached from other machines, and passwords would be sent in the clear. Give --tls-certificate and \
                 --tls-key, or say --proxy-ends-tls where a proxy in front does it.",
            );
        }
        Ok(())
    }

    pub fn door(&self) -> Door {
        match (self.proxy_ends_tls, &self.tls_certificate) {
            (true, _) => Door::Proxied,
            (false, Some(_)) => Door::Encrypted,
            (false, None) => Door::Plain,
        }
    }

    /// Where browsers open it, as far as it was said: by the first name that was given, else where it listens.
    pub fn outside(&self, listens: SocketAddr) -> String {
        match (self.host.first(), self.door()) {
            (Some(name), Door::Proxied) => format!("https://{name}"),
            (Some(name), Door::Encrypted) if listens.port() == 443 => format!("https://{name}"),
            (Some(name), Door::Encrypted) => format!("https://{name}:{}", listens.port()),
            (None, Door::Encrypted) => format!("https://{listens}"),
            (_, Door::Plain) | (None, Door::Proxied) => format!("http://{listens}"),
        }
    }

    pub fn names(&self, address: SocketAddr) -> Names {
        let others = self.host.iter().map(|name| name.trim().to_lowercase()).collect();
        let addresses = if address.ip().is_loopback() { Addresses::Loopback } else { Addresses::Any };
        Names { others, addresses }
    }

    /// What ends TLS here, where it does.
    ///
    /// # Errors
    /// When the certificate or the key can't be read, or don't belong together.
    pub fn tls(&self) -> Result<Option<TlsAcceptor>, Problem> {
        let (Some(certificate), Some(key)) = (&self.tls_certificate, &self.tls_key) else { return Ok(None) };
        let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let chain = chain.map_err(|error| unusable(certificate, &error))?;
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret))
            .map_err(|error| unusable(certificate, &error))?;
        Ok(Some(TlsAcceptor::from(Arc::new(config))))
    }
}

fn unusable(file: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::bad_input(format!(
        "{} can't be used for TLS: {error}. Give the certificate with its chain, and its private key, as PEM files.",
        file.display()
    ))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use axum::Router;
    use axum::routing::get;
    use clap::Parser;
    use rustls::pki_types::ServerName;
    use rustls::{ClientConfig, RootCertStore};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio_rustls::TlsConnector;

    use super::*;
    use crate::http::{ConnectionLimits, Listening, serve_until};

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        access: Access,
    }

    fn access(arguments: &[&str]) -> Access {
        Line::try_parse_from([&["x"], arguments].concat()).unwrap().access
    }

    #[test]
    fn an_address_that_others_can_reach_needs_accounts_and_encryption() {
        let (here, there): (SocketAddr, SocketAddr) =
            ("127.0.0.1:3000".parse().unwrap(), "10.0.0.7:3000".parse().unwrap());
        for plain in [&[][..], &["--accounts"], &["--proxy-ends-tls"]] {
            access(plain).check(here).unwrap();
        }
        assert!(access(&[]).check(there).unwrap_err().message.contains("--accounts"));
        assert!(access(&["--proxy-ends-tls"]).check(there).unwrap_err().message.contains("--accounts"));
        assert!(access(&["--accounts"]).check(there).unwrap_err().message.contains("--tls-certificate"));
        access(&["--accounts", "--proxy-ends-tls"]).check(there).unwrap();
        access(&["--accounts", "--tls-certificate", "a.pem", "--tls-key", "b.pem"]).check(there).unwrap();
        assert!(Line::try_parse_from(["x", "--tls-certificate", "a.pem"]).is_err());
    }

    #[tokio::test]
    async fn tls_ends_here_for_whoever_trusts_the_certificate_and_nobody_gets_in_without() {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name).display().to_string());
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let tls = access(&["--tls-certificate", &certificate, "--tls-key", &key]).tls().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "behind TLS" }));
        let limits = ConnectionLimits::default();
        tokio::spawn(serve_until(Listening { listener, tls }, router, limits, std::future::pending()));

        let asked = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        let mut trusted = RootCertStore::empty();
        trusted.add(made.cert.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = |roots: RootCertStore| {
            let config =
                ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
            TlsConnector::from(Arc::new(config.unwrap().with_root_certificates(roots).with_no_client_auth()))
        };
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let mut stream = client(trusted).connect(name.clone(), stream).await.unwrap();
        stream.write_all(asked).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("behind TLS"), "{answer}");

        let stranger = TcpStream::connect(address).await.unwrap();
        assert!(client(RootCertStore::empty()).connect(name, stranger).await.is_err());
        let mut plain = TcpStream::connect(address).await.unwrap();
        plain.write_all(asked).await.unwrap();
        let mut answer = Vec::new();
        // Cut off, or told in TLS that this is not it.
        let _ = plain.read_to_end(&mut answer).await;
        assert!(!String::from_utf8_lossy(&answer).contains("HTTP"), "{answer:?}");
    }

    #[test]
    fn a_certificate_that_is_none_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cert.pem");
        std::fs::write(&file, "no certificate").unwrap();
        let file = file.to_str().unwrap();
        let problem = access(&["--tls-certificate", file, "--tls-key", file]).tls().err().unwrap();
        assert!(problem.message.contains("cert.pem") && problem.message.contains("PEM"), "{}", problem.message);
        assert!(access(&[]).tls().unwrap().is_none());
    }
}
