//! `mismatch demo`: the web application with a story to look at.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::Problem;

use super::serve::Site;

/// Serves the web application with an example investigation on real data.
#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    site: Site,
    /// Folder for all stored data. Default: a temporary folder that is deleted at the end.
    #[arg(long, env = "MISMATCH_DATA")]
    data: Option<PathBuf>,
}

impl Demo {
    pub fn run(self) -> Result<ExitCode, Problem> {
        super::start_log();
        let temporary = tempfile::tempdir().map_err(|error| {
            Problem::internal(format!(
                "The temporary folder could not be created: {error}. Choose a folder with --data."
            ))
        })?;
        let data = self.data.clone().unwrap_or_else(|| temporary.path().to_owned());
        super::run_async(async {
            let (listener, service) = self.site.open(data).await?;
            service.seed_demo().await?;
            self.site.serve(listener, service).await
        })
    }
}
