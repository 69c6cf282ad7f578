//! D1.column_drift: does a feature's distribution differ between training and serving?

use crate::detectors::likeness;
use crate::detectors::rates::RateChange;
use crate::detectors::report::Bands;
use crate::detectors::sides::{self, Pair};
use crate::detectors::words::{chance, count, medians_in_words, name, names, number, percent, values};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CHANCE_KS, DRIFT_JS, DRIFT_JS_POSSIBLE, DRIFT_KS, DRIFT_KS_POSSIBLE, DRIFT_OVER_TRAIN, DRIFT_SEEN, SMALLEST_SAMPLE,
    TEXT_SHAPE_JS,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::{Measurements, TrainVariation};
use domain::need::{MoreRows, Need, SharedColumns};
use domain::profile::{CategoryProfile, TextProfile};
use domain::snapshot::{ColumnKind, SnapshotRole};
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::chunks::beyond_chance;
use stats::contingency::{chi_square, pool_sparse, share_distance};
use stats::intervals::Share;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D1.column_drift"),
    item: Item::D1,
    title: "Feature drift per column",
    looks_for: "Features whose distribution differs between training and serving.",
    why_it_matters: "A model works well only on rows that look like its training data. A feature that drifted moves rows into regions where the training data has few examples.",
    how_it_decides: "Numbers are compared by the Kolmogorov-Smirnov statistic: a mismatch from {DRIFT_KS}, possible from {DRIFT_KS_POSSIBLE}. Categories are compared by the Jensen-Shannon distance, minus the distance that chance gives for this number of categories: a mismatch from {DRIFT_JS}, possible from {DRIFT_JS_POSSIBLE}. Yes/no columns are compared by the difference of their rates (a mismatch from {RATE_DIFFERENCE:%} of the rows, possible from {RATE_DIFFERENCE_POSSIBLE:%}) or, for rare values, by their ratio ({RATE_RATIO}, possible from {RATE_RATIO_POSSIBLE}). Text is compared by its character patterns (Jensen-Shannon distance from {TEXT_SHAPE_JS}). A mismatch also needs q under {CERTAINTY} (Benjamini-Hochberg over all compared columns); possible needs q under {SIGNIFICANCE}. For numbers, p is twice the smaller of the Kolmogorov-Smirnov and the Mann-Whitney test. If train has a time column, train is cut into up to {TRAIN_CHUNKS} chunks along time, and a mismatch must exceed {DRIFT_OVER_TRAIN} times the largest certain difference between one chunk and the rest of train; otherwise it is possible. Dates that only move forward are not drift. Without a finding, the check is clear only if the rows are enough to see a change of {DRIFT_SEEN:%} of the rows.",
    try_next: "Open the column in Compare and find the time of the change. Ask the owner of the source what changed at that time.",
    causes: &[Cause::DistributionShift],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(features) = sides::features(measurements) else {
        return Judgement::missing(Need::train_and_serve());
    };
    let drifting: Vec<Pair> = features.into_iter().filter(can_drift).collect();
    let compared: Vec<Pair> = drifting.iter().filter(|pair| comparable(pair)).copied().collect();
    let findings: Vec<Finding> = compared.iter().filter_map(|pair| drift(pair, measurements)).collect();
    let summary = format!(
        "Compared the distributions of {} between train and serve.{}",
        count(compared.len() as u64, "feature"),
        left_out(measurements)
    );
    match unseen(&drifting).filter(|_| findings.is_empty()) {
        Some(need) => Judgement::missing(need),
        None => sides::judged(measurements, compared.len(), SharedColumns::Features, summary, findings),
    }
}

/// The columns that are not compared, because they only follow the time.
fn left_out(measurements: &Measurements) -> String {
    let following = measurements.calendar.iter().filter(|column| column.follows_time());
    let columns: Vec<&str> = following.map(|column| column.column.as_str()).collect();
    match columns.as_slice() {
        [] => String::new(),
        [one] => format!(" {} only follows the time of the rows.", name(one)),
        _ => format!(" {} only follow the time of the rows.", names(&columns)),
    }
}

/// What is lacking where no feature has the rows to show a large difference: the smallest that is certain (the critical
/// value of the two-sample Kolmogorov-Smirnov test) is over the limit.
fn unseen(pairs: &[Pair]) -> Option<Need> {
    let sides = |pair: &Pair| (pair.train.non_null() as f64, pair.serve.non_null() as f64);
    let smallest = |pair: &Pair| {
        let (train, serve) = sides(pair);
        CHANCE_KS * (1.0 / train + 1.0 / serve).sqrt()
    };
    let best = pairs.iter().min_by(|a, b| smallest(a).total_cmp(&smallest(b)))?;
    if smallest(best) <= DRIFT_SEEN {
        return None;
    }
    let (train, serve) = sides(best);
    let (snapshot, found, other) =
        if serve <= train { (SnapshotRole::Serve, serve, train) } else { (SnapshotRole::Train, train, serve) };
    // The rows on this side with which the limit of the check is certain; twice the other side's where those are too few.
    let left = (DRIFT_KS / CHANCE_KS).powi(2) - 1.0 / other;
    let needed = if left > 0.0 { (1.0 / left).ceil() } else { 2.0 * other };
    let to_see = format!("a change of less than {} of the rows", percent(smallest(best)));
    Some(Need::MoreRows(MoreRows { snapshot, found: found as u64, needed: needed as u64, to_see: Some(to_see) }))
}

