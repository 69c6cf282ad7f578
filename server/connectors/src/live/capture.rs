//! What a running tool answered: all answers of one time in one file.

use domain::Problem;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use serde::{Deserialize, Serialize};

use super::{Answer, Asked, LiveSource, Purpose, Window};
use crate::given::Given;
use crate::{Brought, Connector};

/// How large the file may get, in bytes: what is left of an artifact's limit when its texts are quoted.
pub const MOST_CAPTURE_BYTES: usize = 14 << 20;

/// The version of the file.
const VERSION: u32 = 1;

/// Written as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Capture {
    mismatch_capture: u32,
    /// The id of the source.
    pub source: String,
    pub tool: String,
    #[serde(default)]
    pub tool_version: Option<String>,
    /// Without query and fragment.
    pub address: String,
    pub asked_at_ms: i64,
    pub window: Window,
    /// What could not be asked, and why.
    #[serde(default)]
    pub left: Vec<String>,
    pub answers: Vec<Answer>,
}

impl Capture {
    /// Of what was asked; answers that only planned the next question are dropped.
    pub fn of(source: &LiveSource, base: String, asked: &Asked<'_>, asked_at_ms: i64, left: Vec<String>) -> Self {
        let evidence = |answer: &&Answer| answer.question.purpose == Purpose::Evidence;
        Self {
            mismatch_capture: VERSION,
            source: source.id.to_owned(),
            tool: source.tool.to_owned(),
            tool_version: source.version(asked.answers),
            address: base,
            asked_at_ms,
            window: asked.window,
            left,
            answers: asked.answers.iter().filter(evidence).cloned().collect(),
        }
    }
}

pub(super) static CAPTURE: Connector = Connector {
    id: "capture",
    tool: "Mismatch",
    words: "what a running tool answered when Mismatch asked it, JSON",
    proven_on: "this version",
    takes: "each answer, as if it were a file; addresses that do not answer with success",
    leaves: "answers that say only what to ask next",
    recognise: |seen| seen.json.has_all(&["mismatch_capture", "source", "address"]),
    read,
};

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let capture: Capture = given.typed_json()?;
    let mut brought = Brought {
        tool: Some(capture.tool.clone()),
        tool_version: capture.tool_version.clone(),
        left: capture.left.clone(),
        ..Brought::default()
    };
    if capture.mismatch_capture > VERSION {
        brought.warnings.push("It was written by a newer Mismatch; what this one knows of it was read.".to_owned());
    }
    let source = super::SOURCES.iter().find(|source| source.id == capture.source);
    let answers = source.map_or_else(|| capture.answers.clone(), |source| (source.joined)(&capture.answers));
    for answer in &answers {
        bring(answer, &capture, &mut brought);
    }
    if brought.count() == 0 && brought.warnings.is_empty() {
        brought.warnings.push(format!("{} answered, and nothing in its answers is known here.", capture.tool));
    }
    Ok(brought)
}

fn bring(answer: &Answer, capture: &Capture, brought: &mut Brought) {
    let words = answer.question.words();
    let is_health = capture.source == super::WEB.id;
    if is_health {
        brought.facts.checks.push(health(answer, capture));
    } else if !answer.is_ok() {
        brought.left.push(format!("{words}: the answer has status {}", answer.status));
        return;
    }
    match read_answer(answer) {
        Some(Ok(mut found)) => {
            for source in found.facts.sources_mut() {
                source.path = [words.as_str(), &source.path].join(" ").trim_end().to_owned();
                source.url = source.url.take().or_else(|| Some(capture.address.clone()));
            }
            brought.take_in(found);
        }
        Some(Err(problem)) => brought.warnings.push(problem.message),
        None if is_health => {}
        None => brought.left.push(format!("{words}: nothing here reads this answer")),
    }
}

/// As a file of the name of its question. A capture within a capture is not opened: it is none of a tool's answers.
fn read_answer(answer: &Answer) -> Option<Result<Brought, Problem>> {
    let bytes = answer.body.as_bytes();
    let connector = crate::recognise(bytes).filter(|connector| connector.id != CAPTURE.id)?;
    Some((connector.read)(&Given::of(bytes, &answer.question.name)))
}

fn health(answer: &Answer, capture: &Capture) -> ToolCheck {
    let outcome = if answer.is_ok() { CheckOutcome::Passed } else { CheckOutcome::Failed };
    let source =
        Source { url: Some(capture.address.clone()), ..Source::of(&capture.tool, None, answer.question.words()) };
    let place = capture.address.split_once("://").map_or(capture.address.as_str(), |(_, place)| place);
    ToolCheck::new(source, "answers with success", CheckSubject::Health, vec![place.to_owned()], outcome)
        .with_observed(format!("status {}", answer.status))
}
