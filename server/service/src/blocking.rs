//! Work that blocks, away from the threads that answer.

use domain::Problem;

use crate::error::Error;

/// Runs blocking work; if it panics, the person gets a sentence and the log has the rest.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Error::from)?
}
