//! F3.out_of_range: does serving have values outside the training range?

use crate::detectors::affine::spread;
use crate::detectors::rates::chance_of_absence;
use crate::detectors::report::{Bands, strongest_of_each};
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{OUT_OF_RANGE_EXCESS, OUT_OF_RANGE_SHARE, OUT_OF_RANGE_SHARE_POSSIBLE, SMALLEST_SAMPLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::{Edge, EdgePerformance, EdgeRows, Measurements};
use domain::need::{Need, SharedColumns};
use domain::number::percent_of;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::multiple::benjamini_hochberg;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("F3.out_of_range"),
    item: Item::F3,
    title: "Outside the training range",
    looks_for: "Serve rows with numbers below the training minimum or above the training maximum, and the accuracy of the model on these rows.",
    why_it_matters: "For such rows, tree models predict the value of their outermost leaf, and linear models extrapolate. These predictions were never tested.",
    how_it_decides: "At least {OUT_OF_RANGE_SHARE:%} of the serve rows must be outside (possible from {OUT_OF_RANGE_SHARE_POSSIBLE:%}), by more than {OUT_OF_RANGE_EXCESS:%} of the spread of the training values (with {SPREAD_TAIL:%} left out at each end). This must be more than a new sample of the training population would contain: q under {CERTAINTY} ({SIGNIFICANCE} for possible), corrected over both ends of all columns.",
    try_next: "Look at these rows and the predictions for them. If the values are errors, clip or reject them; if they are real, add such rows to the training data.",
    causes: &[Cause::OutOfRange],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let numeric: Vec<&Pair> = features.iter().filter(|pair| pair.numeric().is_some() && !counters(pair)).collect();
    let outside: Vec<Outside> = numeric
        .iter()
        .flat_map(|pair| {
            [Edge::BelowTrainingRange, Edge::AboveTrainingRange].map(|edge| beyond(pair, edge, &measurements.edge_rows))
        })
        .flatten()
        .collect();
    // The correction counts both ends of every column, also those with nothing outside.
    let mut p_values: Vec<f64> = outside.iter().map(|side| side.p).collect();
    p_values.resize(2 * numeric.len(), 1.0);
    let q_values = benjamini_hochberg(&p_values);
    let findings = outside.iter().zip(q_values).filter_map(|(side, q)| side.finding(q)).collect();
    let summary = format!("Compared the ranges of {}.", count(numeric.len() as u64, "number column"));
    sides::judged(measurements, numeric.len(), SharedColumns::NumericFeatures, summary, strongest_of_each(findings))
}

fn counters(pair: &Pair) -> bool {
    pair.numeric().is_some_and(|(train, serve)| {
        sides::is_row_counter(train, pair.train.distinct, pair.train.non_null())
            || sides::is_row_counter(serve, pair.serve.distinct, pair.serve.non_null())
    })
}

/// Serve rows beyond one end of the training range.
struct Outside<'a> {
    pair: Pair<'a>,
    edge: Edge,
    bound: f64,
    extreme: f64,
    rows: u64,
    of: u64,
    /// The share of the serve rows that are outside by more than a trifle.
    share_far: f64,
    p: f64,
    performance: Option<EdgePerformance>,
}

fn beyond<'a>(pair: &Pair<'a>, edge: Edge, measured: &[EdgeRows]) -> Option<Outside<'a>> {
    let (train, serve) = pair.numeric()?;
    let trifle = OUT_OF_RANGE_EXCESS * spread(&train.sorted);
    let sorted = &serve.sorted;
    let below = |bound: f64| sorted.partition_point(|x| *x < bound);
    let above = |bound: f64| sorted.len() - sorted.partition_point(|x| *x <= bound);
    let (bound, extreme, in_sample, far) = match edge {
        Edge::BelowTrainingRange => (train.min, serve.min, below(train.min), below(train.min - trifle)),
        Edge::AboveTrainingRange => (train.max, serve.max, above(train.max), above(train.max + trifle)),
        Edge::UnseenCategory => return None,
    };
    let counted = measured.iter().find(|rows| rows.column == pair.name && rows.edge == edge);
    let (rows, of) =
        counted.map_or((in_sample as u64, serve.sorted.len() as u64), |counted| (counted.rows, counted.serve_rows));
    // Few serve rows are enough where all of them are outside: the test is exact.
    let enough = train.finite as f64 >= SMALLEST_SAMPLE;
    (rows > 0 && enough).then(|| Outside {
        pair: *pair,
        edge,
        bound,
        extreme,
        rows,
        of,
        share_far: far as f64 / sorted.len() as f64,
        p: chance_of_absence(rows, train.finite, of),
        performance: counted.and_then(|counted| counted.performance),
    })
}

impl Outside<'_> {
    fn finding(&self, q: f64) -> Option<Finding> {
        let share = self.rows as f64 / self.of as f64;
        let verdict =
            Bands { possible: OUT_OF_RANGE_SHARE_POSSIBLE, mismatch: OUT_OF_RANGE_SHARE }.verdict(self.share_far, q);
        let (side, end) =
            if self.edge == Edge::BelowTrainingRange { ("below", "minimum") } else { ("above", "maximum") };
        let statement = format!(
            "{} is {side} the training {end} ({}) in {} of serve rows.",
            name(self.pair.name),
            number(self.bound),
            percent(share),
        );
        (verdict > Verdict::Clear).then(|| {
            let effect = Effect::new("out_of_range_share", self.share_far, OUT_OF_RANGE_SHARE);
            let finding = DETECTOR.finding(verdict, &[self.pair.name], statement, effect, Certainty::q(q));
            let finding = finding
                .with_evidence("rows outside", domain::number::count(self.rows))
                .with_evidence("most extreme value", number(self.extreme));
            let finding = self.performance.iter().fold(finding, with_performance);
            self.pair.sized(finding).for_cause(Cause::OutOfRange)
        })
    }
}

/// Adds the accuracy of the model on the edge rows and on the others.
pub fn with_performance(finding: Finding, performance: &EdgePerformance) -> Finding {
    let edge = percent_of(performance.edge_correct, performance.edge_rows);
    let rest = percent_of(performance.rest_correct, performance.rest_rows);
    match performance.rest_rows {
        0 => finding.with_evidence("accuracy on these rows", edge),
        _ => finding.with_evidence("accuracy on these rows, on the others", format!("{edge}, {rest}")),
    }
}
