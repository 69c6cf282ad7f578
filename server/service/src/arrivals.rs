//! What arrives for a model: taken in once, kept before it is acknowledged, and judged by a job.

use domain::audit::AuditKind;
use domain::clock::{DAY_MS, Moment};
use domain::event::EventKind;
use domain::investigation::{Investigation, NewInvestigation};
use domain::model::{Arrival, ArrivalState, Arrived, REFERENCE_ROLES, Watch};
use domain::plot::format::shortened;
use domain::snapshot::{Snapshot, SnapshotRole};
use domain::visitor::Visitor;
use domain::{Actor, Problem, ProblemKind};
use measure::ingest::guess::together::{self, File};

use crate::alerting::Decided;
use crate::blocking::blocking;
use crate::diagnoses::path_of;
use crate::durable::removed;
use crate::investigations::check_part;
use crate::models::{model_name, no_arrival, version_name};
use crate::people::Client;
use crate::store::{Along, Inserted, NewArrival, SeenThing, StoredArrival, new_id, now_ms};
use crate::{Service, Upload};

/// Arrivals that one page shows.
pub const ARRIVALS_PAGE: usize = 60;
/// Arrivals that one answer holds.
pub const MOST_ARRIVALS: usize = 500;
/// Windows before labels that are judged again with them.
const MOST_LABELLED: i64 = 30;
/// Characters of a model's name in the title of an investigation.
const NAME_IN_TITLE: usize = 200;

/// What is said of a file that comes, before its bytes are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivalTerms {
    model: String,
    role: Option<SnapshotRole>,
    at_ms: Option<i64>,
    version: String,
    author: Actor,
    sameness: Sameness,
}

/// What makes a file the same arrival when it comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sameness {
    /// Its bytes.
    Bytes,
    /// Its bytes, and the time that was given with them.
    BytesAndTime(i64),
}

impl ArrivalTerms {
    /// Without a role, a table is served rows, unless it shows that it is a log, labels or predictions. Without a time, it is
    /// about now.
    ///
    /// # Errors
    /// `BadInput` for a name that is too long or not on one line, and for a time that is not yet.
    pub fn new(
        model: &str,
        role: Option<SnapshotRole>,
        at_ms: Option<i64>,
        version: &str,
        author: Actor,
    ) -> Result<ArrivalTerms, Problem> {
        if at_ms.is_some_and(|at_ms| at_ms < 0 || at_ms > now_ms() + DAY_MS) {
            return Err(Problem::bad_input("The time has to be after 1970 and at most a day from now."));
        }
        let sameness = at_ms.map_or(Sameness::Bytes, Sameness::BytesAndTime);
        Ok(ArrivalTerms { model: model_name(model)?, role, at_ms, version: version_name(version)?, author, sameness })
    }

    /// Of what is at a watch: whenever it is seen again with the same bytes, it is the same.
    pub(crate) fn of_watch(watch: &Watch, at_ms: i64) -> ArrivalTerms {
        let Watch { model, role, version, created_by, .. } = watch.clone();
        ArrivalTerms { model, role, at_ms: Some(at_ms), version, author: created_by, sameness: Sameness::Bytes }
    }
}

impl Service {
    /// Keeps a file that came for a model. The same bytes in the same role, and for the same time where one is given, are one
    /// arrival: sent again, the first one is given back.
    ///
    /// # Errors
    /// `BadInput` when it can't be read, or is not what its role says.
    pub async fn arrive(
        &self,
        terms: &ArrivalTerms,
        upload: Upload,
        visitor: &Visitor,
    ) -> Result<(Arrived, Inserted), Problem> {
        let snapshots = upload.finish_all().await?;
        self.brought(visitor, &snapshots).await?;
        self.take_all_in(terms, &snapshots, None).await
    }

