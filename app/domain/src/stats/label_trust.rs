//! Do labels contradict what is plain from the features? Figures from out-of-fold class probabilities.

use super::intervals::Share;
use super::quantiles::quantile;
use crate::measurements::labels::{ClassRelation, ClassTrust, LabelTrust, RelationChange};

/// Probabilities of each class for each row: `of[class][row]`, and each row's label as a class number.
#[derive(Debug, Clone, Copy)]
pub struct ClassProbabilities<'a> {
    pub classes: &'a [String],
    pub of: &'a [Vec<f64>],
    pub labels: &'a [u32],
}

/// A row as the classifier sees it.
struct Answer {
    confidence: f64,
    contradicted: bool,
}

impl ClassProbabilities<'_> {
    /// The class predicted for a row, and its probability.
    fn predicted(&self, row: usize) -> (usize, f64) {
        let of_class = |class: usize| self.of[class][row];
        let best = (0..self.of.len()).max_by(|a, b| of_class(*a).total_cmp(&of_class(*b))).unwrap_or(0);
        (best, of_class(best))
    }

    /// Per predicted class, its rows from the most to the least confident.
    fn answers(&self) -> Vec<Vec<Answer>> {
        let mut answers: Vec<Vec<Answer>> = self.classes.iter().map(|_| Vec::new()).collect();
        for (row, label) in self.labels.iter().enumerate() {
            let (class, confidence) = self.predicted(row);
            answers[class].push(Answer { confidence, contradicted: *label as usize != class });
        }
        for rows in &mut answers {
            rows.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        }
        answers
    }
}

fn contradicted(rows: &[Answer]) -> Share {
    Share::new(rows.iter().filter(|row| row.contradicted).count() as u64, rows.len() as u64)
}

/// How often labels contradict the classifier where it is most confident, class by class.
///
/// Where a class is merely hard to tell, contradictions thin out as confidence grows. Labels that were mixed up at random
/// are as frequent among the surest rows as among fairly sure ones (the class-conditional noise of Angluin and Laird 1988;
/// Northcutt et al., "Confident learning", 2021).
pub fn label_trust(probabilities: &ClassProbabilities<'_>) -> LabelTrust {
    let answers = probabilities.answers();
    let mut decided = 0;
    let mut classes = Vec::new();
    for (class, rows) in probabilities.classes.iter().zip(&answers).filter(|(_, rows)| !rows.is_empty()) {
        let ascending: Vec<f64> = rows.iter().rev().map(|row| row.confidence).collect();
        let confidence = quantile(&ascending, 0.75);
        // Six tenths of the way from a coin toss to the usual confidence of this class.
        let sure = 0.5 + 0.6 * (confidence - 0.5);
        decided += rows.iter().filter(|row| row.confidence >= sure).count();
        let (quarter, half) = (rows.len() / 4, rows.len() / 2);
        classes.push(ClassTrust {
            class: class.clone(),
            predicted: rows.len() as u64,
            confidence,
            first_quarter: contradicted(&rows[..quarter]),
            second_quarter: contradicted(&rows[quarter..half]),
            rest: contradicted(&rows[half..]),
        });
    }
    classes.sort_by_key(|class| std::cmp::Reverse(class.predicted));
    let rows = probabilities.labels.len() as u64;
    LabelTrust {
        rows,
        wrong: answers.iter().map(|rows| contradicted(rows).hits).sum(),
        decided: decided as f64 / rows.max(1) as f64,
        classes,
    }
}

/// How often labels contradict the confident half of the train rows (out of fold), and the serve rows that a classifier
/// learnt from the train rows is as confident about.
pub fn relation_change(train: &ClassProbabilities<'_>, serve: &ClassProbabilities<'_>) -> RelationChange {
    let (train_rows, serve_rows) = (train.labels.len() as u64, serve.labels.len() as u64);
    let classes = train
        .classes
        .iter()
        .zip(train.answers().iter().zip(&serve.answers()))
        .filter(|(_, (train, _))| !train.is_empty())
        .map(|(class, (train, serve))| {
            let half = &train[..train.len().div_ceil(2)];
            let least = half.last().map_or(1.0, |row| row.confidence);
            let as_confident = &serve[..serve.partition_point(|row| row.confidence >= least)];
            ClassRelation {
                class: class.clone(),
                predicted_train: Share::new(train.len() as u64, train_rows),
                predicted_serve: Share::new(serve.len() as u64, serve_rows),
                contradicted_train: contradicted(half),
                contradicted_serve: contradicted(as_confident),
            }
        })
        .collect();
    RelationChange { train_rows, serve_rows, classes }
}
