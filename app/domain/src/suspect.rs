//! A suspect: a ranked explanation of what was found.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::symptom::Symptom;
use crate::{Cause, Item, Layer};

/// A ranked explanation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Suspect {
    /// From 1.
    pub rank: u32,
    pub cause: Cause,
    pub layer: Layer,
    pub item: Item,
    /// Whether it is a weakness that was there before: ranked after everything that changed.
    #[serde(default, skip_serializing_if = "crate::finding::is_change")]
    #[schema(required = false)]
    pub standing: bool,
    pub columns: Vec<String>,
    /// The headline, in one sentence.
    pub statement: String,
    /// The probability that it is a cause, from 0 to 1, estimated from corpora of known faults and checked on tables left
    /// out; a reported symptom that points at its layer raises it by a tenth. 0 for a standing weakness, which is none.
    #[schema(minimum = 0, maximum = 1)]
    pub score: f64,
    /// Ids of the findings that support it.
    pub findings: Vec<String>,
    /// Ids of the findings it explains away.
    #[serde(default)]
    #[schema(required)]
    pub explains: Vec<String>,
    /// What contradicts it, in sentences.
    #[serde(default)]
    #[schema(required)]
    pub against: Vec<String>,
    /// The one check that would settle it.
    #[serde(default)]
    #[schema(required)]
    pub settle: String,
    /// The reported symptoms that point at its layer, which raised its score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub symptoms: Vec<Symptom>,
}

impl Suspect {
    /// What it is known by in every diagnosis of an investigation: `unit_scale(amount, income)`.
    pub fn key(&self) -> String {
        format!("{}({})", self.cause.id(), self.columns.join(", "))
    }

    /// How likely it is a cause, in words: `83 %`, never quite sure and never quite out of the question.
    pub fn likelihood(&self) -> String {
        match (100.0 * self.score).round() {
            percent if percent < 1.0 => "under 1 %".into(),
            percent if percent > 99.0 => "over 99 %".into(),
            percent => format!("{percent} %"),
        }
    }

    /// The sentences about the symptoms that point at it.
    pub fn pointed_at(&self) -> impl Iterator<Item = String> {
        self.symptoms.iter().map(|symptom| format!("The symptom \u{2018}{}\u{2019} points here.", symptom.words()))
    }
}
