//! S1.predictions: does the service return valid predictions?

use crate::detectors::classes::class_counts;
use crate::detectors::rates::RateChange;
use crate::detectors::sides::{self, Pair};
use crate::detectors::spikes;
use crate::detectors::words::{name, names, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    ANSWER_CONSTANT, ANSWER_CONSTANT_RATIO, ANSWER_MISSING, ANSWER_MISSING_POSSIBLE, ANSWER_MISSING_RATIO,
    ANSWER_NEVER_HITS, ANSWER_NEVER_ROWS, ANSWER_OUT_OF_RANGE, CERTAINTY, SIGNIFICANCE, SMALLEST_SAMPLE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Tables;
use domain::profile::{ColumnProfile, Profile};
use domain::snapshot::{ColumnRole, SnapshotRole};
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::{Share, wilson};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("S1.predictions"),
    item: Item::S1,
    title: "Missing, constant and impossible predictions",
    looks_for: "Served predictions or scores that are missing, NaN or infinite; one fallback value for many rows; probabilities outside 0 to 1.",
    why_it_matters: "A service that catches an exception and returns a default value responds with status 200 and looks healthy. Nobody sees that the model did not run.",
    how_it_decides: "Served predictions are compared with those on the training rows, or on validation or test rows where training has none. Missing: at least {ANSWER_MISSING:%} of rows and {ANSWER_MISSING_RATIO} times the share in training, with p under {CERTAINTY}, is a mismatch; from {ANSWER_MISSING_POSSIBLE:%}, with p under {SIGNIFICANCE}, it is possible. Where none of at least {ANSWER_NEVER_ROWS} rows lacked a prediction before, {ANSWER_NEVER_HITS} of them need no p. Constant: a value is a mismatch when at least {ANSWER_CONSTANT:%} of the rows have it, its share is at least {ANSWER_CONSTANT_RATIO} times that in training, and p is under {CERTAINTY}. A column of classes without a score counts only when a single class is left. Out of range: scores outside the range of a probability in at least {ANSWER_OUT_OF_RANGE:%} of rows are a mismatch when all training scores are inside it; fewer are possible. Without predictions to compare with, the check only looks for missing predictions, and it uses the lower end of the Wilson interval of their share.",
    try_next: "Send one of the affected rows to the service and to the model in a notebook. Look for a caught exception in the service's log at that time.",
    causes: &[Cause::NanPredictions, Cause::ConstantPredictions, Cause::ImpossibleValues],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let served = measurements.profile(SnapshotRole::Serve).map(|serve| answers(serve, measurements));
    let Some(served) = served.filter(|served| !served.is_empty()) else {
        return Judgement::missing(
            Tables::all([SnapshotRole::Serve]).with([ColumnRole::Prediction, ColumnRole::Score]),
        );
    };
    let is_score = |role: ColumnRole| matches!(role, ColumnRole::Score | ColumnRole::Probability);
    let scored = served.iter().any(|(column, _)| is_score(measurements.roles.of(&column.name)));
    let findings = served
        .iter()
        .flat_map(|(column, reference)| match reference {
            Some(answer) => against(answer, scored),
            None => alone(column).into_iter().collect(),
        })
        .collect();
    let columns: Vec<&str> = served.iter().map(|(column, _)| column.name.as_str()).collect();
    Judgement::Judged { summary: format!("Checked the served {}.", names(&columns)), findings }
}

/// A served column of predictions, with the same column of rows from before serving.
struct Answer<'a> {
    pair: Pair<'a>,
    /// What these rows are called.
    before: &'static str,
}

/// The served predictions and scores, each with the first of train, validation and test that has the column too.
fn answers<'a>(serve: &'a Profile, measurements: &'a Measurements) -> Vec<(&'a ColumnProfile, Option<Answer<'a>>)> {
    let reference = |serve: &'a ColumnProfile| {
        [SnapshotRole::Train, SnapshotRole::Validation, SnapshotRole::Test].into_iter().find_map(|role| {
            let train = measurements.profile(role)?.column(&serve.name)?;
            let pair = Pair {
                name: &serve.name,
                role: measurements.roles.of(&serve.name),
                train,
                serve,
                comparison: None,
                importance: None,
            };
            (train.non_null() as f64 >= SMALLEST_SAMPLE).then_some(Answer { pair, before: role.id() })
        })
    };
    let is_answer = |column: &&ColumnProfile| {
        let role = measurements.roles.of(&column.name);
        matches!(role, ColumnRole::Prediction | ColumnRole::Score | ColumnRole::Probability)
            && column.rows as f64 >= SMALLEST_SAMPLE
    };
    serve.columns.iter().filter(is_answer).map(|column| (column, reference(column))).collect()
}

