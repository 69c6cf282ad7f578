//! Where files are read.

use std::path::{Path, PathBuf};

use domain::Problem;

/// Where files are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Here: a file that ends its reader ends everything. For tests and for who reads only what it wrote itself.
    InThisProcess,
    /// In a child that runs this program, whose verb `isolated` calls [`super::answer`].
    ChildOf(PathBuf),
}

impl Reading {
    /// A child of the program that runs now, even when its file was replaced meanwhile by a newer version, which might
    /// speak otherwise.
    ///
    /// # Errors
    /// When the system does not tell which program this is.
    pub fn child_of_this_program() -> Result<Reading, Problem> {
        let running = Path::new("/proc/self/exe");
        if running.exists() {
            return Ok(Reading::ChildOf(running.to_owned()));
        }
        std::env::current_exe().map(Reading::ChildOf).map_err(|error| {
            Problem::internal(format!("The program can't find its own file ({error}), which it needs to read files."))
        })
    }
}
