//! What would have caught it, for the tools of a team.

use domain::{Guard, Problem};

use crate::Service;

impl Service {
    /// The guard of an investigation's last diagnosis, or what of it is about one finding.
    ///
    /// # Errors
    /// `NotFound` without the investigation or the finding, or before the first diagnosis.
    pub async fn guard(&self, investigation: &str, finding: Option<&str>) -> Result<Guard, Problem> {
        let title = self.investigation(investigation).await?.title;
        let diagnosis = self
            .diagnosis(investigation)
            .await?
            .ok_or_else(|| Problem::not_found("There is no guard yet: wait until the first diagnosis is done."))?;
        let guard = match finding {
            None => Guard::clone(&diagnosis.guard),
            Some(id) => {
                let found = diagnosis.findings.iter().find(|finding| finding.id == id);
                diagnosis.guard.about(found.ok_or_else(|| {
                    Problem::not_found("The last diagnosis has no such finding. Open the investigation again.")
                })?)
            }
        };
        Ok(Guard { title, investigation: investigation.to_owned(), ..guard })
    }
}
