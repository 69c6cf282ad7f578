//! E1.weak_slice: does the average hide rows on which the model fails?

use super::runs::{self, evaluated, in_words, rows_of};
use crate::detectors::words::{chance, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, SIGNIFICANCE, WEAK_SLICE_ACCURACY, WEAK_SLICE_ACCURACY_POSSIBLE, WEAK_SLICE_ERROR,
    WEAK_SLICE_ERROR_POSSIBLE, WEAK_SLICE_UNPROMISED, WEAK_SLICE_UNPROMISED_POSSIBLE,
};
use domain::evaluation::{EvaluationRun, Slice};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::{Cause, Finding, Item, Verdict};
use stats::distributions::normal_two_sided;

pub static DETECTOR: Detector = Detector {
    id: "E1.weak_slice",
    item: Item::E1,
    title: "Weak slices",
    looks_for: "Groups of rows, by one column or two, on which the model does much worse than on the rest.",
    why_it_matters: "A good average is compatible with a model that fails one region, one product or every new customer, and those are the ones who call.",
    how_it_decides: "Groups of at least 20 rows and 2 % of all, by category or quartile, singly and in pairs, each against the rest, corrected for the whole search (Benjamini-Hochberg). Some rows are harder than others, and a model that knows it says so in its probabilities: where it gives any, only what it falls short of its own promise counts, not mere difficulty. 0.20 less accuracy than on the rest and than promised, both certain (q and p under 0.0001), is a mismatch, 0.10 (under 0.01) possible. Without probabilities difficulty cannot be told from weakness: then 0.25 less, and for numbers twice the error, is possible; 0.40 and three times a mismatch.",
    try_next: "Look at the slice's rows in the evaluation page; check how many of them the model saw in training and whether a feature is broken for them.",
    causes: &[Cause::WeakSlice],
    judge,
};

/// More slices than this say the same again.
const MOST_FINDINGS: usize = 3;

fn judge(measurements: &Measurements) -> Judgement {
    let Some(run) = evaluated(measurements) else { return Judgement::missing(runs::RUN) };
    let mut findings: Vec<Finding> = Vec::new();
    for slice in &run.slices {
        let known = findings.iter().any(|finding| finding.columns.iter().any(|column| slice.columns.contains(column)));
        if !known && findings.len() < MOST_FINDINGS {
            findings.extend(weak(run, slice));
        }
    }
    let summary = format!("Searched {} {} for slices on which the model does worse.", run.n, rows_of(run));
    Judgement::Judged { summary, findings }
}

/// How much worse a slice is, by the measure that applies to it.
struct Weakness {
    name: &'static str,
    value: f64,
    low: f64,
    high: f64,
    /// p or q, whichever is less certain.
    chance: f64,
    possible: f64,
    mismatch: f64,
}

impl Weakness {
    fn of(slice: &Slice) -> Option<Self> {
        if slice.metric == "mae" {
            let over_rest = |error: f64| error / slice.rest_value;
            return (slice.rest_value > 0.0).then(|| Self {
                name: "mae_over_rest",
                value: over_rest(slice.value),
                low: over_rest(slice.low),
                high: over_rest(slice.high),
                chance: slice.q,
                possible: WEAK_SLICE_ERROR_POSSIBLE,
                mismatch: WEAK_SLICE_ERROR,
            });
        }
        let below = |reference: f64| (reference - slice.value, reference - slice.high, reference - slice.low);
        let Some(promised) = slice.promised else {
            let (value, low, high) = below(slice.rest_value);
            let (possible, mismatch) = (WEAK_SLICE_UNPROMISED_POSSIBLE, WEAK_SLICE_UNPROMISED);
            return Some(Self { name: "accuracy_below_rest", value, low, high, chance: slice.q, possible, mismatch });
        };
        let (value, low, high) = below(promised.min(slice.rest_value));
        // The binomial error of the mean promise is the largest that promises of this mean can have.
        let error = (promised * (1.0 - promised) / slice.n as f64).sqrt();
        let p = if error > 0.0 { normal_two_sided((promised - slice.value) / error) } else { 0.0 };
        let (possible, mismatch) = (WEAK_SLICE_ACCURACY_POSSIBLE, WEAK_SLICE_ACCURACY);
        Some(Self { name: "accuracy_below_promise", value, low, high, chance: slice.q.max(p), possible, mismatch })
    }

    fn verdict(&self) -> Option<Verdict> {
        if self.value >= self.mismatch && self.chance < CERTAINTY {
            Some(Verdict::Mismatch)
        } else if self.value >= self.possible && self.chance < SIGNIFICANCE {
            Some(Verdict::Possible)
        } else {
            None
        }
    }
}

fn weak(run: &EvaluationRun, slice: &Slice) -> Option<Finding> {
    let weakness = Weakness::of(slice)?;
    let verdict = weakness.verdict()?;
    let told = |value: f64| if slice.metric == "mae" { number(value) } else { percent(value) };
    let promise = slice.promised.map(|promised| format!(", and its scores promise {}", told(promised)));
    let statement = format!(
        "Where {} ({} of {} {}), {} is {} against {} on the rest{} (q {}).",
        slice.description,
        slice.n,
        run.n,
        rows_of(run),
        in_words(&slice.metric),
        told(slice.value),
        told(slice.rest_value),
        promise.unwrap_or_default(),
        chance(weakness.chance),
    );
    let effect =
        Effect::new(weakness.name, weakness.value, weakness.mismatch).with_interval(weakness.low, weakness.high);
    let columns: Vec<&str> = slice.columns.iter().map(String::as_str).collect();
    let finding = DETECTOR.finding(verdict, &columns, statement, effect, Certainty::q(weakness.chance));
    Some(finding.for_cause(Cause::WeakSlice).with_n(&run.split, run.n).with_n("slice", slice.n))
}

#[cfg(test)]
mod tests {
    use super::super::runs::examples::{Binary, measurements};
    use super::*;

    fn slice(column: &str, value: f64, q: f64) -> Slice {
        Slice {
            description: format!("{column} = x"),
            columns: vec![column.into()],
            n: 200,
            metric: "accuracy".into(),
            value,
            low: value - 0.05,
            high: value + 0.05,
            rest_value: 0.92,
            promised: Some(0.9),
            q,
        }
    }

    #[test]
    fn large_and_certain_is_a_mismatch_and_one_finding_a_column_is_enough() {
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
        let told: Vec<(&str, Verdict)> = findings.iter().map(|one| (one.columns[0].as_str(), one.verdict)).collect();
        assert_eq!(told, [("region", Verdict::Mismatch), ("age", Verdict::Possible)]);
    }

    #[test]
    fn hard_rows_that_the_model_knows_to_be_hard_are_no_weak_slice() {
        let mut run = Binary::default().run("test");
        run.slices = vec![Slice { promised: Some(0.62), ..slice("region", 0.6, 1e-9) }];
        let Judgement::Judged { findings, .. } = judge(&measurements(vec![run])) else {
            unreachable!("there is a run")
        };
        assert!(findings.is_empty(), "{findings:?}");
    }
}
