//! The files that a verb is about, and what is said of them.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use domain::symptom::{SYMPTOMS, Symptom};
use domain::{ColumnRole, Problem, Roles, SnapshotRole};
use engine::diagnose::{DiagnoseInput, DiagnoseSettings, artifact_role, check_is_table};

use super::digest::sha256;

/// What is diagnosed.
#[derive(Debug, Args)]
pub struct Given {
    /// The training rows: the reference for every comparison.
    #[arg(long, value_name = "FILE")]
    train: Option<PathBuf>,
    /// The rows the model sees now. Can be given several times: the files are read as one table, in the order of their times
    /// or else of their names.
    #[arg(long, value_name = "FILE")]
    serve: Vec<PathBuf>,
    /// The validation rows, used to tune the model.
    #[arg(long, value_name = "FILE")]
    validation: Option<PathBuf>,
    /// The test rows, held out from training.
    #[arg(long, value_name = "FILE")]
    test: Option<PathBuf>,
    /// An evaluation run: one row per prediction, with its label or an id that joins it to the rows. Can be given several
    /// times.
    #[arg(long, value_name = "FILE")]
    predictions: Vec<PathBuf>,
    /// Labels that came later, joined by id to the rows they are about. Can be given several times.
    #[arg(long, value_name = "FILE")]
    labels: Vec<PathBuf>,
    /// Output of the training pipeline for the same rows as serve, joined by --id.
    #[arg(long, value_name = "FILE")]
    offline: Option<PathBuf>,
    /// The model's predictions for the served rows as `mismatch undo` repaired them, joined by --id: the points that they
    /// recover confirm the suspect or refute it.
    #[arg(long, value_name = "FILE")]
    repaired_predictions: Option<PathBuf>,
    /// A log of the model's service, one row per request.
    #[arg(long, value_name = "FILE")]
    serving_log: Option<PathBuf>,
    /// A learning curve, one row per epoch. Can be given several times.
    #[arg(long, value_name = "FILE")]
    learning_curve: Vec<PathBuf>,
    /// A file from another tool, detected by its content, a folder with such files, or the address of a running tool. Can be
    /// given several times.
    #[arg(long, value_name = "FILE")]
    artifact: Vec<PathBuf>,
    #[command(flatten)]
    columns: Columns,
    /// The decision threshold in use: scores at or above it are predicted positive.
    #[arg(long, value_name = "X")]
    threshold: Option<f64>,
    /// The positive class of a label with two values: what a high score means.
    #[arg(long, value_name = "CLASS")]
    positive: Option<String>,
    /// An observed symptom (`mismatch explain data` lists those of a layer). Suspects of that layer get a slightly
    /// higher score. Can be given several times.
    #[arg(long, value_name = "TEXT")]
    symptom: Vec<String>,
}

/// Columns whose role is given instead of detected.
#[derive(Debug)]
struct Columns(Roles);

impl Given {
    /// What people say about the files. Nothing is kept, so there is no history of test sets to hold the train rows against.
    pub fn settings(&self) -> DiagnoseSettings {
        DiagnoseSettings {
            roles: self.columns.0.clone(),
            threshold: self.threshold,
            positive: self.positive.clone(),
            symptoms: self.symptom.iter().map(|symptom| symptom.as_str().into()).collect(),
            ..DiagnoseSettings::default()
        }
    }

    /// # Errors
    /// When a symptom is in no layer's list.
    pub fn check_symptoms(&self) -> Result<(), Problem> {
        known_symptoms(&self.symptom)
    }

    /// Files of other tools; of a folder those that are known, since other files lie there too.
    pub fn artifacts(&self) -> Result<Vec<PathBuf>, Problem> {
        let (folders, mut files): (Vec<&Path>, Vec<PathBuf>) = (
            self.artifact.iter().map(PathBuf::as_path).filter(|path| path.is_dir()).collect(),
            self.artifact.iter().filter(|path| !path.is_dir()).cloned().collect(),
        );
        for path in super::folders::files_of(&folders)? {
            if artifact_role(&path, &super::name_of(&path)).is_ok() {
                files.push(path);
            }
        }
        Ok(files)
    }

