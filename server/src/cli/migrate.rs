//! `mismatch migrate`: brings the database up to date without serving.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::Problem;
use service::{Service, ServiceConfig};

/// Updates the database tables and exits. `serve` does the same when it starts.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Folder for all stored data.
    #[arg(long, env = "MISMATCH_DATA", default_value = "mismatch-data")]
    data: PathBuf,
    /// A postgres:// address to use instead of the SQLite file in the data folder.
    #[arg(long, env = "MISMATCH_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

impl Migrate {
    pub fn run(self) -> Result<ExitCode, Problem> {
        super::start_log();
        super::run_async(async {
            let config = ServiceConfig { database_url: self.database, ..ServiceConfig::new(self.data) };
            Service::migrate(&config).await?;
            tracing::info!("the database is up to date");
            Ok(())
        })
    }
}
