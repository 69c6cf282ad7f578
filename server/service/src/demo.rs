//! The demonstration: one investigation on real data, made through the same calls as everybody's.

use domain::investigation::{Investigation, NewInvestigation};
use domain::job::{JobKind, JobState};
use domain::{Actor, ColumnRole, Problem, Roles, SnapshotRole};

use crate::Service;

/// What the files are and where they come from: `demo/README.md`.
const FILES: [(SnapshotRole, &str, &[u8]); 4] = [
    (SnapshotRole::Train, "train.parquet", include_bytes!("../demo/train.parquet")),
    (SnapshotRole::Serve, "serve.parquet", include_bytes!("../demo/serve.parquet")),
    (SnapshotRole::Predictions, "predictions.parquet", include_bytes!("../demo/predictions.parquet")),
    (SnapshotRole::LearningCurve, "learning_curve.csv", include_bytes!("../demo/learning_curve.csv")),
];

/// What a person would say of the columns: which is the label can't be told from a name like `repaid`.
fn roles() -> Roles {
    Roles::from([
        (ColumnRole::Label, "repaid"),
        (ColumnRole::Prediction, "approved"),
        (ColumnRole::Score, "score"),
        (ColumnRole::Id, "application_id"),
        (ColumnRole::Time, "event_time"),
        (ColumnRole::Split, "split"),
        (ColumnRole::Version, "model_version"),
    ])
}

impl Service {
    /// Puts the demonstration into an empty data folder and waits until it is diagnosed; does nothing in one that has
    /// investigations.
    ///
    /// # Errors
    /// When a file can't be stored or diagnosed.
    pub async fn seed_demo(&self) -> Result<(), Problem> {
        if self.has_investigations().await? {
            return Ok(());
        }
        let mut inputs = Vec::with_capacity(FILES.len());
        for (role, name, bytes) in FILES {
            let mut upload = self.begin_upload(name).await?;
            upload.write(bytes).await?;
            inputs.push((role, upload.finish().await?.id));
        }
        let author = Actor::named("Mismatch")?;
        let new = NewInvestigation {
            title: "Accuracy fell six points after the new pricing feed".to_owned(),
            model: "car-loan".to_owned(),
            symptoms: vec!["accuracy_dropped".into(), "strange_feature_values".into()],
            inputs,
            roles: roles(),
            author: author.clone(),
            ..NewInvestigation::default()
        };
        let investigation = self.create_investigation(new).await?;
        self.wait_for_diagnosis(&investigation).await?;
        let note = "An example to look around in. The rows are NannyML's car-loan data; one thing was done to the served \
            ones before they got here. Start at the prime suspect, open its chart, then start an investigation of your own.";
        self.add_note(&investigation.id, note, &author).await
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
