//! Examples to open: investigations on public data, made through the same calls as everybody's.

mod car_loan;
mod credit_cards;
mod house_prices;

use domain::investigation::{Investigation, NewInvestigation};
use domain::job::{JobKind, JobState};
use domain::{Actor, ColumnRole, Example, Problem, Roles, SnapshotRole};

use crate::Service;

/// What an example consists of. What the files are and where they come from: `demo/README.md`.
struct Story {
    title: &'static str,
    model: &'static str,
    symptoms: &'static [&'static str],
    files: &'static [(SnapshotRole, &'static str, &'static [u8])],
    /// What a person would say of the columns where a name doesn't.
    roles: &'static [(ColumnRole, &'static str)],
    /// The first note: what was done to the files, and where to start.
    note: &'static str,
}

fn story(example: Example) -> &'static Story {
    match example {
        Example::CarLoan => &car_loan::STORY,
        Example::HousePrices => &house_prices::STORY,
        Example::CreditCards => &credit_cards::STORY,
    }
}

/// The model that an example is about.
pub fn model_of(example: Example) -> &'static str {
    story(example).model
}

impl Service {
    /// Opens a new investigation with the files of an example and queues its diagnosis.
    ///
    /// # Errors
    /// When a file can't be stored.
    pub async fn open_example(&self, example: Example) -> Result<Investigation, Problem> {
        let story = story(example);
        let mut inputs = Vec::with_capacity(story.files.len());
        for (role, name, bytes) in story.files {
            let mut upload = self.begin_upload(name).await?;
            upload.write(bytes).await?;
            inputs.push((*role, upload.finish().await?.id));
        }
        let author = Actor::named("Mismatch")?;
        let new = NewInvestigation {
            title: story.title.to_owned(),
            model: story.model.to_owned(),
            symptoms: story.symptoms.iter().map(|symptom| (*symptom).into()).collect(),
            inputs,
            roles: story.roles.iter().copied().collect::<Roles>(),
            author: author.clone(),
            ..NewInvestigation::default()
        };
        let investigation = self.create_investigation(new).await?;
        self.add_note(&investigation.id, story.note, None, &author).await?;
        Ok(investigation)
    }

    /// Puts the first example into an empty data folder and waits until it is diagnosed; does nothing in one that has
    /// investigations.
    ///
    /// # Errors
    /// When a file can't be stored or diagnosed.
    pub async fn seed_demo(&self) -> Result<(), Problem> {
        if self.has_investigations().await? {
            return Ok(());
        }
        let investigation = self.open_example(Example::CarLoan).await?;
        self.wait_for_diagnosis(&investigation).await
    }

    async fn wait_for_diagnosis(&self, investigation: &Investigation) -> Result<(), Problem> {
        let Some(job) = self.latest_job(&investigation.id).await?.filter(|job| job.kind == JobKind::Diagnose) else {
            return Err(Problem::internal("The diagnosis of the example did not start."));
        };
        let mut watched = self.watch_job(&job.id).await?;
        while watched.changed().await.is_ok() {}
        let job = self.job(&job.id).await?;
        match (job.state, job.error) {
            (JobState::Failed, Some(error)) => {
                Err(Problem::internal(format!("The example can't be diagnosed: {error}")))
            }
            _ => Ok(()),
        }
    }
}