    /// `seen` is what the file is at a watch: noted with the last that came of it, so that a restart takes all of it again, and what
    /// was taken already is known.
    pub(crate) async fn take_all_in(
        &self,
        terms: &ArrivalTerms,
        snapshots: &[Snapshot],
        seen: Option<&SeenThing>,
    ) -> Result<(Arrived, Inserted), Problem> {
        // The role that is named is that of the file itself: tables in an artifact have their own.
        let mut taken: Vec<(Arrival, Inserted)> = Vec::new();
        for (place, snapshot) in snapshots.iter().enumerate() {
            let is_inner = place > 0 && snapshots.iter().any(|one| one.name == snapshot.origin);
            let role = role_of(snapshot, terms.role.filter(|_| !is_inner));
            let is_last = place + 1 == snapshots.len();
            taken.push(self.take_in(terms, role, snapshot, seen.filter(|_| is_last)).await?);
        }
        self.wake_workers();
        let mut taken = taken.into_iter();
        let Some((arrival, inserted)) = taken.next() else {
            return Err(Problem::bad_input("Nothing in this file can be read."));
        };
        let advice = advice(&arrival);
        Ok((Arrived { arrival, advice, others: taken.map(|(arrival, _)| arrival).collect() }, inserted))
    }

    async fn take_in(
        &self,
        terms: &ArrivalTerms,
        role: SnapshotRole,
        snapshot: &Snapshot,
        seen: Option<&SeenThing>,
    ) -> Result<(Arrival, Inserted), Problem> {
        check_part(role, snapshot)?;
        let once = match &terms.sameness {
            Sameness::BytesAndTime(at_ms) => format!("{}@{at_ms}", snapshot.sha256),
            Sameness::Bytes => snapshot.sha256.clone(),
        };
        let store = &self.inner.store;
        if let Some(known) = store.arrival_once(&terms.model, role, &once).await? {
            if let Some(seen) = seen {
                store.note_seen(seen).await?;
            }
            return Ok((known.arrival, Inserted::Known));
        }
        let (id, received_at_ms) = (new_id(), now_ms());
        let at_ms = terms.at_ms.unwrap_or(received_at_ms);
        let concerns = self.concerned(&terms.model, role, at_ms, snapshot).await?;
        let new = NewArrival {
            id: &id,
            model: &terms.model,
            role,
            snapshot: &snapshot.id,
            once: &once,
            version: &terms.version,
            at_ms,
            received_at_ms,
            author: &terms.author,
            concerns: &concerns,
            seen,
        };
        let inserted = store.insert_arrival(&new).await?;
        let found = store.arrival_once(&terms.model, role, &once).await?;
        let arrival = found.ok_or_else(gone_meanwhile)?.arrival;
        Ok((arrival, inserted))
    }

    /// The windows that a file has something to say about.
    async fn concerned(
        &self,
        model: &str,
        role: SnapshotRole,
        at_ms: i64,
        snapshot: &Snapshot,
    ) -> Result<Vec<String>, Problem> {
        if role == SnapshotRole::Serve || REFERENCE_ROLES.contains(&role) {
            return Ok(Vec::new());
        }
        let windows = self.inner.store.arrivals(model, Some(SnapshotRole::Serve), None, MOST_LABELLED).await?;
        if role != SnapshotRole::Labels {
            let earlier = windows.iter().map(|window| &window.arrival).filter(|window| window.at_ms <= at_ms);
            let of = earlier.clone().map(|window| window.at_ms).max();
            return Ok(earlier.filter(|window| Some(window.at_ms) == of).map(|window| window.id.clone()).collect());
        }
        let mut concerned = Vec::new();
        for StoredArrival { arrival, .. } in windows {
            let window = self.stored_snapshot(&arrival.snapshot.id).await?.snapshot;
            if self.labels_fit(model, &window, snapshot).await? {
                concerned.push(arrival.id);
            }
        }
        Ok(concerned)
    }

