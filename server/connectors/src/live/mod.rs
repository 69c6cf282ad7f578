//! Tools that are asked where they run: which questions, in which order, and what the answers are. Who asks is elsewhere
//! (`sources`): nothing here knows a network.
//!
//! A tool is asked in rounds. The questions of the next round follow from the answers so far; there are no more when none is
//! new. All answers together are one file, the capture, which is read like any other: evidence does not change afterwards.

mod address;
mod alertmanager;
mod capture;
mod grafana;
mod mlflow;
mod prometheus;
mod web;

use domain::known_tool::KnownTool;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use address::Address;
pub use capture::{Capture, MOST_CAPTURE_BYTES};

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[&capture::CAPTURE];

/// The tools that can be asked. A new one is a file here and its line.
pub static SOURCES: &[&LiveSource] =
    &[&prometheus::PROMETHEUS, &alertmanager::ALERTMANAGER, &grafana::GRAFANA, &mlflow::MLFLOW];

/// The answer of an address that belongs to none of the tools, such as a health check.
pub static WEB: &LiveSource = &web::WEB;

/// A tool that answers at an address.
pub struct LiveSource {
    /// Stable.
    pub id: &'static str,
    /// The tool's name, as the map has it.
    pub tool: &'static str,
    /// Versions that were asked.
    pub proven_on: &'static str,
    /// What it is asked for, in a few words.
    pub takes: &'static str,
    /// What is left, in a few words.
    pub leaves: &'static str,
    /// How the paths of its own pages begin; what stands before them belongs to its address.
    pages: &'static [&'static str],
    /// The path that only this tool answers in its own way.
    pub knock: &'static str,
    /// Whether the answer to it is this tool's.
    is_it: fn(&Answer) -> bool,
    /// The version, from any answer that says it.
    version: fn(&Answer) -> Option<String>,
    /// All questions that follow from the answers so far, also those that were asked.
    questions: fn(&Asked<'_>) -> Vec<Question>,
    /// Puts answers together that say one thing only together.
    joined: fn(&[Answer]) -> Vec<Answer>,
}

/// Where each answer stands for itself.
fn each_by_itself(answers: &[Answer]) -> Vec<Answer> {
    answers.to_vec()
}

/// What is known while a tool is asked.
pub struct Asked<'a> {
    pub address: &'a Address,
    pub window: Window,
    pub answers: &'a [Answer],
}

/// The time that is asked about, in milliseconds since 1970 (UTC), both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub from_ms: i64,
    pub until_ms: i64,
}

/// One request below the address of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What the answer is called, as if it were a file.
    pub name: String,
    /// With the query, percent-encoded; begins with a slash.
    pub path: String,
    /// The JSON that is posted; a plain GET without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    pub purpose: Purpose,
}

/// What an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// It is read and kept.
    Evidence,
    /// It says what to ask next.
    Planning,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    #[serde(flatten)]
    pub question: Question,
    /// The status of HTTP.
    pub status: u16,
    pub body: String,
}

impl Question {
    /// An answer that is read.
    fn evidence(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self { name: name.into(), path: path.into(), post: None, purpose: Purpose::Evidence }
    }

    /// An answer that says what to ask next.
    fn planning(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self { purpose: Purpose::Planning, ..Self::evidence(name, path) }
    }

    fn posting(self, body: &Value) -> Self {
        Self { post: Some(body.to_string()), ..self }
    }

    /// The question as a person sees it: `GET /api/v1/alerts`.
    pub fn words(&self) -> String {
        let method = if self.post.is_some() { "POST" } else { "GET" };
        format!("{method} {}", self.path)
    }
}

impl Answer {
    fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; `None` for anything else, and for what is no success.
    fn json(&self) -> Option<Value> {
        self.is_ok().then(|| serde_json::from_str(&self.body).ok()).flatten()
    }
}

impl Asked<'_> {
    /// The JSON that was answered to the question of this name.
    fn json(&self, name: &str) -> Option<Value> {
        self.answers.iter().find(|answer| answer.question.name == name)?.json()
    }
}

impl LiveSource {
    /// The question that tells whether it is this tool.
    pub fn first(&self) -> Question {
        Question::planning("knock", self.knock)
    }

    pub fn is_it(&self, answer: &Answer) -> bool {
        (self.is_it)(answer)
    }

    /// Where its interface begins: the address without the paths of its own pages.
    pub fn base(&self, address: &Address) -> String {
        let own = self.pages.iter().filter_map(|page| address.path.find(page)).min();
        let path = own.map_or(address.path.as_str(), |own| &address.path[..own]);
        format!("{}{}", address.origin, path.trim_end_matches('/'))
    }

    /// What to ask next; empty when everything was.
    pub fn next(&self, asked: &Asked<'_>) -> Vec<Question> {
        let is_new = |question: &Question| {
            let same = |answer: &Answer| answer.question.path == question.path && answer.question.post == question.post;
            !asked.answers.iter().any(same)
        };
        let mut next: Vec<Question> = (self.questions)(asked).into_iter().filter(is_new).collect();
        let mut seen = std::collections::BTreeSet::new();
        next.retain(|question| seen.insert((question.path.clone(), question.post.clone())));
        next
    }

    /// The version that any of the answers says.
    pub fn version(&self, answers: &[Answer]) -> Option<String> {
        answers.iter().find_map(|answer| (self.version)(answer))
    }

    /// What it declares, as the documentation lists it.
    pub fn known_tool(&self) -> KnownTool {
        KnownTool {
            connector: format!("live_{}", self.id),
            layer: None,
            tool: self.tool.to_owned(),
            format: format!("a running {}, by its address", self.tool),
            proven_on: self.proven_on.to_owned(),
            takes: self.takes.to_owned(),
            leaves: self.leaves.to_owned(),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests;
