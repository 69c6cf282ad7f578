//! A second diagnosis of known tables: the same to the last figure, and never that of other settings or other bytes.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Mutex;

use domain::{Problem, Profile, SnapshotRole};
use engine::diagnose::{DiagnoseInput, DiagnoseSettings, diagnose_and_remember};
use measure::measured::Measured;
use measure::progress::Unwatched;
use measure::summary::{InMemory, Summary, SummaryStore};

const ITEMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/items");

/// Counts what is measured anew, and keeps measurements as the bytes that a disk would hold.
#[derive(Default)]
struct Counted {
    tables: InMemory,
    measured: Mutex<Vec<(String, Vec<u8>)>>,
}

impl SummaryStore for Counted {
    fn get(&self, key: &str) -> Option<Summary> {
        self.tables.get(key)
    }

    fn put(&self, summary: &Summary) {
        self.tables.put(summary);
    }

    fn profile(&self, key: &str) -> Option<Profile> {
        self.tables.profile(key)
    }

    fn measured(&self, key: &str) -> Option<Measured> {
        let measured = self.measured.lock().unwrap();
        let (key, bytes) = measured.iter().find(|(known, _)| known == key)?;
        Some(Measured::from_bytes(key, bytes).unwrap())
    }

    fn put_measured(&self, key: &str, measured: &Measured) {
        let bytes = measured.to_bytes(key).unwrap();
        self.measured.lock().unwrap().push((key.to_owned(), bytes));
    }
}

impl Counted {
    fn times(&self) -> usize {
        self.measured.lock().unwrap().len()
    }
}

fn input(role: SnapshotRole, file: &str) -> DiagnoseInput {
    let path = Path::new(ITEMS).join(file);
    let mut hasher = DefaultHasher::new();
    std::fs::read(&path).unwrap().hash(&mut hasher);
    let sha256 = format!("{:016x}", hasher.finish());
    DiagnoseInput::of_file(role, file, &path, &sha256)
}

/// One of each role, with faults in several layers.
fn whole_map() -> Vec<DiagnoseInput> {
    use SnapshotRole::{Artifact, LearningCurve, Offline, Predictions, Serve, ServingLog, Test, Train, Validation};
    let files = [
        (Train, "train_t2.parquet"),
        (Artifact, "observations_e3.json"),
        (Validation, "validation.parquet"),
        (Test, "test_t3.parquet"),
        (Serve, "serve_f2.parquet"),
        (Offline, "offline_f1.parquet"),
        (Predictions, "run_e2.parquet"),
        (LearningCurve, "curve_t4.csv"),
        (ServingLog, "log_m2.jsonl.gz"),
    ];
    files.map(|(role, file)| input(role, file)).into()
}

fn diagnosed(
    inputs: &[DiagnoseInput],
    settings: &DiagnoseSettings,
    store: &dyn SummaryStore,
) -> Result<String, Problem> {
    let diagnosed = diagnose_and_remember(inputs, settings, store, &Unwatched)?;
    let test = diagnosed.test.map(|test| test.rows.rows);
    Ok(format!("{} {test:?}", serde_json::to_string(&diagnosed.diagnosis).unwrap()))
}

#[test]
fn a_second_diagnosis_measures_nothing_and_says_the_same() {
    let (store, settings) = (Counted::default(), DiagnoseSettings::default());
    let first = diagnosed(&whole_map(), &settings, &store).unwrap();
    assert!(first.contains("\"verdict\":\"mismatch\""));
    assert_eq!(store.times(), 1);
    // The files themselves may be gone by then: all but the artifact, which is read anew.
    let mut known = whole_map();
    for input in known.iter_mut().filter(|input| input.role != SnapshotRole::Artifact) {
        input.path = Path::new("/nowhere").join(&input.name);
    }
    assert_eq!(diagnosed(&known, &settings, &store).unwrap(), first);
    assert_eq!(store.times(), 1);
    // A symptom changes the ranking, not what is measured.
    let symptoms = DiagnoseSettings { symptoms: vec!["Accuracy dropped".into()], ..settings };
    diagnosed(&known, &symptoms, &store).unwrap();
    assert_eq!(store.times(), 1);
}

#[test]
fn other_settings_other_bytes_and_another_way_of_reading_are_measured_anew() {
    let (store, settings) = (Counted::default(), DiagnoseSettings::default());
    let pair = || vec![input(SnapshotRole::Train, "train.parquet"), input(SnapshotRole::Serve, "serve.parquet")];
    diagnosed(&pair(), &settings, &store).unwrap();
    let threshold = DiagnoseSettings { threshold: Some(0.4), ..settings.clone() };
    diagnosed(&pair(), &threshold, &store).unwrap();
    assert_eq!(store.times(), 2);
    let mut other_bytes = pair();
    other_bytes[1] = input(SnapshotRole::Serve, "serve_d1.parquet");
    diagnosed(&other_bytes, &settings, &store).unwrap();
    assert_eq!(store.times(), 3);
    let mut other_roles = pair();
    other_roles[1].role = SnapshotRole::Test;
    diagnosed(&other_roles, &settings, &store).unwrap();
    assert_eq!(store.times(), 4);
    let mut renamed = pair();
    "monday.parquet".clone_into(&mut renamed[1].name);
    assert!(diagnosed(&renamed, &settings, &store).unwrap().contains("monday.parquet"));
    assert_eq!(store.times(), 5);
}
