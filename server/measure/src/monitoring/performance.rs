//! The model's performance along the time of the served rows: measured where there are labels, and estimated from
//! calibrated scores of two classes (`expected_loss` estimates it for other tasks).

use std::collections::BTreeMap;

use domain::measurements::performance::{Chunk, Figure, FigureOverTime, PerformanceOverTime};
use domain::{Roles, SnapshotRole};
use polars::prelude::Series;
use stats::isotonic::Isotonic;
use stats::quantiles::{mean, standard_deviation};
use stats::ranking::Ranked;
use stats::shift::Point;

use crate::evaluation::run::{Answers, Classes, usual_threshold};
use crate::inputs::MeasureInputs;
use crate::monitoring::time_windows::InOrder;
use crate::sample::Sample;
use crate::values::{numbers, words};

/// Stretches of the served rows at most, and the rows of one at least.
const MOST_CHUNKS: usize = 20;
const FEWEST_ROWS: usize = 60;
/// Fewer stretches have no course.
const FEWEST_CHUNKS: usize = 3;
/// Rows with labels and scores that a calibration is learnt from.
const CALIBRATION_ROWS: usize = 200;

/// Times (0 where there are none) and row numbers, in order.
type Rows = Vec<(i64, usize)>;

/// What people say about the model.
#[derive(Debug, Clone, Copy, Default)]
struct Stated<'a> {
    threshold: Option<f64>,
    positive: Option<&'a str>,
}

/// `None` without served rows that have times.
pub fn performance(inputs: &MeasureInputs<'_>, roles: &Roles) -> Option<PerformanceOverTime> {
    let serve = &inputs.profiled(SnapshotRole::Serve)?.sample;
    let order = InOrder::of(serve.column(roles.time()?)?)?.0;
    let before = [SnapshotRole::Test, SnapshotRole::Validation, SnapshotRole::Train].into_iter().find_map(|role| {
        let sample = &inputs.profiled(role)?.sample;
        Some((role, Answers::find(&sample.frame, roles, inputs.positive)?, rows_of(sample, roles)))
    });
    let mut found = PerformanceOverTime::default();
    let stated = Stated { threshold: inputs.threshold, positive: inputs.positive };
    measured(&mut found, serve, roles, &order, before.as_ref(), stated);
    if let Some((_, Answers::Classes(classes), rows)) = &before {
        estimated(&mut found, serve, roles, &order, (classes, rows), inputs.threshold);
    }
    if !found.measured.is_empty() || !found.estimated.is_empty() {
        found.reference = before.map(|(role, _, _)| role);
    }
    Some(found)
}

/// In the order of time, or of the file where there are no times.
pub(super) fn rows_of(sample: &Sample, roles: &Roles) -> Rows {
    let times = roles.time().and_then(|time| InOrder::of(sample.column(time)?));
    times.map_or_else(|| (0..sample.rows as usize).map(|row| (0, row)).collect(), |times| times.0)
}

/// How many rows a stretch has; `None` where there are too few for a course.
pub(super) fn stretch_rows(rows: usize) -> Option<usize> {
    let stretches = (rows / FEWEST_ROWS).min(MOST_CHUNKS);
    (stretches >= FEWEST_CHUNKS).then(|| rows / stretches)
}

/// Cuts rows into stretches of about `size` rows (at most 20) and leaves out those without a figure.
pub(super) fn chunks(rows: &[(i64, usize)], size: usize, figure: impl Fn(&[usize]) -> Option<Point>) -> Vec<Chunk> {
    let count = (rows.len() / size.max(1)).min(MOST_CHUNKS);
    (0..count)
        .filter_map(|place| {
            let part = &rows[place * rows.len() / count..(place + 1) * rows.len() / count];
            let numbers: Vec<usize> = part.iter().map(|(_, row)| *row).collect();
            let point = figure(&numbers).filter(|point| point.value.is_finite())?;
            let point = Point { error: if point.error.is_finite() { point.error } else { 0.0 }, ..point };
            Some(Chunk { from_ms: part.first()?.0, to_ms: part.last()?.0, rows: part.len() as u64, point })
        })
        .collect()
}

