//! How long something is kept.

use clap::Args;
use service::Retention;

/// Nothing is deleted by its age unless one of these says so.
#[derive(Debug, Args)]
pub struct Keeping {
    /// Deletes archived investigations for good, with the files that nothing else uses, so many days after they were archived.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    delete_archived_after: Option<u32>,
    /// Deletes closed investigations in the same way, so many days after their last change.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    delete_closed_after: Option<u32>,
    /// Deletes files that no investigation uses, so many days after they came.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    delete_unused_files_after: Option<u32>,
}

impl Keeping {
    pub fn retention(&self) -> Retention {
        Retention {
            archived_days: self.delete_archived_after,
            closed_days: self.delete_closed_after,
            unused_files_days: self.delete_unused_files_after,
        }
    }
}
