//! F3.out_of_range: does serving go beyond what training saw?

use crate::detectors::rates::chance_of_absence;
use crate::detectors::report::{Bands, strongest_of_each};
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{chance, count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{OUT_OF_RANGE_SHARE, OUT_OF_RANGE_SHARE_POSSIBLE, SMALLEST_SAMPLE};
use domain::finding::{Certainty, Effect};
use domain::measurements::{Edge, EdgePerformance, EdgeRows, Measurements};
use domain::{Cause, Finding, Item, Verdict};
use stats::multiple::benjamini_hochberg;

pub static DETECTOR: Detector = Detector {
    id: "F3.out_of_range",
    item: Item::F3,
    title: "Outside the training range",
    looks_for: "Serve rows with numbers below the smallest or above the largest that training saw, and how the model does on them.",
    why_it_matters: "Trees answer such rows with their outermost leaf, linear models with whatever the line says. Either way nobody tested the answer.",
    how_it_decides: "At least 1 % of the serve rows outside (0.2 % is possible), and more than a new sample of the same rows would bring: each new row is as likely the extreme as any old one.",
    try_next: "Look at these rows and how the model does on them; bound or refuse such inputs if they are errors, or add such rows to training if they are real.",
    causes: &[Cause::OutOfRange],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
    };
    let numeric: Vec<&Pair> = features.iter().filter(|pair| pair.numeric().is_some() && !counters(pair)).collect();
    let outside: Vec<Outside> = numeric
        .iter()
        .flat_map(|pair| {
            [Edge::BelowTrainingRange, Edge::AboveTrainingRange].map(|edge| beyond(pair, edge, &measurements.edge_rows))
        })
        .flatten()
        .collect();
    // Both ends of every column were looked at, also those with nothing outside.
    let mut p_values: Vec<f64> = outside.iter().map(|side| side.p).collect();
    p_values.resize(2 * numeric.len(), 1.0);
    let q_values = benjamini_hochberg(&p_values);
    let findings = outside.iter().zip(q_values).filter_map(|(side, q)| side.finding(q)).collect();
    let summary = format!("Compared the ranges of {}.", count(numeric.len() as u64, "number column"));
    Judgement::Judged { summary, findings: strongest_of_each(findings) }
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
    p: f64,
    performance: Option<EdgePerformance>,
}

fn beyond<'a>(pair: &Pair<'a>, edge: Edge, measured: &[EdgeRows]) -> Option<Outside<'a>> {
    let (train, serve) = pair.numeric()?;
    let (bound, extreme, in_sample) = match edge {
        Edge::BelowTrainingRange => (train.min, serve.min, serve.sorted.partition_point(|x| *x < train.min)),
        Edge::AboveTrainingRange => {
            (train.max, serve.max, serve.sorted.len() - serve.sorted.partition_point(|x| *x <= train.max))
        }
        Edge::UnseenCategory => return None,
    };
    let counted = measured.iter().find(|rows| rows.column == pair.name && rows.edge == edge);
    let (rows, of) =
        counted.map_or((in_sample as u64, serve.sorted.len() as u64), |counted| (counted.rows, counted.serve_rows));
    let enough = train.finite as f64 >= SMALLEST_SAMPLE && of as f64 >= SMALLEST_SAMPLE;
    (rows > 0 && enough).then(|| Outside {
        pair: *pair,
        edge,
        bound,
        extreme,
        rows,
        of,
        p: chance_of_absence(rows, train.finite, of),
        performance: counted.and_then(|counted| counted.performance),
    })
}

impl Outside<'_> {
    fn finding(&self, q: f64) -> Option<Finding> {
        let share = self.rows as f64 / self.of as f64;
        let verdict = Bands { possible: OUT_OF_RANGE_SHARE_POSSIBLE, mismatch: OUT_OF_RANGE_SHARE }.verdict(share, q);
        let (side, end) =
            if self.edge == Edge::BelowTrainingRange { ("below", "smallest") } else { ("above", "largest") };
        let statement = format!(
            "{} is {side} the {end} training value ({}) in {} of serve rows; the most extreme is {} (q {}).{}",
            name(self.pair.name),
            number(self.bound),
            percent(share),
            number(self.extreme),
            chance(q),
            self.performance.map_or_else(String::new, |performance| format!(" {}", performance_in_words(&performance))),
        );
        (verdict > Verdict::Clear).then(|| {
            let effect = Effect::new("out_of_range_share", share, OUT_OF_RANGE_SHARE);
            let finding = DETECTOR.finding(verdict, &[self.pair.name], statement, effect, Certainty::q(q));
            let finding = finding.with_evidence("rows outside", self.rows.to_string());
            self.pair.sized(finding).for_cause(Cause::OutOfRange)
        })
    }
}

/// How the model does on the edge rows against the others.
pub fn performance_in_words(performance: &EdgePerformance) -> String {
    let share = |correct: u64, rows: u64| percent(correct as f64 / rows.max(1) as f64);
    format!(
        "The model is right on {} of these rows against {} of the others.",
        share(performance.edge_correct, performance.edge_rows),
        share(performance.rest_correct, performance.rest_rows),
    )
}