/// What is wrong with the predictions, compared with those of earlier rows. `scored`: there are scores next to the
/// predictions.
fn against(answer: &Answer, scored: bool) -> Vec<Finding> {
    let of_role = match answer.pair.role {
        ColumnRole::Score | ColumnRole::Probability => out_of_range(answer),
        _ if scored => None,
        _ => one_class(answer),
    };
    [absent(answer), fallback(answer), of_role].into_iter().flatten().collect()
}

/// Without earlier predictions only missing ones can be detected: no model should return them.
fn alone(column: &ColumnProfile) -> Option<Finding> {
    let unusable = unusable(column);
    let at_least = wilson(unusable).low;
    let verdict = match at_least {
        low if low >= ANSWER_MISSING => Verdict::Mismatch,
        low if low >= ANSWER_MISSING_POSSIBLE => Verdict::Possible,
        _ => return None,
    };
    let told = format!(
        "{} is missing, NaN or infinite in {} of the served rows.",
        name(&column.name),
        percent(unusable.value())
    );
    let effect = Effect::new("missing_share", unusable.value(), ANSWER_MISSING);
    let finding = DETECTOR.finding(verdict, &[&column.name], told, effect, Certainty::exact());
    Some(
        finding
            .for_cause(Cause::NanPredictions)
            .with_n("serve", column.rows)
            .with_evidence("served rows without a prediction", unusable.hits.to_string()),
    )
}

/// A finding with its own id: several things may be wrong with one column.
fn finding(
    answer: &Answer,
    what: &str,
    verdict: Verdict,
    told: String,
    effect: Effect,
    p: f64,
    cause: Cause,
) -> Finding {
    let pair = &answer.pair;
    let mut finding = DETECTOR.finding(verdict, &[pair.name], told, effect, Certainty::p(p)).for_cause(cause);
    finding.id = Finding::id_of(&DETECTOR.id, &[pair.name.to_owned(), what.to_owned()]);
    finding.with_n(answer.before, pair.train.non_null()).with_n("serve", pair.serve.rows)
}

/// Nulls, NaN, infinities and blank text among all rows.
fn unusable(column: &ColumnProfile) -> Share {
    let infinite = column.numeric.as_ref().map_or(0, |numbers| numbers.positive_infinity + numbers.negative_infinity);
    let missing = sides::missing(column);
    Share::new((missing.hits + infinite).min(missing.n), missing.n)
}

/// Missing, NaN and infinite predictions.
fn absent(answer: &Answer) -> Option<Finding> {
    let pair = &answer.pair;
    let change = RateChange::new(unusable(pair.train), unusable(pair.serve));
    if change.difference() <= 0.0 || change.fold() < ANSWER_MISSING_RATIO {
        return None;
    }
    // A model that never left out a prediction does not do so by chance: a few are a fact, not an estimate.
    let never = change.reference.hits == 0 && change.reference.n as f64 >= ANSWER_NEVER_ROWS;
    let is_fact = never && change.current.hits as f64 >= ANSWER_NEVER_HITS;
    let verdict = match change.after() {
        share if share >= ANSWER_MISSING && (is_fact || change.p < CERTAINTY) => Verdict::Mismatch,
        share if share >= ANSWER_MISSING_POSSIBLE && (is_fact || change.p < SIGNIFICANCE) => Verdict::Possible,
        _ => return None,
    };
    let told = format!(
        "{} is missing, NaN or infinite in {} of the served rows, but in {} of the {} rows.",
        name(pair.name),
        percent(change.after()),
        percent(change.before()),
        answer.before,
    );
    let effect = Effect::new("missing_share", change.after(), ANSWER_MISSING);
    let finding = finding(answer, "missing", verdict, told, effect, change.p, Cause::NanPredictions);
    Some(
        finding
            .with_evidence("served rows without a prediction", change.current.hits.to_string())
            .with_evidence(format!("share in serve over share in {}", answer.before), change.ratio_in_words()),
    )
}