    /// Whether labels are about the rows of a window, by the names and ranges of their ids.
    pub(crate) async fn labels_fit(&self, model: &str, window: &Snapshot, labels: &Snapshot) -> Result<bool, Problem> {
        let roles = self.inner.store.model(model).await?.map(|row| row.roles).unwrap_or_default();
        let train = self.inner.store.references(model).await?;
        let train = train.iter().find(|one| one.role == SnapshotRole::Train).map(|one| one.snapshot.id.clone());
        let train = match train {
            Some(id) => Some(self.stored_snapshot(&id).await?.snapshot),
            None => None,
        };
        let files = [File::of(window, SnapshotRole::Serve), File::of(labels, SnapshotRole::Labels)];
        let train = train.as_ref().map(|train| File::of(train, SnapshotRole::Train));
        let files: Vec<File> = files.into_iter().chain(train).collect();
        Ok(together::joins(&files, &roles).iter().any(|join| (join.from, join.into) == (1, 0)))
    }

    /// The newest arrivals of a model, those of later times first; after `before` (an arrival's id) those that come before it.
    ///
    /// # Errors
    /// `NotFound` without the model or the arrival before which they are asked for.
    pub async fn arrivals(
        &self,
        model: &str,
        role: Option<SnapshotRole>,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Arrival>, Problem> {
        let model = self.model_row(model).await?.name;
        let before = match before {
            Some(id) => Some(self.arrival_of(&model, id).await?.arrival),
            None => None,
        };
        let limit = limit.min(MOST_ARRIVALS) as i64;
        let found = self.inner.store.arrivals(&model, role, before.as_ref(), limit).await?;
        Ok(found.into_iter().map(|stored| stored.arrival).collect())
    }

    /// One arrival of a model.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn arrival(&self, model: &str, id: &str) -> Result<Arrival, Problem> {
        Ok(self.arrival_of(&model_name(model)?, id).await?.arrival)
    }

    pub(crate) async fn arrival_of(&self, model: &str, id: &str) -> Result<StoredArrival, Problem> {
        let found = self.inner.store.arrival(id).await?.filter(|stored| stored.arrival.model == model);
        found.ok_or_else(no_arrival)
    }

    /// Judges a window again, with what is the reference now and what came since.
    ///
    /// # Errors
    /// `NotFound`; `BadInput` for what is not served rows; `Conflict` without a reference.
    pub async fn judge_window(&self, model: &str, id: &str) -> Result<Arrival, Problem> {
        let arrival = self.arrival_of(&model_name(model)?, id).await?.arrival;
        if arrival.role != SnapshotRole::Serve {
            return Err(Problem::bad_input("Only served rows are judged by themselves."));
        }
        let references = self.inner.store.references(&arrival.model).await?;
        if references.iter().all(|one| one.role != SnapshotRole::Train) {
            return Err(Problem::new(ProblemKind::Conflict, NO_REFERENCE));
        }
        self.inner.store.judge_again(&arrival.id).await?;
        self.wake_workers();
        Ok(self.arrival_of(&arrival.model, id).await?.arrival)
    }

