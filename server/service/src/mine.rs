//! What waits for one person.

use domain::mine::{Mine, called, mentions};
use domain::visitor::Sight;
use domain::{Actor, Problem};

use crate::Service;

impl Service {
    /// Investigations that somebody cares for, follow-ups that are theirs, and notes that name them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mine(&self, name: &Actor, sight: &Sight) -> Result<Mine, Problem> {
        if *name == Actor::Anonymous {
            return Ok(Mine::default());
        }
        let store = &self.inner.store;
        let mut named = store.naming(called(name.as_str()), sight).await?;
        named.retain(|mention| mentions(&mention.text, name.as_str()));
        let (cared_for, follow_ups) = (store.cared_for(name, sight).await?, store.open_tasks(name, sight).await?);
        Ok(Mine { cared_for, follow_ups, mentions: named })
    }
}
