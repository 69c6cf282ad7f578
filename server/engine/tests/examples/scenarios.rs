//! The inputs in the repository from which the examples of the Reference are made.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use domain::SnapshotRole::{Artifact, LearningCurve, Offline, Predictions, Serve, ServingLog, Test, Train, Validation};
use domain::measurements::fingerprints::{History, KnownTest};
use domain::{ColumnRole, Diagnosis, Roles, SnapshotRole};
use engine::diagnose::{DiagnoseInput, DiagnoseSettings, diagnose_and_remember};
use measure::progress::Unwatched;
use measure::summary::InMemory;
use serde::Deserialize;

/// Files that are diagnosed together, and what is known of them.
pub struct Scenario {
    pub name: String,
    /// Where the rows are from, in a sentence.
    pub data: &'static str,
    pub inputs: Vec<(SnapshotRole, PathBuf)>,
    /// Those of the files that show it.
    pub faulty: Vec<PathBuf>,
    pub roles: Roles,
    /// A test set of an earlier diagnosis of the same model.
    pub earlier_test: Option<PathBuf>,
    /// The one detector that it is an example of, where others see the fault less clearly.
    pub only: Option<&'static str>,
}

const CAR_LOAN: &str = "The rows are NannyML's synthetic car-loan data; the fault was made on purpose.";
const FLIGHTS: &str =
    "The rows are flights that left New York City in 2013 (nycflights13); the fault was made on purpose.";
const SERVICE: &str = "The files of a service that does not exist.";
const PARCELS: &str =
    "Parcels of a delivery service that does not exist, drawn with a seed; the fault was made on purpose.";

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder)
}

/// All of them, in a fixed order.
pub fn all() -> Vec<Scenario> {
    items().into_iter().chain(faults()).chain(parcels()).chain([service(), demonstration()]).collect()
}

impl Scenario {
    pub fn of(name: &str) -> Scenario {
        all().into_iter().find(|one| one.name == name).unwrap_or_else(|| panic!("there is no scenario {name}"))
    }

    fn settings(&self) -> DiagnoseSettings {
        let tests = self.earlier_test.iter().map(|path| known_test(path, &self.roles)).collect();
        let history = History { investigation: "now".to_owned(), model: "car-loan".to_owned(), tests };
        DiagnoseSettings { roles: self.roles.clone(), history, ..DiagnoseSettings::default() }
    }

    pub fn diagnosed(&self) -> Diagnosis {
        let inputs: Vec<DiagnoseInput> = self.inputs.iter().map(|(role, path)| input(*role, path)).collect();
        let diagnosed = diagnose_and_remember(&inputs, &self.settings(), &InMemory::default(), &Unwatched);
        diagnosed.unwrap_or_else(|problem| panic!("{}: {}", self.name, problem.message)).diagnosis
    }
}

fn input(role: SnapshotRole, path: &Path) -> DiagnoseInput {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let name = path.file_name().unwrap().to_string_lossy();
    DiagnoseInput::of_file(role, &name, path, &format!("{:016x}", hasher.finish()))
}

fn known_test(path: &Path, roles: &Roles) -> KnownTest {
    let settings = DiagnoseSettings { roles: roles.clone(), ..DiagnoseSettings::default() };
    let diagnosed = diagnose_and_remember(&[input(Test, path)], &settings, &InMemory::default(), &Unwatched).unwrap();
    let test = diagnosed.test.unwrap();
    KnownTest {
        investigation: "earlier".to_owned(),
        title: "Before the release".to_owned(),
        model: "car-loan".to_owned(),
        file: test.name,
        sha256: test.sha256,
        at_ms: 1_770_000_000_000,
        rows: test.rows,
    }
}

/// The clean files of `fixtures/items`, with their roles.
const CLEAN: [(SnapshotRole, &str); 11] = [
    (Train, "train.parquet"),
    (Validation, "validation.parquet"),
    (Test, "test.parquet"),
    (Serve, "serve.parquet"),
    (Offline, "offline.parquet"),
    (Predictions, "run.parquet"),
    (LearningCurve, "curve.csv"),
    (ServingLog, "log.jsonl.gz"),
    (Artifact, "training_freeze.txt"),
    (Artifact, "serving_freeze.txt"),
    (Artifact, "observations.json"),
];