pub(super) fn over_time(figure: Figure, served: Vec<Chunk>, reference: Vec<Chunk>) -> Option<FigureOverTime> {
    (served.len() >= FEWEST_CHUNKS).then_some(FigureOverTime { figure, reference, served })
}

fn measured(
    found: &mut PerformanceOverTime,
    serve: &Sample,
    roles: &Roles,
    order: &[(i64, usize)],
    before: Option<&(SnapshotRole, Answers, Rows)>,
    stated: Stated<'_>,
) {
    let positive = before.and_then(|(_, answers, _)| answers.positive()).or(stated.positive);
    match (Answers::find(&serve.frame, roles, positive), before) {
        (Some(Answers::Numbers { truth, predicted }), before) => {
            let error = |truth: &[Option<f64>], predicted: &[Option<f64>], row: usize| {
                truth[row].zip(predicted[row]).map(|(t, p)| (t - p).abs()).filter(|error| error.is_finite())
            };
            let rows: Rows =
                order.iter().copied().filter(|(_, row)| error(&truth, &predicted, *row).is_some()).collect();
            found.labelled_rows = rows.len() as u64;
            let Some(size) = stretch_rows(rows.len()) else { return };
            let served =
                chunks(&rows, size, |rows| mean_point(rows.iter().filter_map(|r| error(&truth, &predicted, *r))));
            let reference = match before {
                Some((_, Answers::Numbers { truth, predicted }, rows)) => {
                    chunks(rows, size, |rows| mean_point(rows.iter().filter_map(|r| error(truth, predicted, *r))))
                }
                _ => Vec::new(),
            };
            found.measured.extend(over_time(Figure::MeanAbsoluteError, served, reference));
        }
        (Some(Answers::Classes(classes)), before) => {
            let earlier = match before {
                Some((_, Answers::Classes(earlier), rows)) => Some((earlier, rows)),
                _ => None,
            };
            measured_classes(found, &classes, order, earlier, stated.threshold);
        }
        (None, _) => {}
    }
}

fn measured_classes(
    found: &mut PerformanceOverTime,
    classes: &Classes,
    order: &[(i64, usize)],
    before: Option<(&Classes, &Rows)>,
    threshold: Option<f64>,
) {
    let complete = |classes: &Classes, rows: &[(i64, usize)]| -> Rows {
        rows.iter().copied().filter(|(_, row)| classes.is_complete(*row)).collect()
    };
    let rows = complete(classes, order);
    let earlier = before.map(|(classes, rows)| (classes, complete(classes, rows)));
    found.labelled_rows = rows.len() as u64;
    let Some(size) = stretch_rows(rows.len()) else { return };
    let shares = match &earlier {
        Some((classes, rows)) => class_shares(classes, rows),
        None => class_shares(classes, &rows),
    };
    let accuracy = |classes: &Classes, rows: &[(i64, usize)]| {
        let answers = answers(classes, threshold);
        chunks(rows, size, |rows| weighted_accuracy(classes, &answers, rows, &shares))
    };
    let reference = earlier.as_ref().map(|(classes, rows)| accuracy(classes, rows)).unwrap_or_default();
    found.measured.extend(over_time(Figure::Accuracy, accuracy(classes, &rows), reference));
    let area = |classes: &Classes, rows: &[(i64, usize)]| chunks(rows, size, |rows| roc_auc(classes, rows));
    let reference = earlier.as_ref().map(|(classes, rows)| area(classes, rows)).unwrap_or_default();
    found.measured.extend(over_time(Figure::RocAuc, area(classes, &rows), reference));
}

