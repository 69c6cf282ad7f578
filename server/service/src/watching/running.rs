//! Looking at places: what is new is taken in like a file that was sent.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use connectors::live::Window;
use domain::clock::{DAY_MS, day_in_name};
use domain::model::{Watch, WatchRun};
use domain::{Actor, Problem, ProblemKind};
use sources::{Listed, Sources};

use tokio::task::{JoinError, JoinSet};

use super::places::{Place, in_bucket, in_folder, place_of};
use super::schedule;
use crate::Service;
use crate::arrivals::ArrivalTerms;
use crate::blocking::blocking;
use crate::store::{Inserted, SeenThing, now_ms};

/// How often the clock is looked at when nobody rings.
const EVERY: Duration = Duration::from_secs(5);
/// Places that are looked at at once, and those of one person: who watches slow ones keeps nobody else waiting.
const AT_ONCE: usize = 8;
const AT_ONCE_OF_ONE: usize = 2;
/// Of those that are due.
const MOST_DUE: i64 = 1_000;
/// Files that one look takes in; the rest follows at once with the next.
const MOST_NEW: usize = 100;
/// Where nothing was asked before, or long ago, a running tool is asked about this long.
const MOST_ASKED_MS: i64 = 7 * DAY_MS;
/// The name of the time until which a running tool was asked.
const ASKED: &str = "asked until";

/// What came of one look.
#[derive(Debug)]
struct Looked {
    run: WatchRun,
    /// Whether there is more than one look takes in.
    is_more: bool,
}

impl Looked {
    /// Nothing came, or not yet.
    fn begun(at_ms: i64) -> Looked {
        Looked { run: WatchRun { at_ms, arrived: 0, unread: 0, error: String::new() }, is_more: false }
    }
}

/// The looks that are under way.
#[derive(Default)]
struct Looks {
    under_way: JoinSet<(String, Result<(), Problem>)>,
    /// Who made the watch of each.
    by: BTreeMap<String, Actor>,
    /// What failed here and not at a place: nothing more is begun.
    failed: Option<Problem>,
}

impl Looks {
    /// Unless it is looked at already, or there are too many looks.
    fn begin(&mut self, service: &Service, watch: Watch) {
        let of_one = self.by.values().filter(|by| **by == watch.created_by).count();
        if self.by.contains_key(&watch.id) || self.by.len() >= AT_ONCE || of_one >= AT_ONCE_OF_ONE {
            return;
        }
        self.by.insert(watch.id.clone(), watch.created_by.clone());
        let service = service.clone();
        self.under_way.spawn(async move {
            let looked = service.look_once(&watch).await;
            (watch.id, looked)
        });
    }

    fn end(&mut self, done: Result<(String, Result<(), Problem>), JoinError>) {
        match done {
            Ok((watch, looked)) => {
                self.by.remove(&watch);
                self.failed = self.failed.take().or(looked.err());
            }
            Err(error) => self.failed = Some(Problem::internal(format!("A watch was not looked at: {error}."))),
        }
    }
}

impl Service {
    /// Looks at watches when they are due, as long as the service lives.
    pub(crate) fn keep_watching(&self) {
        self.recur(
            "watches",
            &self.inner.watching,
            EVERY,
            |service| async move { service.look_at_what_is_due().await },
        );
    }

