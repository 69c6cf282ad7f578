//! `mismatch serve`: the web application.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use domain::Problem;
use service::isolation::Reading;
use service::{Service, ServiceConfig};
use sources::{Buckets, PrivateAddresses, Reach, Token, Tokens};
use tokio::net::TcpListener;
use tokio::signal;
use tokio::sync::Notify;

use super::access::Access;
use super::elsewhere::ElsewhereArguments;
use super::keeping::Keeping;
use super::mail::MailArguments;
use crate::http::{App, Assets, Listening, router, serve_until};

/// How long requests that are under way may take once the process is asked to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(5);

/// Serves the web application.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub site: Site,
    /// Folder for all stored data. Created if it does not exist.
    #[arg(long, env = "MISMATCH_DATA", default_value = "mismatch-data")]
    pub data: PathBuf,
}

/// What `serve` and `demo` share.
#[derive(Debug, Args)]
pub struct Site {
    /// Address and port to listen on. One that other machines can reach needs --accounts and TLS.
    #[arg(long, env = "MISMATCH_ADDRESS", default_value = "127.0.0.1:3000")]
    pub address: SocketAddr,
    /// A postgres:// address to use instead of the SQLite file in the data folder.
    #[arg(long, env = "MISMATCH_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Folder whose files can be linked by path instead of uploaded. Can be given several times.
    #[arg(long)]
    pub link_root: Vec<PathBuf>,
    /// Address whose objects can be linked with the credentials of this process, such as s3://models/churn. Can be given
    /// several times.
    #[arg(long, value_name = "ADDRESS")]
    pub link_bucket: Vec<String>,
    /// Allows links to private and loopback addresses.
    #[arg(long)]
    pub allow_private_addresses: bool,
    /// The token for a host that links lead to: HOST=FILE, or HOST=env:VARIABLE. Sent to that host only, and never kept or
    /// shown. Can be given several times.
    #[arg(long, value_name = "HOST=FILE")]
    pub token: Vec<Token>,
    /// Largest file accepted, such as 500MB or 4GB.
    #[arg(long, default_value = "4GB", value_parser = bytes_of)]
    pub max_upload: u64,
    #[command(flatten)]
    pub access: Access,
    #[command(flatten)]
    pub elsewhere: ElsewhereArguments,
    #[command(flatten)]
    pub keeping: Keeping,
    #[command(flatten)]
    pub mail: MailArguments,
    #[command(flatten)]
    pub bounds: super::isolated::BoundsArguments,
    /// Folder with style sheet and wasm, when they are not inside the program.
    #[arg(long, env = "LEPTOS_SITE_ROOT", default_value = "target/site", hide = true)]
    pub site_root: PathBuf,
}

impl Serve {
    pub fn run(self) -> Result<ExitCode, Problem> {
        super::start_log();
        super::run_async(async {
            let (listener, service) = self.site.open(self.data.clone()).await?;
            self.site.serve(listener, service).await
        })
    }
}

impl Site {
    /// Binds the address first: a second server on the same port is told so before anything is opened.
    pub async fn open(&self, data_dir: PathBuf) -> Result<(TcpListener, Service), Problem> {
        let listener = self.bind().await?;
        let outside = self.access.outside(listener.local_addr().unwrap_or(self.address));
        let service = Service::open(ServiceConfig {
            data_dir,
            outside: outside.clone(),
            database_url: self.database.clone(),
            link_roots: self.link_root.clone(),
            reach: self.reach(),
            mailer: self.mail.mailer()?,
            max_upload_bytes: self.max_upload,
            accounts: self.access.accounts(),
            elsewhere: self.elsewhere.get(&outside)?,
            retention: self.keeping.retention(),
            reading: Reading::child_of_this_program()?,
            bounds: self.bounds.get(),
        })
        .await?;
        Ok((listener, service))
    }

    fn reach(&self) -> Reach {
        Reach {
            private_addresses: match self.allow_private_addresses {
                true => PrivateAddresses::Allowed,
                false => PrivateAddresses::Refused,
            },
            tokens: Tokens(self.token.clone()),
            buckets: match self.link_bucket.as_slice() {
                [] => Buckets::None,
                below => Buckets::Below(below.to_vec()),
            },
        }
    }

    async fn bind(&self) -> Result<TcpListener, Problem> {
        self.access.check(self.address)?;
        TcpListener::bind(self.address).await.map_err(|error| {
            Problem::bad_input(format!(
                "The address {} can't be used: {error}. Give another one with --address.",
                self.address
            ))
        })
    }

    /// Serves until the process is asked to stop; requests that are under way get a moment to end.
    pub async fn serve(&self, listener: TcpListener, service: Service) -> Result<(), Problem> {
        // Not the address that was asked for: with port 0 the system chooses one.
        let address = listener.local_addr().unwrap_or(self.address);
        let app = App {
            door: self.access.door(),
            names: self.access.names(address),
            proxied: self.elsewhere.proxied(),
            ..App::new(service.clone(), Assets::embedded_or(self.site_root.clone()))
        };
        let tls = self.access.tls()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        tracing::info!("Mismatch is at {scheme}://{address}");
        if let Err(problem) = service.check_provider().await {
            // People may still sign in with a password, and the provider may come back.
            tracing::warn!("signing in with the provider does not work now: {}", problem.message);
        }
        if let Some(code) = service.set_up_code().await? {
            // Not by the log, which is kept: only who started it sees it.
            let here = self.access.outside(address);
            super::say(&format!("Make the first account at {here}/set-up with the code {}", code.as_str()));
        }
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let stopped = async move { stopped.notified().await };
        let mut server =
            std::pin::pin!(serve_until(Listening { listener, tls }, router(app), self.access.limits(address), stopped));
        tokio::select! {
            () = &mut server => return Err(Problem::internal("The server stopped without being asked to.")),
            () = asked_to_stop() => tracing::info!("stopping"),
        }
        stop.notify_one();
        // Ends the event streams too, which would hold the server up for as long as their jobs run.
        service.shut_down().await;
        if tokio::time::timeout(LAST_REQUESTS, server).await.is_err() {
            tracing::warn!("requests that were still under way are cut off");
        }
        Ok(())
    }
}

async fn asked_to_stop() {
    let interrupted = async {
        if let Err(error) = signal::ctrl_c().await {
            tracing::error!(%error, "SIGINT can't be listened for");
            std::future::pending::<()>().await;
        }
    };
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "SIGTERM can't be listened for");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

/// `500MB`, `4 GB`, `1GiB`, `1000`: decimal and binary units.
fn bytes_of(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        other => return Err(format!("{other:?} is not a size unit; write 500MB or 4GB")),
    };
    let number: f64 =
        number.parse().map_err(|error| format!("{number:?} is not a number ({error}); write 500MB or 4GB"))?;
    if number * factor >= 1.0 {
        Ok((number * factor) as u64)
    } else {
        Err("the limit must be at least one byte".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_units() {
        assert_eq!(bytes_of("4GB"), Ok(4_000_000_000));
        assert_eq!(bytes_of("1.5 mb"), Ok(1_500_000));
        assert_eq!(bytes_of("1GiB"), Ok(1 << 30));
        assert_eq!(bytes_of("12"), Ok(12));
        for wrong in ["", "GB", "4 parsecs", "0", "-1"] {
            assert!(bytes_of(wrong).is_err(), "{wrong}");
        }
    }
}