/// One value for many rows, in a column of quantities.
fn fallback(answer: &Answer) -> Option<Finding> {
    let pair = &answer.pair;
    let (train, serve) = pair.numeric()?;
    if class_counts(pair.train).is_some() {
        return None;
    }
    // A coarse model has frequent values of its own, so the most frequent one need not be the fallback.
    let frequent = serve
        .modes
        .iter()
        .map(|(value, _)| (*value, RateChange::new(spikes::share_of(train, *value), spikes::share_of(serve, *value))));
    let (value, change) = frequent
        .filter(|(_, change)| change.after() >= ANSWER_CONSTANT && change.difference() > 0.0)
        .find(|(_, change)| change.fold() >= ANSWER_CONSTANT_RATIO && change.p < CERTAINTY)?;
    let told = format!(
        "{} is exactly {} in {} of the served rows, probably a fallback value.",
        name(pair.name),
        number(value),
        percent(change.after()),
    );
    let effect = Effect::new("share_of_one_value", change.after(), ANSWER_CONSTANT);
    let finding = finding(answer, "constant", Verdict::Mismatch, told, effect, change.p, Cause::ConstantPredictions);
    Some(finding.with_evidence(format!("share of this value in {}", answer.before), percent(change.before())))
}

/// One class for all rows.
fn one_class(answer: &Answer) -> Option<Finding> {
    let pair = &answer.pair;
    let (train, serve) = (class_counts(pair.train)?, class_counts(pair.serve)?);
    let [(class, rows)] = serve.iter().filter(|(_, rows)| *rows > 0).collect::<Vec<_>>()[..] else { return None };
    let all: u64 = train.iter().map(|(_, rows)| rows).sum();
    let before = train.iter().find(|(of_train, _)| of_train == class).map_or(0, |(_, rows)| *rows);
    let change = RateChange::new(Share::new(before, all), Share::new(*rows, *rows));
    if before == all || change.p >= CERTAINTY {
        return None;
    }
    let told = format!(
        "{} is “{class}” in every served row, but in {} of the {} rows.",
        name(pair.name),
        percent(change.before()),
        answer.before,
    );
    let effect = Effect::new("share_of_one_value", 1.0, ANSWER_CONSTANT);
    Some(finding(answer, "constant", Verdict::Mismatch, told, effect, change.p, Cause::ConstantPredictions))
}