    /// Takes an arrival out of its model, with all that was judged of it. Its file stays, until it is deleted.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_arrival(
        &self,
        model: &str,
        id: &str,
        actor: &Actor,
        client: &Client,
    ) -> Result<Arrival, Problem> {
        let arrival = self.arrival_of(&model_name(model)?, id).await?.arrival;
        let under_way = self.inner.store.open_jobs(id).await?;
        let what = AuditKind::ArrivalRemoved { model: arrival.model.clone(), file: arrival.snapshot.name.clone() };
        let along = [Along::Audit { actor, from: &client.address, what: &what }];
        // The row first: cut off here, nothing is left of it but work that finds nothing to do.
        let diagnosis = self.inner.store.delete_arrival(&arrival, &along).await?;
        under_way.iter().for_each(|job| self.inner.hub.cancel(&job.id));
        if let Some(diagnosis) = diagnosis {
            self.forget_diagnosis(&diagnosis).await?;
        }
        if arrival.role == SnapshotRole::Serve {
            self.decide_alerts(Decided::TakenOut(&arrival)).await?;
        }
        Ok(arrival)
    }

    pub(crate) async fn forget_diagnosis(&self, id: &str) -> Result<(), Problem> {
        self.inner.diagnoses.remove(id);
        let path = path_of(&self.inner.folder, id);
        blocking(move || Ok(removed(&path)?)).await
    }

    /// Opens an investigation of a window: its rows and what they were compared with are its inputs, and the diagnosis is the one
    /// that was made when they came. Opened once, the same one is given back.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` for what was not judged.
    pub async fn open_window(
        &self,
        model: &str,
        id: &str,
        actor: &Actor,
    ) -> Result<(Investigation, Inserted), Problem> {
        // One after the other: who asks at the same moment is given the same one.
        let _alone = self.inner.opening.lock().await;
        let stored = self.arrival_of(&model_name(model)?, id).await?;
        if let Some(opened) = &stored.arrival.investigation
            && self.inner.store.investigation(opened).await?.is_some()
        {
            return Ok((self.investigation(opened).await?, Inserted::Known));
        }
        let Some(diagnosis) = stored.diagnosis.filter(|_| stored.arrival.window.is_some()) else {
            return Err(Problem::new(ProblemKind::Conflict, not_judged(&stored.arrival)));
        };
        // Read first: where it is lost, nothing is opened half.
        let diagnosis = self.diagnosis_by_id(&diagnosis).await?;
        for (_, snapshot) in &stored.inputs {
            self.snapshot(snapshot).await?;
        }
        let row = self.model_row(&stored.arrival.model).await?;
        let at = Moment::from_ms(stored.arrival.at_ms).words();
        let new = NewInvestigation {
            title: format!("{}: rows of {at}", shortened(&row.name, NAME_IN_TITLE)),
            model: row.name,
            inputs: stored.inputs,
            roles: row.roles,
            author: actor.clone(),
            ..NewInvestigation::default()
        };
        let opened = new_id();
        let along = [
            Along::Event { investigation: &opened, actor, kind: &EventKind::Opened },
            Along::Opened { arrival: id, investigation: &opened },
        ];
        self.inner.store.insert_investigation(&opened, &new, &along).await?;
        self.keep_diagnosis(&opened, diagnosis.as_ref().clone()).await?;
        Ok((self.investigation(&opened).await?, Inserted::New))
    }
}

/// Somebody deleted the file between two steps.
fn gone_meanwhile() -> Problem {
    Problem::new(ProblemKind::Conflict, "It was deleted while it arrived. Send it again.")
}

const NO_REFERENCE: &str = "No reference yet: push one with --role train.";

/// What is to be done next.
fn advice(arrival: &Arrival) -> String {
    match arrival.state {
        ArrivalState::NoReference => NO_REFERENCE.to_owned(),
        ArrivalState::Kept if REFERENCE_ROLES.contains(&arrival.role) => {
            "Another file is the reference. Make this one the reference on the model's page, or send it with its version."
                .to_owned()
        }
        _ => String::new(),
    }
}

fn not_judged(arrival: &Arrival) -> String {
    match arrival.state {
        ArrivalState::NoReference => NO_REFERENCE.to_owned(),
        ArrivalState::Waiting => "The checks of these rows are running. Try again when they are done.".to_owned(),
        ArrivalState::Failed => {
            "The checks of these rows failed, so there is nothing to open. Run them again.".to_owned()
        }
        _ => "Only served rows that were checked can be opened as an investigation.".to_owned(),
    }
}

/// As it was named. Else by what it shows: rows with features are served rows, whatever their name says.
fn role_of(snapshot: &Snapshot, named: Option<SnapshotRole>) -> SnapshotRole {
    let guessed = match snapshot.guessed_role {
        role @ (SnapshotRole::Predictions
        | SnapshotRole::Labels
        | SnapshotRole::LearningCurve
        | SnapshotRole::ServingLog
        | SnapshotRole::Artifact) => role,
        _ => SnapshotRole::Serve,
    };
    named.unwrap_or(guessed)
}