    async fn look_at_what_is_due(&self) -> Result<(), Problem> {
        let mut looks = Looks::default();
        loop {
            if looks.failed.is_none() && !self.inner.closing.load(Ordering::Relaxed) {
                for watch in self.inner.store.due_watches(now_ms(), MOST_DUE).await? {
                    looks.begin(self, watch);
                }
            }
            tokio::select! {
                done = looks.under_way.join_next() => match done {
                    Some(done) => looks.end(done),
                    None => return looks.failed.map_or(Ok(()), Err),
                },
                () = self.inner.watching.notified() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Looks at a place, and writes how it went and when the next look is.
    async fn look_once(&self, watch: &Watch) -> Result<(), Problem> {
        let begun_ms = now_ms();
        let Some(maker) = self.inner.store.maker_of_watch(&watch.id).await? else {
            // Removed while it waited for its turn.
            return Ok(());
        };
        let looked = match maker {
            Some(account) if !self.edits(&account, &watch.model).await? => Err(Problem::new(
                ProblemKind::Forbidden,
                format!(
                    "{} may not change this model any more. Somebody who may has to watch the place again.",
                    watch.created_by
                ),
            )),
            _ => self.look(watch, begun_ms).await,
        };
        let Looked { run, is_more } = match looked {
            Ok(looked) => looked,
            // It is looked at again when there is space, or a database.
            Err(problem) if !is_of_the_place(&problem) => return Err(problem),
            Err(problem) => {
                tracing::info!(watch = watch.id, "a watch could not be looked at: {}", problem.message);
                let mut looked = Looked::begun(begun_ms);
                looked.run.error = problem.message;
                looked
            }
        };
        let next_at_ms = match is_more {
            true => begun_ms,
            false => schedule::next_after(&watch.schedule, now_ms()).unwrap_or(now_ms() + DAY_MS),
        };
        Ok(self.inner.store.set_watched(&watch.id, &run, next_at_ms).await?)
    }

    async fn look(&self, watch: &Watch, now_ms: i64) -> Result<Looked, Problem> {
        let (target, config) = (watch.target.clone(), &self.inner.config);
        let listed = match place_of(&target) {
            Place::Folder => {
                let roots = config.link_roots.clone();
                blocking(move || in_folder(&target, &roots, now_ms)).await?
            }
            Place::Prefix => {
                let sources = Sources::new(config.reach.clone());
                blocking(move || in_bucket(&sources, &target)).await?
            }
            Place::Address => return self.ask(watch, now_ms).await,
        };
        self.take_new(watch, listed, now_ms).await
    }

    /// Takes in what was not there at the last look, in the order of time.
    async fn take_new(&self, watch: &Watch, listed: Vec<Listed>, now_ms: i64) -> Result<Looked, Problem> {
        let seen = self.inner.store.seen_of(&watch.id).await?;
        let at_ms = |one: &Listed| day_in_name(&one.name).unwrap_or(one.modified_ms).min(now_ms);
        let mut new: Vec<Listed> = listed.into_iter().filter(|one| seen.get(&one.name) != Some(&one.mark)).collect();
        new.sort_by_cached_key(|one| (at_ms(one), one.name.clone()));
        let mut looked = Looked { is_more: new.len() > MOST_NEW, ..Looked::begun(now_ms) };
        for one in new.into_iter().take(MOST_NEW) {
            if self.inner.closing.load(Ordering::Relaxed) {
                return Ok(Looked { is_more: true, ..looked });
            }
            let thing = SeenThing { watch: watch.id.clone(), name: one.name.clone(), mark: one.mark.clone() };
            let terms = ArrivalTerms::of_watch(watch, at_ms(&one));
            let taken = self.take_one(&terms, &one.target, None, &thing).await;
            self.count(&mut looked.run, taken, &one.name, &thing).await?;
        }
        Ok(looked)
    }

    /// Asks a running tool about the time since it was asked last, or fetches a file.
    async fn ask(&self, watch: &Watch, now_ms: i64) -> Result<Looked, Problem> {
        let seen = self.inner.store.seen_of(&watch.id).await?;
        let last_ms: Option<i64> = seen.get(ASKED).and_then(|until| until.parse().ok());
        // Until the moment for which it was due: a look that is made again after a restart asks about the same time.
        let until_ms = watch.next_at_ms.min(now_ms);
        let from_ms = last_ms.unwrap_or(until_ms - DAY_MS).max(until_ms - MOST_ASKED_MS);
        let mut looked = Looked::begun(now_ms);
        if last_ms.is_some_and(|last| last >= until_ms) {
            return Ok(looked);
        }
        let thing = SeenThing { watch: watch.id.clone(), name: ASKED.to_owned(), mark: until_ms.to_string() };
        let terms = ArrivalTerms::of_watch(watch, until_ms);
        let window = Window { from_ms, until_ms };
        let taken = self.take_one(&terms, &watch.target, Some(window), &thing).await;
        match taken {
            // Not answered is not asked: the next look asks about this time too.
            Err(problem) if is_of_the_place(&problem) => looked.run.error = problem.message,
            taken => self.count(&mut looked.run, taken, &watch.target, &thing).await?,
        }
        Ok(looked)
    }

    async fn take_one(
        &self,
        terms: &ArrivalTerms,
        target: &str,
        window: Option<Window>,
        thing: &SeenThing,
    ) -> Result<Inserted, Problem> {
        let snapshots = self.link(target, window).await?;
        Ok(self.take_all_in(terms, &snapshots, Some(thing)).await?.1)
    }

    /// What can't be read is noted, so that it is not tried again until it changes; what fails here is tried again.
    async fn count(
        &self,
        run: &mut WatchRun,
        taken: Result<Inserted, Problem>,
        name: &str,
        thing: &SeenThing,
    ) -> Result<(), Problem> {
        match taken {
            Ok(Inserted::New) => run.arrived += 1,
            Ok(Inserted::Known) => {}
            Err(problem) if is_of_the_place(&problem) => {
                run.unread += 1;
                run.error = format!("{name}: {}", problem.message);
                self.inner.store.note_seen(thing).await?;
            }
            Err(problem) => return Err(problem),
        }
        Ok(())
    }
}

/// Whether a problem is one of what is there, and not of this server. A conflict, such as no place for a link, is over in a moment:
/// noted as unread, the file would not be taken in any more.
fn is_of_the_place(problem: &Problem) -> bool {
    matches!(
        problem.kind,
        ProblemKind::BadInput | ProblemKind::Forbidden | ProblemKind::NotFound | ProblemKind::TooLarge
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_in_a_moment_is_tried_again_and_not_noted() {
        let is_noted = |kind| is_of_the_place(&Problem::new(kind, "No."));
        assert!(is_noted(ProblemKind::BadInput) && is_noted(ProblemKind::TooLarge));
        assert!(!is_noted(ProblemKind::Conflict) && !is_noted(ProblemKind::Unavailable));
    }
}
