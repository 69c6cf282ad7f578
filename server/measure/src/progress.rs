//! Progress and cancellation of long work, without knowing who watches.

use domain::{Problem, ProblemKind};

/// Told by blocking work how far it is; asked by it whether to stop.
pub trait Progress: Sync {
    /// `fraction` is 0 to 1; `stage` says in words what is being done.
    fn report(&self, fraction: f64, stage: &str);
    /// Whether somebody asked for the work to stop.
    fn cancelled(&self) -> bool;
}

/// For callers that neither watch nor cancel.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn report(&self, _fraction: f64, _stage: &str) {}
    fn cancelled(&self) -> bool {
        false
    }
}

/// A part of some longer work: its 0 to 1 is `from` to `to` of the whole.
pub struct Part<'a> {
    whole: &'a dyn Progress,
    from: f64,
    to: f64,
}

impl<'a> Part<'a> {
    pub fn new(whole: &'a dyn Progress, from: f64, to: f64) -> Self {
        Self { whole, from, to }
    }
}

impl Progress for Part<'_> {
    fn report(&self, fraction: f64, stage: &str) {
        self.whole.report(self.from + (self.to - self.from) * fraction.clamp(0.0, 1.0), stage);
    }
    fn cancelled(&self) -> bool {
        self.whole.cancelled()
    }
}

/// Stops the work with a problem of kind `Cancelled` if somebody asked for it.
///
/// # Errors
/// When [`Progress::cancelled`] says so.
pub fn go_on(progress: &dyn Progress) -> Result<(), Problem> {
    if progress.cancelled() {
        return Err(Problem::new(ProblemKind::Cancelled, "The work was cancelled."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Recorder(Mutex<Vec<f64>>);

    impl Progress for Recorder {
        fn report(&self, fraction: f64, _stage: &str) {
            if let Ok(mut seen) = self.0.lock() {
                seen.push(fraction);
            }
        }
        fn cancelled(&self) -> bool {
            true
        }
    }

    #[test]
    fn a_part_reports_its_place_in_the_whole_and_passes_cancellation_on() {
        let whole = Recorder::default();
        let part = Part::new(&whole, 0.5, 0.9);
        part.report(0.5, "half of the part");
        part.report(2.0, "never over its end");
        assert_eq!(whole.0.lock().map(|seen| seen.clone()).unwrap_or_default(), [0.7, 0.9]);
        assert_eq!(go_on(&part).map_err(|problem| problem.kind), Err(ProblemKind::Cancelled));
        assert_eq!(go_on(&Unwatched), Ok(()));
    }
}
