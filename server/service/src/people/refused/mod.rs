//! Refused requests, for the audit log. Whoever answers hands over what was refused and goes on; a task of its own finds out who
//! it was, counts what comes again, and writes. No request waits for it, and none fails with it.

mod line;
mod repeats;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::Actor;
use domain::audit::{AuditKind, WhyRefused};
use domain::visitor::Visitor;
use identity::hash_of;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use self::line::{Line, Noted, line};
use self::repeats::Repeats;
use super::model_access::Subject;
use super::signing_in::Client;
use crate::Service;
use crate::store::{Along, Store, now_ms};

/// Refusals that wait to be written; further ones are only counted.
const MOST_WAITING: usize = 1_000;
/// How often counts are looked for whose time is over.
const EVERY: Duration = Duration::from_secs(30);
/// How long somebody waits for what was refused a moment ago.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where refusals are handed over.
pub(crate) struct Refusals {
    queue: mpsc::Sender<Message>,
    lost: Arc<AtomicU64>,
}

/// Where they come out.
pub(crate) struct Waiting {
    queue: mpsc::Receiver<Message>,
    lost: Arc<AtomicU64>,
}

enum Message {
    Refused(Box<(Noted, Client)>),
    /// What came before it is written.
    Reached(oneshot::Sender<()>),
    /// The same, with all counts: nothing comes after it.
    Last(oneshot::Sender<()>),
}

pub(crate) fn refusals() -> (Refusals, Waiting) {
    let (sender, receiver) = mpsc::channel(MOST_WAITING);
    let lost = Arc::<AtomicU64>::default();
    (Refusals { queue: sender, lost: Arc::clone(&lost) }, Waiting { queue: receiver, lost })
}

impl Refusals {
    fn note(&self, noted: Noted, client: &Client) {
        // Whoever is not known can send any number: half of the places stay for those who are.
        if noted.is_of_strangers() && self.queue.capacity() < MOST_WAITING / 2 {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        if self.queue.try_send(Message::Refused(Box::new((noted, client.clone())))).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until the task has come to this message, but not for long: the database may be locked.
    async fn wait(&self, message: impl FnOnce(oneshot::Sender<()>) -> Message) {
        let (done, reached) = oneshot::channel();
        let wait = async {
            if self.queue.send(message(done)).await.is_ok() {
                reached.await.ok();
            }
        };
        if timeout(PATIENCE, wait).await.is_err() {
            tracing::info!("refused requests are not in the audit log yet");
        }
    }
}

impl Service {
    /// Notes that somebody who is signed in was refused.
    pub fn note_refused(&self, visitor: &Visitor, why: WhyRefused, client: &Client) {
        if let Visitor::SignedIn(who) = visitor {
            self.note(Noted::Visitor { who: who.clone(), why }, client);
        }
    }

    /// Notes that somebody asked for what they do not see.
    pub fn note_hidden(&self, visitor: &Visitor, subject: Subject<'_>, client: &Client) {
        if let Visitor::SignedIn(who) = visitor {
            // A snapshot that is not there has the same answer as one that is hidden.
            let snapshot = match subject {
                Subject::Snapshot(id) => Some(id.to_owned()),
                Subject::Investigation(_) | Subject::Job(_) | Subject::ShareLink(_) | Subject::Model(_) => None,
            };
            self.note(Noted::Hidden { who: who.clone(), snapshot }, client);
        }
    }

    /// Notes that a page of another site sent a request with this session's secret.
    pub fn note_other_site(&self, session: &str, client: &Client) {
        self.note(Noted::OtherSite { session_sha256: hash_of(session) }, client);
    }

    /// Notes that a token did not work.
    pub fn note_refused_token(&self, token: &str, client: &Client) {
        self.note(Noted::Token { sha256: hash_of(token) }, client);
    }

    /// Notes that a share link did not work any more, or why its holder was refused.
    pub fn note_refused_link(&self, secret: &str, why: Option<WhyRefused>, client: &Client) {
        self.note(Noted::Link { sha256: hash_of(secret), why }, client);
    }

    /// Notes that somebody was refused of whom a trusted proxy says who they are.
    pub fn note_refused_by_proxy(&self, user: &str, why: WhyRefused, client: &Client) {
        self.note(Noted::Proxy { user: user.to_owned(), why }, client);
    }

    fn note(&self, noted: Noted, client: &Client) {
        if self.has_accounts() {
            self.inner.people.refusals.note(noted, client);
        }
    }

    /// Waits for a moment until what was refused so far is in the audit log.
    pub(super) async fn until_refusals_are_written(&self) {
        if self.has_accounts() {
            self.inner.people.refusals.wait(Message::Reached).await;
        }
    }

    /// Writes what was refused with all counts, and notes nothing more.
    pub(crate) async fn write_last_refusals(&self) {
        if self.has_accounts() {
            self.inner.people.refusals.wait(Message::Last).await;
        }
    }
}

/// Writes refusals as they come, until the service ends.
pub(crate) async fn write_refusals(store: Store, mut waiting: Waiting) {
    let mut repeats = Repeats::new();
    loop {
        match timeout(EVERY, waiting.queue.recv()).await {
            Ok(Some(Message::Refused(refused))) => {
                let (noted, client) = *refused;
                note_one(&store, &mut repeats, noted, &client).await;
            }
            Ok(Some(Message::Reached(done))) => drop(done),
            Ok(Some(Message::Last(_done))) => {
                repeats.leave_out(waiting.lost.swap(0, Ordering::Relaxed), now_ms());
                write_counts(&store, &mut repeats, i64::MAX).await;
                return;
            }
            Ok(None) => return,
            Err(_nothing_came) => {}
        }
        repeats.leave_out(waiting.lost.swap(0, Ordering::Relaxed), now_ms());
        write_counts(&store, &mut repeats, now_ms()).await;
    }
}

async fn note_one(store: &Store, repeats: &mut Repeats<Line>, noted: Noted, client: &Client) {
    match line(store, noted, client).await {
        Ok(Some(line)) if repeats.is_new(&line, now_ms()) => {
            let what = AuditKind::Refused { what: line.what.clone() };
            write(store, &line.actor, &line.from, &what).await;
        }
        Ok(_) => {}
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "it was not found out who was refused");
        }
    }
}

/// What came again, where its time is over at `now_ms`.
async fn write_counts(store: &Store, repeats: &mut Repeats<Line>, now_ms: i64) {
    for (line, times) in repeats.ended(now_ms) {
        let what = AuditKind::RefusedAgain { what: line.what.clone(), times };
        write(store, &line.actor, &line.from, &what).await;
    }
    if let Some(times) = repeats.unlisted(now_ms) {
        write(store, &Actor::Anonymous, "", &AuditKind::RefusedUnlisted { times }).await;
    }
}

async fn write(store: &Store, actor: &Actor, from: &str, what: &AuditKind) {
    if let Err(error) = store.write(&[Along::Audit { actor, from, what }]).await {
        let error = &error as &dyn std::error::Error;
        tracing::error!(error, who = %actor, from, refused = ?what, "a refusal was not written into the audit log");
    }
}
