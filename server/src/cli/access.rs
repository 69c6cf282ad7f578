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

use crate::http::{Addresses, Door, Names};

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

    /// Where people open it by the first name that was given, when it isn't where it listens.
    pub fn outside(&self) -> Option<String> {
        self.host.first().filter(|_| self.door() == Door::Proxied).map(|name| format!("https://{name}"))
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
    use clap::Parser;

    use super::*;

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