/// The class each row is taken for.
pub(crate) fn answers(classes: &Classes, threshold: Option<f64>) -> Vec<Option<u32>> {
    if let Some(predicted) = &classes.predicted {
        return predicted.clone();
    }
    if let (Some(scores), Some(positive)) = (&classes.score, classes.positive) {
        let cut = threshold.unwrap_or_else(|| usual_threshold(&scores.iter().flatten().copied().collect::<Vec<_>>()));
        let class = |yes: bool| if yes { positive as u32 } else { 1 - positive.min(1) as u32 };
        return scores.iter().map(|score| score.map(|score| class(score >= cut))).collect();
    }
    let rows = classes.truth.len();
    let top = |row: usize| {
        let of_row = classes.probabilities.iter().map(|column| column[row]).enumerate();
        let best = of_row.filter_map(|(class, p)| Some((class as u32, p?))).max_by(|a, b| a.1.total_cmp(&b.1));
        best.map(|(class, _)| class)
    };
    (0..rows).map(top).collect()
}

/// The share of each class, by its name.
fn class_shares(classes: &Classes, rows: &[(i64, usize)]) -> BTreeMap<String, f64> {
    let mut shares: BTreeMap<String, f64> = BTreeMap::new();
    for (_, row) in rows {
        if let Some(class) = classes.truth[*row] {
            *shares.entry(classes.names[class as usize].clone()).or_default() += 1.0 / rows.len() as f64;
        }
    }
    shares
}

/// The recall of each class, weighted with the class's share from before (post-stratification): under a mere change of the
/// shares it stays what it was. Classes without rows are left out.
fn weighted_accuracy(
    classes: &Classes,
    answers: &[Option<u32>],
    rows: &[usize],
    shares: &BTreeMap<String, f64>,
) -> Option<Point> {
    let mut counts = vec![(0.0, 0.0); classes.names.len()];
    for row in rows {
        let Some(truth) = classes.truth[*row] else { continue };
        let count = &mut counts[truth as usize];
        count.0 += f64::from(u8::from(answers[*row] == Some(truth)));
        count.1 += 1.0;
    }
    let (mut sum, mut variance, mut weights) = (0.0, 0.0, 0.0);
    for (class, (right, n)) in counts.into_iter().enumerate().filter(|(_, (_, n))| *n > 0.0) {
        let weight = shares.get(&classes.names[class]).copied().unwrap_or(0.0);
        let recall = right / n;
        // A recall of 0 or 1 of a few rows is not known without error (Agresti and Coull 1998).
        let smoothed = (right + 2.0) / (n + 4.0);
        sum += weight * recall;
        variance += weight * weight * smoothed * (1.0 - smoothed) / n;
        weights += weight;
    }
    (weights > 0.0).then(|| Point { value: sum / weights, error: variance.sqrt() / weights })
}

fn roc_auc(classes: &Classes, rows: &[usize]) -> Option<Point> {
    let (scores, positive) = (classes.score.as_ref()?, classes.positive? as u32);
    let (scores, hits): (Vec<f64>, Vec<bool>) =
        rows.iter().filter_map(|row| Some((scores[*row]?, classes.truth[*row]? == positive))).unzip();
    let ranked = Ranked::new(&scores, &hits);
    ranked.has_both_classes().then(|| Point { value: ranked.roc_auc(), error: ranked.roc_auc_standard_error() })
}

fn mean_point(values: impl Iterator<Item = f64>) -> Option<Point> {
    let values: Vec<f64> = values.collect();
    let error = standard_deviation(&values) / (values.len() as f64).sqrt();
    (values.len() > 1).then(|| Point { value: mean(&values), error })
}

