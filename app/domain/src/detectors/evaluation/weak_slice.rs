//! E1.weak_slice: does the average hide rows on which the model fails?

use super::runs::{self, evaluated, in_words, rows_of};
use crate::detectors::words::{chance, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::evaluation::{EvaluationRun, Slice};
use crate::finding::{Certainty, Effect};
use crate::measurements::Measurements;
use crate::thresholds::{
    CERTAINTY, SIGNIFICANCE, WEAK_SLICE_ACCURACY, WEAK_SLICE_ACCURACY_POSSIBLE, WEAK_SLICE_ERROR,
    WEAK_SLICE_ERROR_POSSIBLE,
};
use crate::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "E1.weak_slice",
    item: Item::E1,
    title: "Weak slices",
    looks_for: "Groups of rows, by one column or two, on which the model does much worse than on the rest.",
    why_it_matters: "A good average is compatible with a model that fails one region, one product or every new customer, and those are the ones who call.",
    how_it_decides: "Groups of at least 20 rows and 2 % of all, by category or quartile, singly and in pairs, each against the rest, corrected for the whole search (Benjamini-Hochberg). Every model is better at some rows than at others, so a mismatch needs 0.25 less accuracy (or 2.5 times the error) with q under 0.001; 0.10 (1.5 times) with q under 0.01 is possible.",
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

fn weak(run: &EvaluationRun, slice: &Slice) -> Option<Finding> {
    let errors_grow = slice.metric == "mae";
    let (name, value, high_band, low_band) = if errors_grow {
        if slice.rest_value <= 0.0 {
            return None;
        }
        ("mae_over_rest", slice.value / slice.rest_value, WEAK_SLICE_ERROR, WEAK_SLICE_ERROR_POSSIBLE)
    } else {
        let gap = slice.rest_value - slice.value;
        ("accuracy_below_rest", gap, WEAK_SLICE_ACCURACY, WEAK_SLICE_ACCURACY_POSSIBLE)
    };
    let verdict = if value >= high_band && slice.q < CERTAINTY {
        Verdict::Mismatch
    } else if value >= low_band && slice.q < SIGNIFICANCE {
        Verdict::Possible
    } else {
        return None;
    };
    let told = |value: f64| if errors_grow { number(value) } else { percent(value) };
    let statement = format!(
        "Where {} ({} of {} {}), {} is {} against {} on the rest (q {}).",
        slice.description,
        slice.n,
        run.n,
        rows_of(run),
        in_words(&slice.metric),
        told(slice.value),
        told(slice.rest_value),
        chance(slice.q),
    );
    let ends = if errors_grow {
        (slice.low / slice.rest_value, slice.high / slice.rest_value)
    } else {
        (slice.rest_value - slice.high, slice.rest_value - slice.low)
    };
    let effect = Effect::new(name, value, high_band).with_interval(ends.0, ends.1);
    let columns: Vec<&str> = slice.columns.iter().map(String::as_str).collect();
    let finding = DETECTOR.finding(verdict, &columns, statement, effect, Certainty::q(slice.q));
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
}