/// The file that fails each item, in place of a clean one.
const FAULTY: [(&str, &str); 23] = [
    ("serve.parquet", "serve_d1.parquet"),
    ("serve.parquet", "serve_d2.parquet"),
    ("serve.parquet", "serve_d3.parquet"),
    ("train.parquet", "train_d4.parquet"),
    ("offline.parquet", "offline_f1.parquet"),
    ("serve.parquet", "serve_f2.parquet"),
    ("serve.parquet", "serve_f3.parquet"),
    ("train.parquet", "train_t1.parquet"),
    ("train.parquet", "train_t2.parquet"),
    ("test.parquet", "test_t3.parquet"),
    ("curve.csv", "curve_t4.csv"),
    ("run.parquet", "run_e1.parquet"),
    ("run.parquet", "run_e2.parquet"),
    ("observations.json", "observations_e3.json"),
    ("serve.parquet", "serve_s1.parquet"),
    ("log.jsonl.gz", "log_s2.jsonl.gz"),
    ("serving_freeze.txt", "serving_freeze_s3.txt"),
    ("observations.json", "observations_p1.json"),
    ("observations.json", "observations_p2.json"),
    ("log.jsonl.gz", "log_p3.jsonl.gz"),
    ("serve.parquet", "serve_m1.parquet"),
    ("log.jsonl.gz", "log_m2.jsonl.gz"),
    ("observations.json", "observations_m3.json"),
];

fn roles_of_items() -> Roles {
    Roles::from([
        (ColumnRole::Label, "repaid"),
        (ColumnRole::Prediction, "approved"),
        (ColumnRole::Score, "score"),
        (ColumnRole::Id, "application_id"),
        (ColumnRole::Group, "customer_id"),
        (ColumnRole::Time, "event_time"),
        (ColumnRole::Split, "split"),
    ])
}

fn items() -> Vec<Scenario> {
    let with = |(clean, faulty): (&str, &str)| Scenario {
        name: format!("items/{faulty}"),
        data: CAR_LOAN,
        inputs: CLEAN
            .iter()
            .map(|(role, file)| (*role, fixtures("items").join(if *file == clean { faulty } else { file })))
            .collect(),
        faulty: vec![fixtures("items").join(faulty)],
        roles: roles_of_items(),
        earlier_test: None,
        only: None,
    };
    let [train, test, earlier] =
        ["train.parquet", "test.parquet", "test_t3.parquet"].map(|file| fixtures("items").join(file));
    let mut roles = roles_of_items();
    roles.set(ColumnRole::Split, None);
    let touched = Scenario {
        name: "items/touched".to_owned(),
        inputs: vec![(Train, train.clone()), (Test, test)],
        faulty: vec![train, earlier.clone()],
        roles,
        earlier_test: Some(earlier),
        ..with(FAULTY[0])
    };
    FAULTY.into_iter().map(with).chain([touched]).collect()
}

#[derive(Deserialize)]
struct Manifest {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    case: String,
    inputs: Vec<CaseInput>,
    roles: Roles,
}

#[derive(Deserialize)]
struct CaseInput {
    role: SnapshotRole,
    file: PathBuf,
}

fn faults() -> Vec<Scenario> {
    let folder = fixtures("faults");
    let manifest: Manifest =
        serde_json::from_str(&std::fs::read_to_string(folder.join("manifest.json")).unwrap()).unwrap();
    let scenario = |case: Case| {
        let is_text = case.inputs.iter().all(|input| input.file.extension().is_some_and(|end| end == "csv"));
        Scenario {
            name: format!("faults/{}", case.case),
            data: if is_text { CAR_LOAN } else { FLIGHTS },
            faulty: case.inputs.iter().map(|input| folder.join(&input.file)).collect(),
            inputs: case.inputs.into_iter().map(|input| (input.role, folder.join(input.file))).collect(),
            roles: case.roles,
            earlier_test: None,
            only: None,
        }
    };
    manifest.cases.into_iter().map(scenario).collect()
}