/// Whether this check has a finding for the column.
pub fn is_told(pair: &Pair, measurements: &Measurements) -> bool {
    comparable(pair) && drift(pair, measurements).is_some()
}

fn comparable(pair: &Pair) -> bool {
    let enough = |rows: u64| rows as f64 >= SMALLEST_SAMPLE;
    can_drift(pair) && enough(pair.train.non_null()) && enough(pair.serve.non_null())
}

/// A column with values on both sides whose distribution says something.
fn can_drift(pair: &Pair) -> bool {
    let has_values = pair.train.non_null().min(pair.serve.non_null()) > 0;
    pair.comparison.is_some() && has_values && !sides::are_row_counters(pair)
}

fn drift(pair: &Pair, measurements: &Measurements) -> Option<Finding> {
    let floor = measurements.train_variation.get(pair.name);
    match pair.comparison?.kind {
        ColumnKind::Numeric => numeric_drift(pair, floor),
        ColumnKind::Categorical => category_drift(pair, floor),
        ColumnKind::Boolean => rate_drift(pair, floor),
        ColumnKind::Datetime => time_drift(pair),
        ColumnKind::Text => text_drift(pair),
        ColumnKind::Nested | ColumnKind::Empty => None,
    }
}

/// Compares the effect with the variation inside train along time: an effect that is not clearly larger than that of the
/// most different chunk of train is only possible.
pub(super) fn held_to_floor(finding: Finding, effect: f64, floor: Option<&TrainVariation>) -> Finding {
    let Some(floor) = floor else { return finding };
    let least = DRIFT_OVER_TRAIN * floor.effect;
    let line = format!("{} ({} chunks)", number(floor.effect), floor.chunks);
    let mut finding = finding.with_evidence("largest effect of one train chunk against the rest of train", line);
    if finding.verdict == Verdict::Mismatch && effect < least {
        finding.verdict = Verdict::Possible;
        finding = finding.with_evidence(
            "why it is only possible",
            format!("a mismatch needs {DRIFT_OVER_TRAIN} times the variation inside train, which is {}", number(least)),
        );
    }
    finding
}

fn numeric_drift(pair: &Pair, floor: Option<&TrainVariation>) -> Option<Finding> {
    let ks = pair.effect("ks_statistic")?;
    let verdict = Bands { possible: DRIFT_KS_POSSIBLE, mismatch: DRIFT_KS }.verdict(ks, pair.q());
    let (train, serve) = pair.numeric()?;
    let statement = format!(
        "{} is distributed differently in serving than in training: {}.",
        name(pair.name),
        medians_in_words(&train.sorted, &serve.sorted),
    );
    let effect = Effect::new("ks_statistic", ks, DRIFT_KS);
    let finding = shift(pair, verdict, statement, effect)?
        .with_evidence("mean (train, serve)", format!("{}, {}", number(train.mean), number(serve.mean)))
        .with_evidence("standard deviation (train, serve)", format!("{}, {}", number(train.std), number(serve.std)));
    let finding = with_other_effects(pair, finding, &["wasserstein_over_std_ref", "psi", "js_distance"]);
    Some(held_to_floor(finding, ks, floor))
}

fn category_drift(pair: &Pair, floor: Option<&TrainVariation>) -> Option<Finding> {
    let js = pair.effect("js_distance")?;
    let (train, serve) = pair.categories()?;
    let beyond =
        beyond_chance(js, train.counts.len().max(serve.counts.len()), pair.train.non_null(), pair.serve.non_null());
    let verdict = Bands { possible: DRIFT_JS_POSSIBLE, mismatch: DRIFT_JS }.verdict(js.min(beyond), pair.q());
    let mover = largest_move(pair)?;
    let statement = format!(
        "{} is distributed differently in serving than in training: “{}” changed from {} to {} of the rows.",
        name(pair.name),
        mover.0,
        percent(mover.1.before()),
        percent(mover.1.after()),
    );
    let finding = shift(pair, verdict, statement, Effect::new("js_distance", js, DRIFT_JS))?;
    Some(held_to_floor(with_other_effects(pair, finding, &["cramers_v", "psi"]), beyond, floor))
}

