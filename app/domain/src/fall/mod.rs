//! What a fall of the model's performance is made of: facts. Their sentences are in `words`.

mod course;
mod refusal;
mod slices;
mod undone;
mod words;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Suspect;
use crate::evaluation::Split;
use crate::points::SMALLEST;

pub use crate::points::{Points, tenths};
pub use course::{FallWindow, PartChanged, PartInWindow, rows_and_time};
pub use refusal::{Refusal, SideOfFall};
pub use slices::{FallSlice, FallSlices, SHOWN_SLICES, SlicesRefusal};
pub use undone::{UndoVerdict, Undone};

/// The performance before and after, and what its difference is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Fall {
    /// What was split.
    pub metric: SplitMetric,
    /// The rows compared with, as the split they are: `test`.
    #[schema(value_type = String)]
    pub compared_with: Split,
    /// The metric on both sides; absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub before: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub after: Option<f64>,
    /// How much worse it is, in points; absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fall: Option<Points>,
    /// What certainly added to it or took from it, the largest first; empty where it is not known.
    pub parts: Vec<Part>,
    /// The rest: other reasons and chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unexplained: Option<Points>,
    /// What is recovered with the predictions of the training pipeline for the same served rows: measured, not estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub recovered: Option<Recovered>,
    /// What is recovered with the model's answers to the repaired rows, next to what the suspect was said to cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub undone: Option<Undone>,
    /// Columns that were brought back to what training has before the parts were estimated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repaired: Vec<String>,
    /// Columns that can't be brought back, and were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// The parts along the time of the served rows; empty without times, or where no part is certain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over_time: Vec<FallWindow>,
    /// Where the largest part certainly changed along it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub changed: Option<PartChanged>,
    /// Where it fell more than elsewhere; absent where nothing fell, or the rows are not here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub slices: Option<FallSlices>,
    /// Why the parts are not known; empty where they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
}

/// The metric that was split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SplitMetric {
    /// Points are percentage points.
    Accuracy,
    /// Points are percent of the error before.
    MeanSquaredError,
}

/// Points that are recovered on so many rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recovered {
    /// Served rows whose offline predictions were given.
    pub rows: u64,
    #[serde(flatten)]
    pub points: Points,
}

/// Which of the three mechanisms differs between both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mechanism {
    /// Who arrives.
    Mix,
    /// What the system answers for the same inputs.
    Scoring,
    /// What is true for the same inputs.
    Concept,
}

/// What one mechanism costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Part {
    pub mechanism: Mechanism,
    #[serde(flatten)]
    pub points: Points,
    /// By suspect or by column, the largest first; what is left of it is due to nothing that is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Share>,
}

/// What one suspect or column adds to a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Share {
    pub of: ShareOf,
    #[serde(flatten)]
    pub points: Points,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ShareOf {
    /// By its key, as in `unit_scale(amount)`.
    Suspect {
        key: String,
    },
    Column {
        name: String,
    },
}

/// One step on the way from the performance before to the performance after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step<'a> {
    pub of: StepOf<'a>,
    pub points: Points,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StepOf<'a> {
    Suspect(&'a Suspect),
    /// A mechanism, or what is left of it after its suspects.
    Part(&'a Part, Rest),
    Unexplained,
}

/// Whether a step is all of its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    Whole,
    AfterSuspects,
}

impl Fall {
    /// Whether the parts are known.
    pub fn is_split(&self) -> bool {
        self.refusals.is_empty() && self.fall.is_some()
    }

    /// The steps from before to after, in the order in which they are shown; what is not explained comes last. `suspects` are
    /// those of the diagnosis. Empty where the parts are not known.
    pub fn steps<'a>(&'a self, suspects: &'a [Suspect]) -> Vec<Step<'a>> {
        if !self.is_split() {
            return Vec::new();
        }
        let mut steps: Vec<Step<'a>> = self.parts.iter().flat_map(|part| part.steps(suspects)).collect();
        steps.sort_by(|a, b| b.points.points.total_cmp(&a.points.points));
        steps.extend(self.unexplained.map(|points| Step { of: StepOf::Unexplained, points }));
        steps
    }

    /// What a suspect costs, where it is known.
    pub fn of_suspect(&self, suspect: &Suspect) -> Option<(Mechanism, Points)> {
        let key = suspect.key();
        let shares = self.parts.iter().flat_map(|part| part.by.iter().map(move |share| (part.mechanism, share)));
        let mut of_it = shares.filter(|(_, share)| matches!(&share.of, ShareOf::Suspect { key: of } if *of == key));
        of_it.next().map(|(mechanism, share)| (mechanism, share.points))
    }
}

impl Part {
    /// The suspects it is put down to, and what is left.
    fn steps<'a>(&'a self, suspects: &'a [Suspect]) -> Vec<Step<'a>> {
        let named = self.by.iter().filter_map(|share| {
            let ShareOf::Suspect { key } = &share.of else { return None };
            let suspect = suspects.iter().find(|suspect| suspect.key() == *key)?;
            Some(Step { of: StepOf::Suspect(suspect), points: share.points })
        });
        let mut steps: Vec<Step<'a>> = named.collect();
        let sum: f64 = steps.iter().map(|step| step.points.points).sum();
        let left = self.points.points - sum;
        if steps.is_empty() {
            return vec![Step { of: StepOf::Part(self, Rest::Whole), points: self.points }];
        }
        if left.abs() >= SMALLEST {
            let points = Points { points: left, low: self.points.low - sum, high: self.points.high - sum };
            steps.push(Step { of: StepOf::Part(self, Rest::AfterSuspects), points });
        }
        steps
    }

    /// The columns it is put down to, the largest first.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Points)> {
        self.by.iter().filter_map(|share| match &share.of {
            ShareOf::Column { name } => Some((name.as_str(), share.points)),
            ShareOf::Suspect { .. } => None,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests;