/// Files of `fixtures/examples` that are diagnosed together, and the roles of their columns.
fn parcels() -> Vec<Scenario> {
    const ROWS: &[(ColumnRole, &str)] = &[
        (ColumnRole::Id, "parcel_id"),
        (ColumnRole::Time, "ordered_at"),
        (ColumnRole::Group, "customer"),
        (ColumnRole::Label, "late"),
    ];
    const RUN: &[(ColumnRole, &str)] =
        &[(ColumnRole::Id, "parcel_id"), (ColumnRole::Label, "late"), (ColumnRole::Prediction, "predicted_late")];
    const SPLIT_RUN: &[(ColumnRole, &str)] = &[
        (ColumnRole::Id, "parcel_id"),
        (ColumnRole::Label, "late"),
        (ColumnRole::Prediction, "predicted_late"),
        (ColumnRole::Score, "score"),
        (ColumnRole::Split, "split"),
    ];
    const SCORES: &[(ColumnRole, &str)] =
        &[(ColumnRole::Id, "parcel_id"), (ColumnRole::Label, "late"), (ColumnRole::Score, "score")];
    const MINUTES: &[(ColumnRole, &str)] =
        &[(ColumnRole::Id, "parcel_id"), (ColumnRole::Label, "y_true"), (ColumnRole::Prediction, "y_pred")];
    const PAIRED: &[(ColumnRole, &str)] =
        &[(ColumnRole::Id, "parcel_id"), (ColumnRole::Prediction, "predicted_late"), (ColumnRole::Score, "score")];
    const TIMED_SCORES: &[(ColumnRole, &str)] = &[
        (ColumnRole::Id, "parcel_id"),
        (ColumnRole::Time, "ordered_at"),
        (ColumnRole::Label, "late"),
        (ColumnRole::Score, "score"),
    ];
    type Files = &'static [(SnapshotRole, &'static str)];
    const REVERSED: Files = &[(Predictions, "run_reversed")];
    let all: [(Files, &[(ColumnRole, &str)]); 10] = [
        (&[(Train, "train"), (Serve, "serve")], ROWS),
        (&[(Train, "train_splits"), (Serve, "serve_definition")], ROWS),
        (&[(Train, "train_splits"), (Test, "test_splits")], ROWS),
        (&[(Predictions, "run_gap")], SPLIT_RUN),
        (REVERSED, SCORES),
        (&[(Predictions, "run_seed_1"), (Predictions, "run_seed_2"), (Predictions, "run_seed_3")], RUN),
        (&[(Predictions, "run_minutes")], MINUTES),
        (&[(ServingLog, "serving_log")], &[]),
        (&[(Serve, "serve_versions"), (Offline, "offline_versions")], PAIRED),
        (&[(Test, "test_estimated"), (Serve, "serve_estimated")], TIMED_SCORES),
    ];
    let scenario = |(files, roles): (Files, &[(ColumnRole, &str)])| {
        let path = |name: &str| fixtures("examples").join(format!("{name}.csv.gz"));
        Scenario {
            name: format!("examples/{}", files.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(" ")),
            data: PARCELS,
            inputs: files.iter().map(|(role, name)| (*role, path(name))).collect(),
            faulty: files.iter().map(|(_, name)| path(name)).collect(),
            roles: roles.iter().copied().collect(),
            earlier_test: None,
            only: (files == REVERSED).then_some("E1.score_direction"),
        }
    };
    all.into_iter().map(scenario).collect()
}

fn service() -> Scenario {
    let folder = fixtures("artifacts/faulty");
    let files = ["observations.json", "training-requirements.txt", "serving-requirements.txt"];
    Scenario {
        name: "artifacts/faulty".to_owned(),
        data: SERVICE,
        inputs: files.iter().map(|file| (Artifact, folder.join(file))).collect(),
        faulty: files.iter().map(|file| folder.join(file)).collect(),
        roles: Roles::default(),
        earlier_test: None,
        only: None,
    }
}

fn demonstration() -> Scenario {
    let folder = repository().join("server/service/demo");
    let files = [
        (Train, "train.parquet"),
        (Serve, "serve.parquet"),
        (Predictions, "predictions.parquet"),
        (LearningCurve, "learning_curve.csv"),
    ];
    let named = [
        (ColumnRole::Label, "repaid"),
        (ColumnRole::Prediction, "approved"),
        (ColumnRole::Score, "score"),
        (ColumnRole::Id, "application_id"),
        (ColumnRole::Time, "event_time"),
        (ColumnRole::Split, "split"),
        (ColumnRole::Version, "model_version"),
    ];
    Scenario {
        name: "demo".to_owned(),
        data: CAR_LOAN,
        inputs: files.iter().map(|(role, file)| (*role, folder.join(file))).collect(),
        faulty: files.iter().map(|(_, file)| folder.join(file)).collect(),
        roles: Roles::from(named),
        earlier_test: None,
        only: None,
    }
}
