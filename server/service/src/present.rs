//! What happens to an investigation while people have it open: how many times it was changed, and who is there. In memory:
//! nothing of it is kept. One task for each open investigation reads the count, however many pages follow it, so that what
//! another process writes is seen too.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use domain::{Actor, Problem};
use tokio::sync::watch;

use crate::{Inner, Service};

/// How often the count is read.
const EVERY: Duration = Duration::from_millis(400);

/// An investigation as it is for those who have it open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Open {
    changes: i64,
    /// The names of those who are there, each with the number of their pages.
    people: BTreeMap<String, u32>,
}

/// What one of them is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Now {
    /// How many times it was changed so far.
    pub changes: i64,
    /// The names of the others who have it open.
    pub others: Vec<String>,
}

type Followed = Mutex<BTreeMap<String, watch::Sender<Open>>>;

/// The investigations that are open, by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Present(Arc<Followed>);

impl Present {
    fn followed(&self) -> MutexGuard<'_, BTreeMap<String, watch::Sender<Open>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody opens a page of it; whether they are the first.
    fn enter(&self, investigation: &str, name: Option<&Actor>, changes: i64) -> (Follower, bool) {
        let mut followed = self.followed();
        let is_first = !followed.contains_key(investigation);
        let open = followed.entry(investigation.to_owned()).or_insert_with(|| watch::Sender::new(Open::default()));
        let name = name.map(Actor::to_string);
        // Subscribed before it changes, so that the first thing that is told is how it is now.
        let mut told = open.subscribe();
        open.send_modify(|open| {
            open.changes = open.changes.max(changes);
            if let Some(name) = &name {
                *open.people.entry(name.clone()).or_default() += 1;
            }
        });
        told.mark_changed();
        let follower =
            Follower { told, place: Place { present: self.clone(), investigation: investigation.to_owned(), name } };
        (follower, is_first)
    }

    /// Whether anybody still wants to know; otherwise it is forgotten.
    fn is_followed(&self, investigation: &str) -> bool {
        let mut followed = self.followed();
        let is_followed = followed.get(investigation).is_some_and(|open| open.receiver_count() > 0);
        if !is_followed {
            followed.remove(investigation);
        }
        is_followed
    }

    fn set_changes(&self, investigation: &str, changes: i64) {
        if let Some(open) = self.followed().get(investigation) {
            open.send_if_modified(|open| {
                let is_new = open.changes != changes;
                open.changes = changes;
                is_new
            });
        }
    }

    /// Nobody is told anything more: it was deleted.
    fn end(&self, investigation: &str) {
        self.followed().remove(investigation);
    }
}

/// A page that is open; when it is dropped, the others see that its reader has gone.
#[derive(Debug)]
pub struct Follower {
    told: watch::Receiver<Open>,
    place: Place,
}

#[derive(Debug)]
struct Place {
    present: Present,
    investigation: String,
    name: Option<String>,
}

impl Follower {
    /// How it is, as soon as that is new; `None` when it was deleted.
    pub async fn next(&mut self) -> Option<Now> {
        self.told.changed().await.ok()?;
        let open = self.told.borrow_and_update();
        let others = match &self.place.name {
            Some(own) => open.people.keys().filter(|name| *name != own).cloned().collect(),
            // Without accounts nobody knows who is who.
            None => Vec::new(),
        };
        Some(Now { changes: open.changes, others })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(name) = &self.name else { return };
        if let Some(open) = self.present.followed().get(&self.investigation) {
            open.send_modify(|open| {
                if let Some(pages) = open.people.get_mut(name) {
                    *pages -= 1;
                }
                open.people.retain(|_, pages| *pages > 0);
            });
        }
    }
}

impl Service {
    /// Follows an investigation for somebody, whom the others see as long as the follower lives.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn follow(&self, id: &str, name: Option<&Actor>) -> Result<Follower, Problem> {
        let changes = self.investigation_changes(id).await?;
        let (follower, is_first) = self.inner.present.enter(id, name, changes);
        if is_first {
            tokio::spawn(read_changes(Arc::downgrade(&self.inner), id.to_owned()));
        }
        Ok(follower)
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

/// As long as somebody wants to know, and the service lives.
async fn read_changes(service: Weak<Inner>, id: String) {
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(inner) = service.upgrade().filter(|inner| inner.present.is_followed(&id)) else { return };
        match inner.store.changes(&id).await {
            Ok(Some(changes)) => inner.present.set_changes(&id, changes),
            Ok(None) => return inner.present.end(&id),
            // A database that is busy answers the next time.
            Err(error) => tracing::debug!(%error, "the count of changes was not read"),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn named(name: &str) -> Actor {
        Actor::named(name).unwrap()
    }

    #[tokio::test]
    async fn whoever_has_it_open_is_told_who_comes_who_goes_and_what_changes() {
        let present = Present::default();
        let (mut ada, is_first) = present.enter("a", Some(&named("Ada")), 3);
        assert!(is_first);
        assert_eq!(ada.next().await.unwrap(), Now { changes: 3, others: Vec::new() });
        let (mut grace, is_first) = present.enter("a", Some(&named("Grace")), 3);
        assert!(!is_first);
        assert_eq!(ada.next().await.unwrap().others, ["Grace"]);
        assert_eq!(grace.next().await.unwrap().others, ["Ada"]);
        // A second page of the same person is not another one, and one that is closed leaves the other.
        let (second, _) = present.enter("a", Some(&named("Ada")), 3);
        assert_eq!(grace.next().await.unwrap().others, ["Ada"]);
        drop(second);
        assert_eq!(grace.next().await.unwrap().others, ["Ada"]);
        present.set_changes("a", 4);
        assert_eq!(grace.next().await.unwrap().changes, 4);
        drop(ada);
        assert!(grace.next().await.unwrap().others.is_empty());
        let (mut nobody, is_first) = present.enter("b", None, 0);
        assert!(is_first && nobody.next().await.unwrap().others.is_empty());
        present.end("b");
        assert_eq!(nobody.next().await, None, "it was deleted");
        drop(grace);
        assert!(!present.is_followed("a"), "nobody wants to know");
        assert!(present.enter("a", None, 5).1, "the next one is the first again");
    }
}
