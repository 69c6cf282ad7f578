//! Do labels contradict what is plain from the features? Figures from out-of-fold class probabilities.

use serde::{Deserialize, Serialize};

use super::intervals::Share;
use super::quantiles::quantile;

/// How labels agree with what the features say about them, by a classifier that has not seen the row
/// (out-of-fold gradient boosting, see `crate::boosted_trees`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelTrust {
    pub rows: u64,
    /// Rows whose label is not the predicted class.
    pub wrong: u64,
    /// Share of the rows about which the classifier is nearly as sure as it ever is about their class.
    pub decided: f64,
    /// The classes it predicts, most frequent first.
    pub classes: Vec<ClassTrust>,
}

/// The rows predicted to be of one class, in order of confidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassTrust {
    pub class: String,
    pub predicted: u64,
    /// The third quartile of the confidence of these rows.
    pub confidence: f64,
    /// Rows with another label, in the most confident quarter of them,
    pub first_quarter: Share,
    /// in the next quarter,
    pub second_quarter: Share,
    /// and in the other half.
    pub rest: Share,
}

/// A classifier learnt from the train rows, asked about rows it has not seen on either side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelationChange {
    pub train_rows: u64,
    pub serve_rows: u64,
    pub classes: Vec<ClassRelation>,
}

/// The confident half of the rows predicted to be of one class: how many have another label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassRelation {
    pub class: String,
    /// Share of all rows predicted to be of this class.
    pub predicted_train: Share,
    pub predicted_serve: Share,
    pub contradicted_train: Share,
    pub contradicted_serve: Share,
}

/// Rows by their label and by the class that their probabilities are confident of .
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfidentJoint {
    /// Per class, the mean probability of the class over the rows labelled with it.
    pub thresholds: Vec<f64>,
    /// `counts[label][class]`.
    pub counts: Vec<Vec<u64>>,
    /// The share of the labels that are wrong, as estimated from the counts.
    pub wrong: f64,
}

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

/// The confident joint of given labels and latent true ones (Northcutt, Jiang and Chuang, "Confident learning: estimating
/// uncertainty in dataset labels", JAIR 2021). The threshold of a class is the mean probability of the class over the rows
/// labelled with it; a row counts for the most probable class whose threshold it reaches. The counts of each label are
/// then scaled to the number of rows with that label. Probabilities must be out of sample. Every class must have rows.
pub fn confident_joint(probabilities: &ClassProbabilities<'_>) -> ConfidentJoint {
    let classes = probabilities.classes.len();
    let mut labelled = vec![0_u64; classes];
    let mut sums = vec![0.0; classes];
    for (row, label) in probabilities.labels.iter().enumerate() {
        labelled[*label as usize] += 1;
        sums[*label as usize] += probabilities.of[*label as usize][row];
    }
    let thresholds: Vec<f64> = sums.iter().zip(&labelled).map(|(sum, rows)| sum / *rows as f64).collect();
    let mut counts = vec![vec![0_u64; classes]; classes];
    for (row, label) in probabilities.labels.iter().enumerate() {
        let of_class = |class: usize| probabilities.of[class][row];
        let confident = (0..classes).filter(|class| of_class(*class) >= thresholds[*class]);
        // Of equally probable classes the first, as numpy's argmax has it.
        if let Some(latent) = confident.max_by(|a, b| of_class(*a).total_cmp(&of_class(*b)).then(b.cmp(a))) {
            counts[*label as usize][latent] += 1;
        }
    }
    let rows: f64 = probabilities.labels.len() as f64;
    let wrong = counts
        .iter()
        .enumerate()
        .map(|(label, latent)| {
            let confident: u64 = latent.iter().sum();
            let off = confident - latent[label];
            if confident == 0 { 0.0 } else { off as f64 / confident as f64 * labelled[label] as f64 / rows }
        })
        .sum();
    ConfidentJoint { thresholds, counts, wrong }
}