/// Confidence-based performance estimation: the confusion matrix to expect, summed from calibrated scores.
fn estimated(
    found: &mut PerformanceOverTime,
    serve: &Sample,
    roles: &Roles,
    order: &[(i64, usize)],
    (classes, before): (&Classes, &Rows),
    threshold: Option<f64>,
) {
    let (Some(positive), Some(earlier)) = (classes.positive, &classes.score) else { return };
    let Some(scores) = roles.score().and_then(|name| numbers(serve.column(name)?)) else { return };
    let known: Rows = before.iter().copied().filter(|(_, row)| classes.is_complete(*row)).collect();
    let (learnt, hits): (Vec<f64>, Vec<bool>) =
        known.iter().filter_map(|(_, row)| Some((earlier[*row]?, classes.truth[*row]? == positive as u32))).unzip();
    let both = hits.iter().any(|hit| *hit) && !hits.iter().all(|hit| *hit);
    let Some(calibration) = Isotonic::fit(&learnt, &hits).filter(|_| both && learnt.len() >= CALIBRATION_ROWS) else {
        return;
    };
    let rows: Rows = order.iter().copied().filter(|(_, row)| scores[*row].is_some_and(f64::is_finite)).collect();
    found.scored_rows = rows.len() as u64;
    let Some(size) = stretch_rows(rows.len()) else { return };
    let cut = threshold.unwrap_or_else(|| usual_threshold(&learnt));
    let given = answers(classes, threshold);
    let of_reference = Scored {
        scores: earlier,
        yes: given.iter().map(|answer| answer.map(|answer| answer == positive as u32)).collect(),
        calibration: &calibration,
    };
    let name = &classes.names[positive];
    let given = roles.prediction().and_then(|column| said_yes(serve.column(column)?, &classes.names, name));
    let of_serve = Scored {
        yes: given.unwrap_or_else(|| scores.iter().map(|score| score.map(|score| score >= cut)).collect()),
        scores: &scores,
        calibration: &calibration,
    };
    let served = chunks(&rows, size, |rows| of_serve.accuracy(rows));
    let reference = chunks(&known, size, |rows| of_reference.accuracy(rows));
    found.estimated.extend(over_time(Figure::Accuracy, served, reference));
    let served = chunks(&rows, size, |rows| of_serve.roc_auc(rows));
    let reference = chunks(&known, size, |rows| of_reference.roc_auc(rows));
    found.estimated.extend(over_time(Figure::RocAuc, served, reference));
}

/// Whether each answer is the positive class; `None` for a column that holds other words than the classes' names.
fn said_yes(column: &Series, names: &[String], positive: &String) -> Option<Vec<Option<bool>>> {
    let words = words(column)?;
    let known = words.iter().flatten().all(|word| names.contains(word));
    known.then(|| words.into_iter().map(|word| word.map(|word| word == *positive)).collect())
}

struct Scored<'a> {
    scores: &'a [Option<f64>],
    yes: Vec<Option<bool>>,
    calibration: &'a Isotonic,
}

impl Scored<'_> {
    /// A row answered yes is right with its calibrated score, any other with what that leaves. The error is that of an
    /// accuracy measured on as many rows.
    fn accuracy(&self, rows: &[usize]) -> Option<Point> {
        let right = rows.iter().filter_map(|row| {
            let yes = self.calibration.at(self.scores[*row]?);
            Some(if self.yes[*row]? { yes } else { 1.0 - yes })
        });
        let right: Vec<f64> = right.collect();
        let value = mean(&right);
        (!right.is_empty()).then(|| Point { value, error: (value * (1.0 - value) / right.len() as f64).sqrt() })
    }

    /// The area under the curve of expected rates. The error is that of an area measured on as many rows (Hanley and
    /// McNeil 1982).
    fn roc_auc(&self, rows: &[usize]) -> Option<Point> {
        let mut scored: Vec<(f64, f64)> =
            rows.iter().filter_map(|row| self.scores[*row].map(|score| (score, self.calibration.at(score)))).collect();
        scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let (mut positives, mut negatives, mut twice) = (0.0, 0.0, 0.0);
        for equal in scored.chunk_by(|a, b| a.0 == b.0) {
            let hits: f64 = equal.iter().map(|row| row.1).sum();
            let misses = equal.len() as f64 - hits;
            twice += misses * (2.0 * positives + hits);
            positives += hits;
            negatives += misses;
        }
        let area = twice / 2.0 / (positives * negatives);
        let (q1, q2) = (area / (2.0 - area), 2.0 * area * area / (1.0 + area));
        let variance = area * (1.0 - area)
            + (positives - 1.0).max(0.0) * (q1 - area * area)
            + (negatives - 1.0).max(0.0) * (q2 - area * area);
        let error = (variance.max(0.0) / (positives * negatives)).sqrt();
        area.is_finite().then_some(Point { value: area, error })
    }
}

#[cfg(test)]
mod tests;