/// The category whose share moved most.
fn largest_move(pair: &Pair) -> Option<(String, RateChange)> {
    let (train, serve) = (pair.train.categories.as_ref()?, pair.serve.categories.as_ref()?);
    let (n, m) = (pair.train.non_null(), pair.serve.non_null());
    let in_serve: std::collections::HashMap<&str, u64> =
        serve.counts.iter().map(|(value, count)| (value.as_str(), *count)).collect();
    let in_train: std::collections::HashMap<&str, u64> =
        train.counts.iter().map(|(value, count)| (value.as_str(), *count)).collect();
    let moved = |value: &str| {
        let events = |counts: &std::collections::HashMap<&str, u64>| counts.get(value).copied().unwrap_or(0);
        (events(&in_train) as f64 / n as f64 - events(&in_serve) as f64 / m as f64).abs()
    };
    let most =
        in_train.keys().chain(in_serve.keys()).copied().max_by(|a, b| moved(a).total_cmp(&moved(b)).then(b.cmp(a)))?;
    let rate = |counts: &std::collections::HashMap<&str, u64>, rows| {
        Share::new(counts.get(most).copied().unwrap_or(0).min(rows), rows)
    };
    Some((most.to_owned(), RateChange::new(rate(&in_train, n), rate(&in_serve, m))))
}

fn rate_drift(pair: &Pair, floor: Option<&TrainVariation>) -> Option<Finding> {
    let (value, change) = largest_move(pair)?;
    // Yes/no columns are described by the share of "true".
    let shown = if value.eq_ignore_ascii_case("false") { change.complement() } else { change };
    let value = if value.eq_ignore_ascii_case("false") { "true".to_owned() } else { value };
    let statement = format!(
        "{} is “{value}” in {} of serve rows, compared with {} of train rows.",
        name(pair.name),
        percent(shown.after()),
        percent(shown.before()),
    );
    let (verdict, effect) = shown.judge(pair.q());
    let finding = shift(pair, verdict, statement, effect)?.with_evidence("change of the rate", shown.ratio_in_words());
    Some(held_to_floor(finding, shown.difference().abs(), floor))
}

fn time_drift(pair: &Pair) -> Option<Finding> {
    let ks = pair.effect("ks_statistic")?;
    let (train, serve) = (pair.train.time.as_ref()?, pair.serve.time.as_ref()?);
    let middle = |times: &[i64]| times.get(times.len() / 2).copied();
    let forward = middle(&serve.sorted_ms)? >= middle(&train.sorted_ms)?;
    let judged = Bands { possible: DRIFT_KS_POSSIBLE, mismatch: DRIFT_KS }.verdict(ks, pair.q());
    let verdict = if forward { Verdict::Clear } else { judged };
    let statement = format!("{} has earlier dates in serving than in training.", name(pair.name));
    shift(pair, verdict, statement, Effect::new("ks_statistic", ks, DRIFT_KS))
}

fn text_drift(pair: &Pair) -> Option<Finding> {
    let (train, serve) = (pair.train.text.as_ref()?, pair.serve.text.as_ref()?);
    let patterns = |text: &TextProfile| CategoryProfile { counts: text.patterns.clone(), other: 0 };
    let (before, after) = likeness::aligned(&patterns(train), &patterns(serve));
    let distance = share_distance(&before, &after)?;
    let (before, after) = pool_sparse(&before, &after);
    let p = chi_square(&before, &after)?.p;
    let verdict = Bands { possible: TEXT_SHAPE_JS, mismatch: TEXT_SHAPE_JS }.verdict(distance, p);
    let first = |text: &TextProfile| text.patterns.first().map(|(pattern, _)| pattern.clone()).unwrap_or_default();
    let statement = format!(
        "The text in {} has different character patterns in serving than in training: most often {} in train and {} in serving.",
        name(pair.name),
        values(&[first(train)]),
        values(&[first(serve)]),
    );
    let finding = shift(pair, verdict, statement, Effect::new("pattern_js_distance", distance, TEXT_SHAPE_JS))?;
    let lengths = format!("{}, {}", number(train.mean_length), number(serve.mean_length));
    Some(finding.with_evidence("mean length (train, serve)", lengths).with_evidence("p of the patterns", chance(p)))
}

fn shift(pair: &Pair, verdict: Verdict, statement: String, effect: Effect) -> Option<Finding> {
    (verdict > Verdict::Clear).then(|| {
        let finding = DETECTOR.finding(verdict, &[pair.name], statement, effect, Certainty::q(pair.q()));
        pair.sized(finding).for_cause(Cause::DistributionShift)
    })
}

fn with_other_effects(pair: &Pair, mut finding: Finding, names: &[&str]) -> Finding {
    for name in names {
        if let Some(value) = pair.effect(name) {
            finding = finding.with_evidence(*name, number(value));
        }
    }
    finding
}