/// The rows in the order in which a person should check their labels: by the normalized margin, the probability of the label
/// minus that of the most probable other class, from the lowest on (Northcutt, Athalye and Mueller, "Pervasive label errors
/// in test sets destabilize machine learning benchmarks", 2021). Of equal margins the earlier row comes first.
pub fn most_doubtful_first(probabilities: &ClassProbabilities<'_>) -> Vec<usize> {
    let margin = |row: usize| {
        let label = probabilities.labels[row] as usize;
        let others = probabilities.of.iter().enumerate().filter(|(class, _)| *class != label);
        probabilities.of[label][row] - others.map(|(_, of)| of[row]).fold(f64::NEG_INFINITY, f64::max)
    };
    let mut rows: Vec<(f64, usize)> = (0..probabilities.labels.len()).map(|row| (margin(row), row)).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    rows.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_checked_in_the_order_of_their_margins_by_hand() {
        // Labels 0, 0, 1, 1 of three classes. Margins: 0.6 - 0.3, 0.2 - 0.5, 0.5 - 0.5, 0.1 - 0.6.
        let of = [vec![0.6, 0.2, 0.5, 0.3], vec![0.3, 0.3, 0.5, 0.1], vec![0.1, 0.5, 0.0, 0.6]];
        let classes = ["a", "b", "c"].map(str::to_owned);
        let given = ClassProbabilities { classes: &classes, of: &of, labels: &[0, 0, 1, 1] };
        assert_eq!(most_doubtful_first(&given), [3, 1, 2, 0]);
        let alike = [vec![0.5; 3], vec![0.5; 3]];
        let given = ClassProbabilities { classes: &classes[..2], of: &alike, labels: &[1, 0, 1] };
        assert_eq!(most_doubtful_first(&given), [0, 1, 2]);
    }

    fn joint(classes: usize, of: &[Vec<f64>], labels: &[u32]) -> ConfidentJoint {
        let classes: Vec<String> = (0..classes).map(|class| class.to_string()).collect();
        confident_joint(&ClassProbabilities { classes: &classes, of, labels })
    }

    #[test]
    fn the_confident_joint_is_the_one_worked_by_hand() {
        // Labels 0 0 0 0 1 1; probabilities of 1: 0.1, 0.2, 0.9, 0.44 and 0.8, 0.7.
        // Thresholds: 0.59 for 0 (mean of 0.9, 0.8, 0.1, 0.56), 0.75 for 1.
        // Rows 1 and 2 are surely 0, rows 3 and 5 surely 1, rows 4 and 6 neither (0.56 < 0.59, 0.7 < 0.75).
        let ones = vec![0.1, 0.2, 0.9, 0.44, 0.8, 0.7];
        let zeros = vec![0.9, 0.8, 0.1, 0.56, 0.2, 0.3];
        let found = joint(2, &[zeros, ones], &[0, 0, 0, 0, 1, 1]);
        assert!((found.thresholds[0] - 0.59).abs() < 1e-12 && (found.thresholds[1] - 0.75).abs() < 1e-12);
        assert_eq!(found.counts, [vec![2, 1], vec![0, 1]]);
        // A third of the four rows labelled 0, of six rows.
        assert!((found.wrong - 2.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn a_row_over_several_thresholds_counts_for_its_most_probable_class() {
        // Thresholds 0.5, 0.3 and 0.6; the last row reaches those of 0 and of 1, and is more probably 0.
        let of = [vec![0.5, 0.4, 0.2, 0.55], vec![0.4, 0.2, 0.2, 0.4], vec![0.1, 0.4, 0.6, 0.05]];
        let found = joint(3, &of, &[0, 1, 2, 1]);
        assert!((found.thresholds[1] - 0.3).abs() < 1e-12);
        assert_eq!(found.counts[1], [1, 0, 0], "{found:?}");
        // All of the two rows labelled 1, of four, by the one row that is confident.
        assert!((found.wrong - 0.5).abs() < 1e-12);
    }

    #[test]
    fn sure_and_right_answers_leave_nothing_off_the_diagonal() {
        let found = joint(2, &[vec![1.0, 0.0], vec![0.0, 1.0]], &[0, 1]);
        assert_eq!((found.counts, found.wrong), (vec![vec![1, 0], vec![0, 1]], 0.0));
    }
}