    /// Whether the model's answers to repaired rows are among the files.
    pub fn has_repaired_predictions(&self) -> bool {
        self.repaired_predictions.is_some()
    }

    /// Every file, with its role where the option says it.
    pub fn files<'f>(&'f self, artifacts: &'f [PathBuf]) -> Vec<(Option<SnapshotRole>, &'f PathBuf)> {
        let train = self.train.iter().map(|path| (Some(SnapshotRole::Train), path));
        let served = self.serve.iter().map(|path| (Some(SnapshotRole::Serve), path));
        let single = [
            (SnapshotRole::Validation, &self.validation),
            (SnapshotRole::Test, &self.test),
            (SnapshotRole::Offline, &self.offline),
            (SnapshotRole::Repaired, &self.repaired_predictions),
            (SnapshotRole::ServingLog, &self.serving_log),
        ];
        let single = single.into_iter().filter_map(|(role, path)| Some((Some(role), path.as_ref()?)));
        let runs = self.predictions.iter().map(|path| (Some(SnapshotRole::Predictions), path));
        let labels = self.labels.iter().map(|path| (Some(SnapshotRole::Labels), path));
        let curves = self.learning_curve.iter().map(|path| (Some(SnapshotRole::LearningCurve), path));
        let artifacts = artifacts.iter().map(|path| (None, path));
        train.chain(served).chain(single).chain(runs).chain(labels).chain(curves).chain(artifacts).collect()
    }
}

/// Hashing reads each file once; all at the same time costs no more than the longest.
pub fn inputs(given: &[(Option<SnapshotRole>, &PathBuf)]) -> Result<Vec<DiagnoseInput>, Problem> {
    std::thread::scope(|scope| {
        let reading: Vec<_> = given.iter().map(|(role, path)| scope.spawn(|| input(*role, path))).collect();
        reading
            .into_iter()
            .map(|thread| {
                thread.join().unwrap_or_else(|_| Err(Problem::internal("Reading a file failed unexpectedly.")))
            })
            .collect()
    })
}

/// A file without a role is one of another tool: its content says which role it has.
pub fn input(role: Option<SnapshotRole>, path: &Path) -> Result<DiagnoseInput, Problem> {
    let sha256 = sha256(path).map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            std::io::ErrorKind::PermissionDenied => "you have no permission to read it".to_owned(),
            _ => error.to_string(),
        };
        Problem::bad_input(format!("`{}` can't be read: {reason}.", path.display()))
    })?;
    let name = super::name_of(path);
    let role = match role {
        Some(role) => check_is_table(path, &name).map(|()| role)?,
        None => artifact_role(path, &name)?,
    };
    Ok(DiagnoseInput::of_file(role, &name, path, &sha256))
}

/// The roles that have an option, with its help.
fn column_options() -> impl Iterator<Item = (ColumnRole, &'static str)> {
    ColumnRole::NAMED.iter().filter_map(|named| Some((named.role, named.option?)))
}

impl Args for Columns {
    fn augment_args(command: Command) -> Command {
        column_options().fold(command, |command, (role, help)| {
            command.arg(Arg::new(role.id()).long(role.id()).value_name("COL").help(help))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Columns {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |(role, _): (ColumnRole, _)| Some((role, matches.get_one::<String>(role.id())?));
        Ok(Columns(column_options().filter_map(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// A symptom that is in no layer's list would point nowhere without a word.
fn known_symptoms(symptoms: &[String]) -> Result<(), Problem> {
    let Some(unknown) = symptoms.iter().find(|symptom| Symptom::from(symptom.as_str()).layer().is_none()) else {
        return Ok(());
    };
    let known: Vec<&str> = SYMPTOMS.iter().map(|listed| listed.words).collect();
    Err(Problem::bad_input(format!(
        "`{}` is not a known symptom. The symptoms are: {}.",
        unknown.escape_debug(),
        known.join("; ")
    )))
}
