//! Work that comes again and again: when somebody rings, and by the clock.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::{Problem, ProblemKind};
use tokio::sync::Notify;

use crate::Service;

impl Service {
    /// Works now, whenever the bell rings, and at least this often, as long as the service lives. It is held only while there is
    /// work, so that dropping its last handle ends it. What failed is tried at the next time.
    pub(crate) fn recur<W: Future<Output = Result<(), Problem>> + Send>(
        &self,
        what: &'static str,
        bell: &Arc<Notify>,
        every: Duration,
        work: impl Fn(Service) -> W + Send + 'static,
    ) {
        let (service, bell) = (Arc::downgrade(&self.inner), Arc::clone(bell));
        tokio::spawn(async move {
            loop {
                let Some(inner) = service.upgrade() else { return };
                let service = Service { inner };
                if service.inner.closing.load(Ordering::Relaxed) {
                    return;
                }
                let done = work(service.clone()).await;
                match done {
                    Ok(()) => {}
                    // The database may be closed by now; what waits is done after the next start.
                    Err(_) if service.inner.closing.load(Ordering::Relaxed) => return,
                    Err(problem) if problem.kind == ProblemKind::Unavailable => {
                        tracing::warn!(what, "it waits: {}", problem.message);
                    }
                    Err(problem) => tracing::error!(what, "it waits: {}", problem.message),
                }
                drop(service);
                let rung = tokio::time::timeout(every, bell.notified()).await.is_ok();
                tracing::trace!(rung, what, "looking for work");
            }
        });
    }
}
