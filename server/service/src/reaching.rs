//! What a search over everything looks through.

use domain::Problem;
use domain::listing::{ListQuery, Shown};
use domain::reachable::{OpenedOne, Reachable};
use domain::visitor::Visitor;

use crate::Service;

/// Investigations that a search over everything names at most.
const INVESTIGATIONS: u64 = 20;

impl Service {
    /// What can be gone to from an investigation, or from no particular one. One that does not exist for somebody is nothing
    /// particular.
    ///
    /// # Errors
    /// When the database or the diagnosis can't be read.
    pub async fn reachable(
        &self,
        investigation: Option<&str>,
        words: &str,
        visitor: &Visitor,
    ) -> Result<Reachable, Problem> {
        let query = ListQuery {
            search: words.to_owned(),
            shown: Shown::Current,
            limit: INVESTIGATIONS,
            ..ListQuery::default()
        };
        let opened = match investigation {
            Some(id) => {
                self.opened_one(id).await?.filter(|(model, _)| visitor.role_in(model).is_some()).map(|(_, one)| one)
            }
            None => None,
        };
        Ok(Reachable { opened, investigations: self.investigations(&query, &visitor.sight()).await? })
    }

    /// What can be gone to from what the link with this secret shows: nothing else.
    ///
    /// # Errors
    /// As [`Service::shared`].
    pub async fn reachable_shared(&self, secret: &str) -> Result<Reachable, Problem> {
        let view = self.shared(secret).await?;
        let opened = OpenedOne { title: view.investigation.title, diagnosis: Some(view.diagnosis) };
        Ok(Reachable { opened: Some(opened), investigations: Vec::new() })
    }

    /// With its model.
    async fn opened_one(&self, id: &str) -> Result<Option<(String, OpenedOne)>, Problem> {
        let Some(row) = self.inner.store.investigation(id).await? else { return Ok(None) };
        Ok(Some((row.model, OpenedOne { title: row.title, diagnosis: self.shown_diagnosis(id).await? })))
    }
}
