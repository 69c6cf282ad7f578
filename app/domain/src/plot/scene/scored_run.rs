//! The part of a binary evaluation run that the threshold explorer works on: small enough to travel with the page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::EvaluationRun;
use crate::evaluation::{ConfusionMatrix, ScoreTable, Split};
use crate::operating_point::OperatingPoint;
use crate::selection::{Condition, Selection, Side, Subject, Test, UpperEnd};
use crate::snapshot::ColumnRole;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoredRun {
    pub name: String,
    pub split: Split,
    pub n: u64,
    /// The negative and the positive class, as in the file.
    pub classes: [String; 2],
    pub scores: ScoreTable,
    /// Thresholds worth a mark: `in_use`, `best_f1`, `youden`.
    pub marks: BTreeMap<String, f64>,
    pub roc_auc: Option<f64>,
    pub average_precision: Option<f64>,
}

impl ScoredRun {
    /// `None` for a run without scores of a positive class.
    pub fn of(run: &EvaluationRun) -> Option<ScoredRun> {
        let scores = run.scores.clone().filter(|scores| !scores.thresholds.is_empty())?;
        let positive = run.positive.clone().unwrap_or_else(|| "positive".to_owned());
        let labels = run.confusion_matrix.iter().flat_map(|matrix| matrix.labels.iter());
        let negative = labels.into_iter().find(|label| **label != positive).cloned();
        let metric = |name: &str| run.metrics.get(name).map(|metric| metric.value).filter(|value| value.is_finite());
        Some(ScoredRun {
            name: run.name.clone(),
            split: run.split.clone(),
            n: run.n,
            classes: [negative.unwrap_or_else(|| format!("not {positive}")), positive],
            scores,
            marks: run
                .thresholds
                .iter()
                .filter(|mark| mark.1.is_finite())
                .map(|(name, at)| (name.clone(), *at))
                .collect(),
            roc_auc: metric("roc_auc"),
            average_precision: metric("average_precision"),
        })
    }

    /// Two rows of each class, for the tests of the charts.
    #[cfg(test)]
    pub fn example() -> ScoredRun {
        ScoredRun {
            name: "preds.csv".to_owned(),
            split: Split::Test,
            n: 4,
            classes: ["no".to_owned(), "yes".to_owned()],
            scores: super::operating::example(),
            marks: BTreeMap::new(),
            roc_auc: Some(0.75),
            average_precision: None,
        }
    }

    /// The threshold shown when the address names none: the one in use, else the best for F1, else the middle.
    pub fn first_threshold(&self) -> f64 {
        let marked = ["in_use", "best_f1", "youden"].into_iter().find_map(|name| self.marks.get(name));
        marked.copied().unwrap_or((self.scores.score_min + self.scores.score_max) / 2.0)
    }

    /// Rows true, columns predicted.
    pub fn matrix(&self, point: &OperatingPoint) -> ConfusionMatrix {
        ConfusionMatrix {
            labels: self.classes.to_vec(),
            counts: vec![
                vec![point.true_negatives, point.false_positives],
                vec![point.false_negatives, point.true_positives],
            ],
        }
    }

    /// The rows of one cell of the matrix at a threshold.
    pub fn cell(&self, threshold: f64, truth: usize, predicted: usize) -> Selection {
        let score = if predicted == 1 {
            Test::Range { from: threshold, to: f64::MAX, upper: UpperEnd::Included }
        } else {
            Test::Range { from: f64::MIN, to: threshold, upper: UpperEnd::Excluded }
        };
        let truth = self.classes.get(truth).cloned().unwrap_or_default();
        Selection {
            side: Side::Run { name: self.name.clone(), split: self.split.clone() },
            conditions: vec![
                Condition { subject: Subject::Role(ColumnRole::Label), test: Test::OneOf(vec![truth]) },
                Condition { subject: Subject::Role(ColumnRole::Score), test: score },
            ],
        }
    }
}

/// The words for a marked threshold.
pub fn mark_words(name: &str) -> &str {
    match name {
        "in_use" => "in use",
        "best_f1" => "best F1",
        "youden" => "Youden",
        other => other,
    }
}
