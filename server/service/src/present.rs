//! Who has an investigation open, as long as their pages ask. In memory: nothing of it is kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::{Actor, Problem};

use crate::Service;
use crate::store::now_ms;

/// Who has not asked for so long has gone.
const GONE_MS: i64 = 10_000;
/// Names that are remembered at most, over all investigations.
const MOST: usize = 10_000;

/// When who asked last, by investigation and name.
#[derive(Debug, Default)]
pub(crate) struct Present(Mutex<BTreeMap<(String, String), i64>>);

impl Present {
    /// Notes that somebody is here, and says who else is.
    fn note(&self, investigation: &str, name: &str, now_ms: i64) -> Vec<String> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, last| now_ms.saturating_sub(*last) < GONE_MS);
        if seen.len() < MOST {
            seen.insert((investigation.to_owned(), name.to_owned()), now_ms);
        }
        let of_it = seen.keys().filter(|(of, other)| of == investigation && other != name);
        of_it.map(|(_, other)| other.clone()).collect()
    }
}

impl Service {
    /// The names of the others who have an investigation open; `name` has it open from now on too.
    pub fn others_here(&self, investigation: &str, name: &Actor) -> Vec<String> {
        self.inner.present.note(investigation, name.as_str(), now_ms())
    }

    /// How many times an investigation was changed so far.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn investigation_changes(&self, id: &str) -> Result<i64, Problem> {
        let changes = self.inner.store.changes(id).await?;
        changes.ok_or_else(|| Problem::not_found("There is no such investigation. It may have been deleted."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_here_as_long_as_they_ask() {
        let present = Present::default();
        assert!(present.note("a", "Ada", 0).is_empty());
        assert_eq!(present.note("a", "Grace", 5_000), ["Ada"]);
        assert!(present.note("b", "Alan", 5_000).is_empty());
        assert_eq!(present.note("a", "Ada", 9_000), ["Grace"]);
        assert_eq!(present.note("a", "Grace", 18_000), ["Ada"]);
        assert!(present.note("a", "Grace", 30_000).is_empty());
    }
}
