//! What people say about the incident around an investigation, and what remains to be done.

use domain::clock::{Moment, end_of_day};
use domain::event::EventKind;
use domain::incident::{FollowUp, Incident, IncidentLink, MOST_FOLLOW_UPS};
use domain::{Actor, Problem};

use crate::Service;
use crate::investigations::line;
use crate::said::text;
use crate::store::{Along, new_id, now_ms};

/// A moment that somebody entered is between the years 1970 and 9999.
const LATEST_MS: i64 = 253_402_300_799_999;

impl Service {
    /// Says anew what is known of the incident.
    ///
    /// # Errors
    /// `NotFound`, `BadInput` where it is over before it began or an address is not one of the web.
    pub async fn set_incident(&self, investigation: &str, incident: Incident, actor: &Actor) -> Result<(), Problem> {
        self.require_investigation(investigation).await?;
        let mut incident = incident.checked()?;
        for link in &mut incident.links {
            *link = IncidentLink::new(&line("the words of an address", &link.words)?, &link.url)?;
        }
        let times = [incident.started_at_ms, incident.detected_at_ms, incident.resolved_at_ms];
        times.into_iter().flatten().try_for_each(check_moment)?;
        let kind = EventKind::IncidentChanged { severity: incident.severity, assignee: incident.assignee.clone() };
        let along = [Along::Event { investigation, actor, kind: &kind }];
        Ok(self.inner.store.set_incident(investigation, &incident, &along).await?)
    }

    /// Adds something that remains to be done. `due` is a day such as `2026-03-31`.
    ///
    /// # Errors
    /// `NotFound`, `BadInput` where it says nothing, the day is none, or there are too many.
    pub async fn add_follow_up(
        &self,
        investigation: &str,
        task: &str,
        owner: &Actor,
        due: Option<&str>,
        actor: &Actor,
    ) -> Result<FollowUp, Problem> {
        self.require_investigation(investigation).await?;
        let task = line("the follow-up", task)?;
        if task.is_empty() {
            return Err(Problem::bad_input("Say in a sentence what remains to be done."));
        }
        let due = due.map(str::trim).filter(|day| !day.is_empty());
        if let Some(day) = due
            && end_of_day(day).is_none()
        {
            return Err(Problem::bad_input(format!(
                "`{day}` is not a day. Write it as in {}.",
                Moment::from_ms(now_ms()).iso_date()
            )));
        }
        if self.inner.store.follow_ups(investigation).await?.len() >= MOST_FOLLOW_UPS {
            return Err(Problem::bad_input(format!("An investigation has at most {MOST_FOLLOW_UPS} follow-ups.")));
        }
        let new = FollowUp {
            id: new_id(),
            task,
            owner: owner.clone(),
            due: due.map(str::to_owned),
            done_at_ms: None,
            author: actor.clone(),
            at_ms: now_ms(),
        };
        let kind = EventKind::FollowUpAdded { task: new.task.clone(), owner: new.owner.clone() };
        let along = [Along::Event { investigation, actor, kind: &kind }];
        self.inner.store.insert_follow_up(investigation, &new, &along).await?;
        Ok(new)
    }

    /// Says that a follow-up is done.
    ///
    /// # Errors
    /// `NotFound` without it.
    pub async fn do_follow_up(&self, investigation: &str, id: &str, actor: &Actor) -> Result<(), Problem> {
        let task = self.follow_up(investigation, id).await?.task;
        let along = [Along::Event { investigation, actor, kind: &EventKind::FollowUpDone { task } }];
        Ok(self.inner.store.set_done(investigation, id, Some(now_ms()), &along).await?)
    }

    /// Says that a follow-up is not done after all.
    ///
    /// # Errors
    /// `NotFound` without it.
    pub async fn open_follow_up(&self, investigation: &str, id: &str, actor: &Actor) -> Result<(), Problem> {
        let task = self.follow_up(investigation, id).await?.task;
        let along = [Along::Event { investigation, actor, kind: &EventKind::FollowUpOpened { task } }];
        Ok(self.inner.store.set_done(investigation, id, None, &along).await?)
    }

    /// Enters something that happened: a deploy, an alert, a phone call.
    ///
    /// # Errors
    /// `NotFound`, `BadInput` where it says nothing or the moment is none.
    pub async fn enter(&self, investigation: &str, what: &str, at_ms: i64, actor: &Actor) -> Result<(), Problem> {
        self.require_investigation(investigation).await?;
        let what = text("The entry", what)?;
        if what.is_empty() {
            return Err(Problem::bad_input("Say what happened."));
        }
        check_moment(at_ms)?;
        let kind = EventKind::Happened { what, happened_at_ms: at_ms };
        Ok(self.inner.store.write(&[Along::Event { investigation, actor, kind: &kind }]).await?)
    }

    async fn follow_up(&self, investigation: &str, id: &str) -> Result<FollowUp, Problem> {
        self.require_investigation(investigation).await?;
        let all = self.inner.store.follow_ups(investigation).await?;
        all.into_iter().find(|one| one.id == id).ok_or_else(|| Problem::not_found("There is no such follow-up."))
    }
}

fn check_moment(at_ms: i64) -> Result<(), Problem> {
    match at_ms {
        0..=LATEST_MS => Ok(()),
        _ => Err(Problem::bad_input("A moment has to be between the years 1970 and 9999.")),
    }
}
