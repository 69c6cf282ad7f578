//! What one file of another tool says by itself: the same reading and judging as in a diagnosis, without any table.

use std::collections::BTreeMap;
use std::path::Path;

use checks::judge;
use connectors::Artifact;
use domain::measurements::Measurements;
use domain::told::ToldFile;
use domain::{Problem, Verdict};
use measure::artifacts;
use measure::ingest::ReadOptions;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Sentences of one file at most.
const MOST_STATEMENTS: usize = 60;

/// What a file of another tool became.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ingested {
    /// The file's name.
    pub file: String,
    /// The tool that wrote it.
    pub tool: String,
    /// Null where the file does not say it.
    #[schema(required)]
    pub tool_version: Option<String>,
    /// The connector that read it.
    pub connector: String,
    /// How many facts of each kind it became.
    pub became: BTreeMap<String, u64>,
    /// What follows from it alone, the gravest first, then what was looked at.
    pub statements: Vec<String>,
    /// What is in the file and was not taken.
    pub left: Vec<String>,
    /// What could not be read.
    pub warnings: Vec<String>,
}

/// Reads one file.
///
/// # Errors
/// When no connector knows it, or it can't be read.
pub fn ingest(path: &Path, name: &str) -> Result<Ingested, Problem> {
    match artifacts::read(path, name, &ReadOptions::default())? {
        Some(artifact) => Ok(ingested(artifact, name)),
        None => Err(unknown(name)),
    }
}

/// That no connector knows a file.
pub fn unknown(name: &str) -> Problem {
    let mut tools: Vec<&str> = connectors::all().map(|connector| connector.tool).collect();
    tools.sort_unstable_by_key(|tool| tool.to_lowercase());
    tools.dedup();
    Problem::bad_input(format!(
        "`{name}` is not a known file of another tool. These are read: {}. A table of rows is read by `mismatch diagnose`.",
        tools.join(", ")
    ))
}

fn ingested(artifact: Artifact, name: &str) -> Ingested {
    let kinds = artifact.brought.kinds().into_iter().map(|(kind, count)| (kind.to_owned(), count as u64));
    let (facts, tool) = (facts(&artifact), artifact.tool().to_owned());
    let (became, warnings) = (kinds.collect(), artifact.notes().into_iter().map(|note| note.message).collect());
    let Artifact { connector, brought } = artifact;
    let (tool_version, left) = (brought.tool_version.clone(), brought.left.clone());
    let measurements = Measurements {
        observations: brought.observations,
        tool_facts: brought.facts,
        learning_curves: brought.curves,
        ..Measurements::default()
    };
    Ingested {
        file: name.to_owned(),
        tool,
        tool_version,
        connector: connector.id.to_owned(),
        became,
        statements: statements(&measurements).chain(facts).take(MOST_STATEMENTS).collect(),
        left,
        warnings,
    }
}

/// What follows from the facts: findings, then what was looked at.
fn statements(measurements: &Measurements) -> impl Iterator<Item = String> {
    let (layers, findings) = judge::judge(measurements);
    let found = findings.into_iter().map(|finding| finding.statement);
    let items = layers.into_iter().flat_map(|layer| layer.items);
    let looked_at = items.flat_map(|item| item.detectors).filter(|result| result.verdict != Verdict::NoEvidence);
    found.chain(looked_at.map(|result| result.summary))
}

/// What a file says by itself, for a diagnosis.
pub(crate) fn told(artifact: &Artifact, name: &str) -> ToldFile {
    /// Lines of one file at most.
    const MOST_FACTS: usize = 12;
    let mut said = facts(artifact);
    if said.is_empty() {
        // An answer that is an error, or empty, says at least that.
        said.extend(artifact.notes().into_iter().map(|note| note.message));
    }
    ToldFile {
        file: name.to_owned(),
        tool: artifact.tool().to_owned(),
        tool_version: artifact.brought.tool_version.clone(),
        layer: artifact.layer(),
        facts: said.into_iter().take(MOST_FACTS).collect(),
        count: artifact.brought.count() as u64,
    }
}

/// The first facts of each kind that is judged only together with other files.
fn facts(artifact: &Artifact) -> Vec<String> {
    /// Of one kind.
    const FEW: usize = 5;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let lines = artifact.preview(usize::MAX).rows.into_iter().map(|row| row.into_iter().flatten().collect::<Vec<_>>());
    let first = lines.filter(|line| {
        let kind = line.first().cloned().unwrap_or_default();
        let is_judged = kind.starts_with("check of") || kind == "package";
        let count = seen.entry(kind).or_default();
        *count += 1;
        !is_judged && *count <= FEW
    });
    first.map(|line| format!("{}.", line.join(": "))).collect()
}
