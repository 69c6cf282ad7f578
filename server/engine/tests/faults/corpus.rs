//! The corpora: the small one in the repository, and a large one in a folder that the environment names.

use std::path::{Path, PathBuf};

use domain::{Cause, ColumnRole, Roles, SnapshotRole};
use serde::Deserialize;

/// A pair (or more) of tables with what is known of them.
pub struct Case {
    pub name: String,
    pub inputs: Vec<(SnapshotRole, PathBuf)>,
    pub roles: Roles,
    /// Any of them is right; none means that any alarm is false.
    pub causes: Vec<Cause>,
    pub columns: Vec<String>,
    /// Columns that really differ too, as a consequence of the fault: naming them is not wrong.
    pub consequences: Vec<String>,
    /// A second fault, where there are two at once: its causes and its columns.
    pub second: Vec<(Vec<Cause>, Vec<String>)>,
    /// How strong the fault is, where it comes in steps.
    pub step: Option<Step>,
}

impl Case {
    /// Each fault with its causes and columns.
    pub fn parts(&self) -> impl Iterator<Item = (&[Cause], &[String])> {
        let second = self.second.iter().map(|(causes, columns)| (causes.as_slice(), columns.as_slice()));
        std::iter::once((self.causes.as_slice(), self.columns.as_slice())).chain(second)
    }
}

/// One of the strengths that a fault was put in with.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Step {
    /// What the number is.
    pub measure: String,
    pub magnitude: f64,
    /// Whether it is at least what the check of this fault calls a mismatch.
    #[serde(default = "reached")]
    pub reaches_limit: bool,
}

fn reached() -> bool {
    true
}

#[derive(Deserialize)]
struct Manifest {
    cases: Vec<ManifestCase>,
}

#[derive(Deserialize)]
struct ManifestCase {
    case: String,
    inputs: Vec<ManifestInput>,
    roles: Roles,
    causes: Vec<Cause>,
    columns: Vec<String>,
}

#[derive(Deserialize)]
struct ManifestInput {
    role: SnapshotRole,
    file: PathBuf,
}

/// The cases of `fixtures/faults`.
pub fn small() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/faults");
    let manifest: Manifest = read(&folder.join("manifest.json"));
    manifest
        .cases
        .into_iter()
        .map(|case| Case {
            name: case.case,
            inputs: case.inputs.into_iter().map(|input| (input.role, folder.join(input.file))).collect(),
            roles: case.roles,
            causes: case.causes,
            columns: case.columns,
            consequences: Vec::new(),
            second: Vec::new(),
            step: None,
        })
        .collect()
}

#[derive(Deserialize)]
struct Truth {
    #[serde(default)]
    check: Option<String>,
    columns: Vec<String>,
    #[serde(default)]
    consequences: Vec<String>,
    #[serde(default)]
    second: Vec<Second>,
    #[serde(default)]
    step: Option<Step>,
    files: TruthFiles,
    #[serde(default)]
    roles: Option<TruthRoles>,
}

#[derive(Deserialize)]
struct Second {
    check: String,
    columns: Vec<String>,
}

#[derive(Deserialize)]
struct TruthFiles {
    reference: Option<PathBuf>,
    current: Option<PathBuf>,
    offline: Option<PathBuf>,
}

#[derive(Deserialize, Default)]
struct TruthRoles {
    id: Option<String>,
    timestamp: Option<String>,
    entity: Option<String>,
    label: Option<String>,
    prediction: Option<String>,
    score: Option<String>,
}

impl TruthRoles {
    fn named(&self) -> Roles {
        use ColumnRole::{Group, Id, Label, Prediction, Score, Time};
        let named = [
            (Id, &self.id),
            (Time, &self.timestamp),
            (Group, &self.entity),
            (Label, &self.label),
            (Prediction, &self.prediction),
            (Score, &self.score),
        ];
        named.into_iter().filter_map(|(role, column)| Some((role, column.as_ref()?))).collect()
    }
}

/// The cases below `MISMATCH_FIXTURES`; `None` when it is not set.
pub fn large() -> Option<Vec<Case>> {
    Some(below(&PathBuf::from(std::env::var_os("MISMATCH_FIXTURES")?)))
}

/// The cases of a folder that holds `faults/*/*/truth.json` and `faults/causes.json`.
pub fn below(folder: &Path) -> Vec<Case> {
    let folder = folder.join("faults");
    let causes: std::collections::HashMap<String, Vec<Cause>> = read(&folder.join("causes.json"));
    let mut cases: Vec<Case> = folders(&folder)
        .iter()
        .flat_map(|set| folders(set))
        .filter(|case| case.join("truth.json").exists())
        .map(|case| of_truth(&case, &read(&case.join("truth.json")), &causes))
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn of_truth(folder: &Path, truth: &Truth, causes: &std::collections::HashMap<String, Vec<Cause>>) -> Case {
    let files = [
        (&truth.files.reference, SnapshotRole::Train),
        (&truth.files.current, part_of(truth.files.current.as_deref())),
        (&truth.files.offline, SnapshotRole::Offline),
    ];
    let inputs = files.into_iter().filter_map(|(path, role)| Some((role, folder.join(path.as_ref()?)))).collect();
    let none = TruthRoles::default();
    let roles = truth.roles.as_ref().unwrap_or(&none);
    let set = folder.parent().and_then(Path::file_name).unwrap_or_default();
    Case {
        name: format!("{}/{}", set.display(), folder.file_name().unwrap_or_default().display()),
        inputs,
        roles: roles.named(),
        causes: truth.check.as_ref().and_then(|check| causes.get(check)).cloned().unwrap_or_default(),
        columns: truth.columns.clone(),
        consequences: truth.consequences.clone(),
        second: truth
            .second
            .iter()
            .map(|second| (causes.get(&second.check).cloned().unwrap_or_default(), second.columns.clone()))
            .collect(),
        step: truth.step.clone(),
    }
}

/// What somebody would say the second file is: the corpus calls it after that.
fn part_of(file: Option<&Path>) -> SnapshotRole {
    match file.and_then(Path::file_stem).and_then(|stem| stem.to_str()) {
        Some("test") => SnapshotRole::Test,
        Some("serving_log") => SnapshotRole::ServingLog,
        _ => SnapshotRole::Serve,
    }
}

fn folders(below: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(below).unwrap_or_else(|error| panic!("{}: {error}", below.display()));
    entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
