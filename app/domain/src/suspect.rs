//! A suspect: a ranked explanation of what was found.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::finding::AffectedRows;
use crate::number;
use crate::points::Points;
use crate::symptom::Symptom;
use crate::{Cause, Item, Layer, Since};

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
    /// Since when its strongest finding shows it; absent where no time says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub since: Option<Since>,
    /// The served rows that it concerns, where it concerns rows and not a distribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rows: Option<AffectedRows>,
    /// How the model does on these rows, where it does worse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub effect: Option<MetricEffect>,
    /// What it costs, where a fall was split and this is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub points: Option<Points>,
    /// The reported symptoms that point at its layer, which raised its score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub symptoms: Vec<Symptom>,
}

/// A metric on the rows that a suspect concerns, and on others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MetricEffect {
    /// In words, at the beginning of a sentence: `Accuracy`.
    pub metric: String,
    /// Whether it is shown in percent.
    pub is_share: bool,
    /// On the rows that the suspect concerns.
    pub value: f64,
    /// On the rows compared with.
    pub other: f64,
    pub compared_with: ComparedWith,
}

/// The rows that a metric is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ComparedWith {
    /// The served rows before the onset, or outside the window.
    OtherServedRows,
    /// Rows from before serving, in words: `test rows`.
    Before { rows: String },
}

impl MetricEffect {
    /// `Accuracy is 87.6 % on the served rows, and 94 % on test rows.`
    pub fn sentence(&self) -> String {
        let value = |value: f64| if self.is_share { number::percent(value) } else { number::number(value) };
        let (is, was) = (value(self.value), value(self.other));
        match &self.compared_with {
            ComparedWith::OtherServedRows => {
                format!("{} is {is} on these rows, and {was} on the other served rows.", self.metric)
            }
            ComparedWith::Before { rows } => {
                format!("{} is {is} on the served rows, and {was} on {rows}.", self.metric)
            }
        }
    }
}

impl Suspect {
    /// Which rows it concerns, since when, and how the model does on them: the sentences after its statement. Empty
    /// where none of it is known.
    pub fn scope(&self) -> String {
        let clauses = self.rows.map(AffectedRows::words).into_iter().chain(self.since.map(Since::words));
        let clauses: Vec<String> = clauses.collect();
        let concerns = match (self.rows.is_some(), clauses.is_empty()) {
            (_, true) => String::new(),
            (true, _) => format!("It concerns {}.", clauses.join(", ")),
            (false, _) => format!("It shows {}.", clauses.join(", ")),
        };
        let effect = self.effect.as_ref().map_or_else(String::new, MetricEffect::sentence);
        [concerns, effect].into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn suspect(since: Option<Since>, rows: Option<AffectedRows>, effect: Option<MetricEffect>) -> Suspect {
        Suspect {
            rank: 1,
            cause: Cause::UnitScale,
            layer: Layer::Features,
            item: Item::F2,
            standing: false,
            columns: vec!["income".into()],
            statement: "income is 1,000 times smaller in serving than in training.".into(),
            score: 0.9,
            findings: Vec::new(),
            explains: Vec::new(),
            against: Vec::new(),
            settle: String::new(),
            since,
            rows,
            effect,
            points: None,
            symptoms: Vec::new(),
        }
    }

    #[test]
    fn the_scope_names_rows_time_and_effect_as_far_as_they_are_known() {
        let effect = |compared_with| MetricEffect {
            metric: "Accuracy".into(),
            is_share: true,
            value: 0.8767,
            other: 0.94,
            compared_with,
        };
        let all = suspect(
            Some(Since::whole(0, 6 * DAY)),
            Some(AffectedRows { rows: 4_000, of: 4_000 }),
            Some(effect(ComparedWith::Before { rows: "test rows".into() })),
        );
        assert_eq!(
            all.scope(),
            "It concerns all 4,000 served rows, over the whole served period (1 Jan to 7 Jan 1970). \
             Accuracy is 87.7 % on the served rows, and 94 % on test rows."
        );
        let late = suspect(Some(Since::onset(2 * DAY, 6 * DAY)), None, Some(effect(ComparedWith::OtherServedRows)));
        assert_eq!(
            late.scope(),
            "It shows since 3 Jan 1970. Accuracy is 87.7 % on these rows, and 94 % on the other served rows."
        );
        assert_eq!(suspect(None, None, None).scope(), "");
    }
}
