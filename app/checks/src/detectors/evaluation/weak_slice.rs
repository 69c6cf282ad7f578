//! E1.weak_slice: does the average hide groups of rows on which the model fails?

use super::runs::{capitalised, counted_rows, evaluated, in_words};
use crate::detectors::words::{number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{SIGNIFICANCE, WEAK_SLICE_ACCURACY, WEAK_SLICE_ERROR, WEAK_SLICE_UNPROMISED};
use domain::DetectorId;
use domain::evaluation::{EvaluationRun, Slice, SliceMetric};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Run;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::distributions::normal_two_sided;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("E1.weak_slice"),
    item: Item::E1,
    title: "Weak slices",
    looks_for: "Groups of rows, by one column or two, on which the model performs much worse than on the other rows.",
    why_it_matters: "A model with a good average can fail for one region, one product or all new customers, and these are the users who complain.",
    how_it_decides: "Compares groups of at least {WEAK_SLICE_ROWS} rows and {WEAK_SLICE_SHARE:%} of all rows, by category or quartile, alone and in pairs, with the other rows (q corrected over the whole search by Benjamini-Hochberg). Some rows are harder than others, and a good model shows this in its probabilities. With probabilities, a group counts only if its accuracy is below that of the other rows and below the accuracy that the probabilities predict. Reported: {WEAK_SLICE_ACCURACY} below both, with q under {SIGNIFICANCE}. Without probabilities, a hard group looks like a weak one, so the limit is higher: {WEAK_SLICE_UNPROMISED}. In regression: an error of {WEAK_SLICE_ERROR} times that of the other rows. Every model has slices that are harder than others, so this is possible at most, and a standing weakness: it was there before.",
    try_next: "Look at the rows of the slice on the evaluation page. Check how many such rows are in training, and whether a feature is broken for them.",
    causes: &[Cause::WeakSlice],
    tasks: Task::ALL,
    judge,
};

/// More slices than this repeat the same information.
const MOST_FINDINGS: usize = 3;

fn judge(measurements: &Measurements) -> Judgement {
    let Some(run) = evaluated(measurements) else { return Judgement::missing(Run::any()) };
    let mut findings: Vec<Finding> = Vec::new();
    for slice in &run.slices {
        let known = findings.iter().any(|finding| finding.columns.iter().any(|column| slice.columns.contains(column)));
        if !known && findings.len() < MOST_FINDINGS {
            findings.extend(weak(run, slice));
        }
    }
    let summary = format!("Searched {} for slices on which the model performs worse.", counted_rows(run));
    Judgement::Judged { summary, findings }
}

/// How much worse a slice is, by the measure that applies to it.
struct Weakness {
    name: &'static str,
    value: f64,
    low: f64,
    high: f64,
    /// p or q, whichever is larger.
    chance: f64,
    limit: f64,
}

impl Weakness {
    fn of(slice: &Slice) -> Option<Self> {
        match slice.metric {
            SliceMetric::Accuracy => Some(Self::of_accuracy(slice)),
            SliceMetric::Mae => Self::of_error(slice),
        }
    }

    /// `None` where the error of the other rows is zero.
    fn of_error(slice: &Slice) -> Option<Self> {
        let over_rest = |error: f64| error / slice.rest_value;
        (slice.rest_value > 0.0).then(|| Self {
            name: "mae_over_rest",
            value: over_rest(slice.value),
            low: over_rest(slice.low),
            high: over_rest(slice.high),
            chance: slice.q,
            limit: WEAK_SLICE_ERROR,
        })
    }

    fn of_accuracy(slice: &Slice) -> Self {
        let below = |reference: f64| (reference - slice.value, reference - slice.high, reference - slice.low);
        let Some(promised) = slice.promised else {
            let (value, low, high) = below(slice.rest_value);
            return Self {
                name: "accuracy_below_rest",
                value,
                low,
                high,
                chance: slice.q,
                limit: WEAK_SLICE_UNPROMISED,
            };
        };
        let (value, low, high) = below(promised.min(slice.rest_value));
        // The binomial error of the mean predicted accuracy is the largest possible for this mean.
        let error = (promised * (1.0 - promised) / slice.n as f64).sqrt();
        let p = if error > 0.0 { normal_two_sided((promised - slice.value) / error) } else { 0.0 };
        Self { name: "accuracy_below_promise", value, low, high, chance: slice.q.max(p), limit: WEAK_SLICE_ACCURACY }
    }

    fn is_certain(&self) -> bool {
        self.value >= self.limit && self.chance < SIGNIFICANCE
    }
}

fn weak(run: &EvaluationRun, slice: &Slice) -> Option<Finding> {
    let weakness = Weakness::of(slice).filter(Weakness::is_certain)?;
    let shown = |value: f64| match slice.metric {
        SliceMetric::Accuracy => percent(value),
        SliceMetric::Mae => number(value),
    };
    let statement = format!(
        "{} is {} where {}, but {} on the other rows.",
        capitalised(&in_words(slice.metric.id())),
        shown(slice.value),
        slice.description,
        shown(slice.rest_value),
    );
    let effect = Effect::new(weakness.name, weakness.value, weakness.limit).with_interval(weakness.low, weakness.high);
    let columns: Vec<&str> = slice.columns.iter().map(String::as_str).collect();
    let finding = DETECTOR.finding(Verdict::Possible, &columns, statement, effect, Certainty::q(weakness.chance));
    let rows = format!("{} of {}", domain::number::count(slice.n), counted_rows(run));
    let finding =
        finding.for_cause(Cause::WeakSlice).as_standing().with_n(run.split.word(), run.n).with_n("slice", slice.n);
    let finding = finding.with_evidence("rows in the slice", rows);
    Some(match slice.promised {
        Some(promised) => finding.with_evidence("accuracy that the scores predict for the slice", shown(promised)),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::super::runs::examples::{Binary, measurements};
    use super::*;

    fn slice(column: &str, value: f64, q: f64) -> Slice {
        Slice {
            description: format!("{column} = x"),
            columns: vec![column.into()],
            conditions: Vec::new(),
            n: 200,
            metric: SliceMetric::Accuracy,
            value,
            low: value - 0.05,
            high: value + 0.05,
            rest_value: 0.92,
            promised: Some(0.9),
            q,
        }
    }

    #[test]
    fn large_and_certain_is_reported_and_one_finding_a_column_is_enough() {
        let mut run = Binary::default().run("test");
        run.slices = vec![
            slice("region", 0.5, 1e-9),
            slice("region", 0.6, 1e-9),
            slice("age", 0.79, 1e-9),
            slice("sex", 0.9, 1e-9),
        ];
        let Judgement::Judged { findings, .. } = judge(&measurements(vec![run])) else {
            unreachable!("there is a run")
        };
        let found: Vec<(&str, Verdict)> = findings.iter().map(|one| (one.columns[0].as_str(), one.verdict)).collect();
        assert_eq!(found, [("region", Verdict::Possible), ("age", Verdict::Possible)]);
    }

    #[test]
    fn hard_rows_with_low_scores_are_not_a_weak_slice() {
        let mut run = Binary::default().run("test");
        run.slices = vec![Slice { promised: Some(0.62), ..slice("region", 0.6, 1e-9) }];
        let Judgement::Judged { findings, .. } = judge(&measurements(vec![run])) else {
            unreachable!("there is a run")
        };
        assert!(findings.is_empty(), "{findings:?}");
    }
}
