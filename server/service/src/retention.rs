//! What is deleted by its age, where that is asked for.

use std::sync::Weak;
use std::time::Duration;

use domain::clock::DAY_MS;
use domain::deleted::FilesToo;
use domain::{Actor, Problem, ProblemKind};

use crate::people::Client;
use crate::store::{TooOld, now_ms};
use crate::{Inner, Service};

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(3_600);
/// What is deleted in one go; the rest follows.
const AT_ONCE: i64 = 100;
/// In whose name it is done.
const OURSELVES: &str = "Mismatch";

/// After how many days something is deleted for good; `None` is never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Investigations, from the day on which they were archived.
    pub archived_days: Option<u32>,
    /// Closed investigations, from their last change on.
    pub closed_days: Option<u32>,
    /// Files that no investigation uses, from the day on which they came.
    pub unused_files_days: Option<u32>,
}

impl Retention {
    pub fn is_never(self) -> bool {
        self == Retention::default()
    }

    fn at(self, now_ms: i64) -> TooOld {
        let before = |days: Option<u32>| days.map(|days| now_ms.saturating_sub(i64::from(days).saturating_mul(DAY_MS)));
        TooOld {
            archived_ms: before(self.archived_days),
            closed_ms: before(self.closed_days),
            unused_files_ms: before(self.unused_files_days),
        }
    }
}

impl Service {
    /// Deletes what is too old at a moment, with the files that nothing else uses; how many investigations and files. What is
    /// under way is left for the next time.
    ///
    /// # Errors
    /// When the database or the disk fails.
    pub async fn delete_old(&self, now_ms: i64) -> Result<(u64, u64), Problem> {
        let too_old = self.inner.config.retention.at(now_ms);
        let (actor, client) = (Actor::named(OURSELVES)?, Client::default());
        let (mut investigations, mut files) = (0, 0);
        for id in self.inner.store.old_investigations(&too_old, AT_ONCE).await? {
            match self.delete_investigation(&id, FilesToo::Delete, &actor, &client).await {
                Ok(deleted) => {
                    investigations += 1;
                    files += deleted.files.len() as u64;
                }
                Err(problem) => passed_over(problem)?,
            }
        }
        for id in self.inner.store.old_unused_snapshots(&too_old, AT_ONCE).await? {
            match self.delete_snapshot(&id, &actor, &client).await {
                Ok(_) => files += 1,
                Err(problem) => passed_over(problem)?,
            }
        }
        Ok((investigations, files))
    }

    /// Looks again and again, as long as the service lives.
    pub(crate) fn keep_deleting(&self) {
        if !self.inner.config.retention.is_never() {
            tokio::spawn(deleting(std::sync::Arc::downgrade(&self.inner)));
        }
    }
}

async fn deleting(inner: Weak<Inner>) {
    loop {
        let Some(inner) = inner.upgrade() else { return };
        match (Service { inner }).delete_old(now_ms()).await {
            Ok((0, 0)) => {}
            Ok((investigations, files)) => tracing::info!(investigations, files, "deleted by their age"),
            Err(problem) => tracing::warn!("what is too old was not deleted: {}", problem.message),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// It is used or checked just now, or somebody else deleted it.
fn passed_over(problem: Problem) -> Result<(), Problem> {
    match problem.kind {
        ProblemKind::Conflict | ProblemKind::NotFound => Ok(()),
        _ => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_back_from_now_and_nothing_is_too_old_unless_somebody_says_so() {
        let retention = Retention { closed_days: Some(2), ..Retention::default() };
        let too_old = retention.at(10 * DAY_MS);
        assert_eq!(too_old, TooOld { archived_ms: None, closed_ms: Some(8 * DAY_MS), unused_files_ms: None });
        assert!(Retention::default().is_never() && !retention.is_never());
    }
}