/// Scores outside 0 to 1, where all training scores are inside.
fn out_of_range(answer: &Answer) -> Option<Finding> {
    let pair = &answer.pair;
    let (train, serve) = pair.numeric()?;
    let within = |value: &&f64| (0.0..=1.0).contains(*value);
    if train.min < 0.0 || train.max > 1.0 {
        return None;
    }
    let n = serve.sorted.len() as u64;
    let outside = n - serve.sorted.iter().filter(within).count() as u64;
    let change = RateChange::new(Share::new(0, train.finite), Share::new(outside, n));
    let verdict = match change.after() {
        share if share >= ANSWER_OUT_OF_RANGE && change.p < CERTAINTY => Verdict::Mismatch,
        share if share > 0.0 && change.p < SIGNIFICANCE => Verdict::Possible,
        _ => return None,
    };
    let told = format!(
        "{} is not a probability (outside 0 to 1) in {} of the served rows.",
        name(pair.name),
        percent(change.after()),
    );
    let effect = Effect::new("out_of_range_share", change.after(), ANSWER_OUT_OF_RANGE);
    let range = |from: f64, to: f64| format!("{} to {}", number(from), number(to));
    let finding = finding(answer, "range", verdict, told, effect, change.p, Cause::ImpossibleValues);
    Some(
        finding
            .with_evidence("values in serve", range(serve.min, serve.max))
            .with_evidence(format!("values in {}", answer.before), range(train.min, train.max)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{Values, draws, measured, numbers};

    fn scores(seed: u64, rows: usize) -> Vec<f64> {
        draws(seed, rows, |rng| rng.next_f64().powi(2))
    }

    fn found(serve: Values) -> Vec<(Verdict, Option<Cause>)> {
        let measurements = measured(&vec![("score", numbers(scores(1, 1000)))], &vec![("score", serve)]);
        judge(&measurements).findings().iter().map(|finding| (finding.verdict, finding.cause)).collect()
    }

    fn changed(change: impl Fn(usize, f64) -> Option<f64>) -> Values {
        Values::Numbers(scores(2, 800).into_iter().enumerate().map(|(row, score)| change(row, score)).collect())
    }

    #[test]
    fn healthy_scores_raise_nothing() {
        assert_eq!(found(changed(|_, score| Some(score))), []);
        assert_eq!(found(changed(|row, score| (row > 0).then_some(score))), [], "one gap is chance");
    }

    #[test]
    fn a_few_gaps_are_a_fact_where_there_never_was_one() {
        let few = changed(|row, score| (row % 150 > 0).then_some(score));
        assert_eq!(found(few), [(Verdict::Mismatch, Some(Cause::NanPredictions))]);
    }

    #[test]
    fn a_fallback_beside_a_value_that_is_always_frequent_is_found() {
        let coarse = |seed, rows| {
            scores(seed, rows).into_iter().enumerate().map(|(row, one)| if row % 5 == 0 { 0.0031 } else { one })
        };
        let served = coarse(2, 800).enumerate().map(|(row, score)| if row % 8 == 1 { 0.493 } else { score });
        let measurements = measured(&vec![("score", numbers(coarse(1, 1_000)))], &vec![("score", numbers(served))]);
        let found = judge(&measurements).findings();
        assert_eq!(found.len(), 1);
        assert!(found[0].statement.contains("exactly 0.493"), "{}", found[0].statement);
    }

    #[test]
    fn gaps_nan_fallbacks_and_logits_are_found() {
        let mismatch = |cause| vec![(Verdict::Mismatch, Some(cause))];
        assert_eq!(found(changed(|row, score| (row % 20 > 0).then_some(score))), mismatch(Cause::NanPredictions));
        let nan = changed(|row, score| Some(if row % 20 == 0 { f64::NAN } else { score }));
        assert_eq!(found(nan), mismatch(Cause::NanPredictions));
        let fallback = changed(|row, score| Some(if row % 3 == 0 { 0.217 } else { score }));
        assert_eq!(found(fallback), mismatch(Cause::ConstantPredictions));
        assert_eq!(found(changed(|_, score| Some(score * 6.0 - 3.0))), mismatch(Cause::ImpossibleValues));
    }

    #[test]
    fn without_earlier_predictions_only_missing_ones_are_found() {
        let train = vec![("amount", numbers(scores(3, 400)))];
        let serve = |score| vec![("amount", numbers(scores(4, 800))), ("score", score)];
        let told = |score| judge(&measured(&train, &serve(score))).findings();
        assert!(told(changed(|_, score| Some(score))).is_empty());
        assert!(told(changed(|row, score| (row > 2).then_some(score))).is_empty(), "three of 800 may be chance");
        let found = told(changed(|row, score| (row % 20 > 0).then_some(score)));
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::NanPredictions)));
    }

    #[test]
    fn one_class_for_all_rows_counts_only_without_scores() {
        let classes =
            |rows: usize, positive: usize| numbers((0..rows).map(|row| f64::from(u8::from(row % 10 < positive))));
        let mut measurements = measured(&vec![("y", classes(500, 3))], &vec![("y", classes(400, 0))]);
        measurements.roles.set(ColumnRole::Prediction, Some("y".into()));
        let found = judge(&measurements).findings();
        assert_eq!(found[0].cause, Some(Cause::ConstantPredictions));
        let mut both = measured(
            &vec![("y", classes(500, 3)), ("score", numbers(scores(1, 500)))],
            &vec![("y", classes(400, 0)), ("score", numbers(scores(2, 400)))],
        );
        both.roles.set(ColumnRole::Prediction, Some("y".into()));
        assert!(judge(&both).findings().is_empty());
    }
}
