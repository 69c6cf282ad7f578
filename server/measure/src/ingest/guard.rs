//! polars panics on some damaged files instead of saying so: a panic while reading becomes an error like any other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::{PolarsError, PolarsResult};

/// Reads that are under guard at this moment, in any thread.
static GUARDED: AtomicUsize = AtomicUsize::new(0);
static QUIET: Once = Once::new();

/// Runs a read; a panic in it, or in polars' threads for it, comes back as an error and is logged rather than printed.
pub(super) fn guarded<T>(read: impl FnOnce() -> PolarsResult<T>) -> PolarsResult<T> {
    QUIET.call_once(log_panics_under_guard);
    GUARDED.fetch_add(1, Ordering::SeqCst);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.fetch_sub(1, Ordering::SeqCst);
    result.unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(PolarsError::ComputeError(message.unwrap_or("the reader gave up").to_owned().into()))
    })
}

/// Without this a damaged file prints a stack trace beside the sentence that explains it.
fn log_panics_under_guard() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if GUARDED.load(Ordering::SeqCst) > 0 {
            tracing::error!(%panic, "panic while a file was read");
        } else {
            usual(panic);
        }
    }));
}

/// The beginning of an error's text, for a sentence; the rest goes to the log.
pub(super) fn first_line(error: &PolarsError) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let result: PolarsResult<()> = guarded(|| panic!("offset {} is out of range", 7));
        assert_eq!(result.map_err(|error| first_line(&error)), Err("offset 7 is out of range".to_owned()));
    }
}
