//! D3.sentinels: are there placeholder values that mean "no value"?

use crate::detectors::rates::RateChange;
use crate::detectors::report::strongest_of_each;
use crate::detectors::sides::{self, Pair};
use crate::detectors::spikes::{self, Spike};
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, SENTINEL_RATIO, SENTINEL_SHARE, SENTINEL_UNMISTAKABLE, SIGNIFICANCE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, SharedColumns};
use domain::profile::{ColumnProfile, NumericProfile};
use domain::snapshot::{ColumnKind, ColumnRole};
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::Share;
use stats::multiple::benjamini_hochberg;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D3.sentinels"),
    item: Item::D3,
    title: "Placeholder values",
    looks_for: "Repeated values that mean “missing”: -999, 9999, -1 as the only negative value, new zeros, 1970-01-01.",
    why_it_matters: "The model treats a placeholder as a real and extreme number. It changes means, scalers and trees, and it is not counted as missing.",
    how_it_decides: "A placeholder is a repeated value far outside all others: at least {SENTINEL_ISOLATION:%} of their spread for the usual placeholders, {SENTINEL_FAR:%} of their range for other values. It can also be a new spike (zero or a usual placeholder) in serving: at least {SPIKE_SHARE:%} of the values and {SPIKE_RATIO} times as frequent as in training, if both sides match without it. It is a mismatch if it covers at least {SENTINEL_SHARE:%} of the rows and is at least {SENTINEL_RATIO} times as frequent on one side. The change of a value far outside needs p under {SIGNIFICANCE}; any other needs q under {CERTAINTY}. If both sides have it equally often, it is possible, because the model learned it from the training data.",
    try_next: "Find the code that writes the placeholder, and write a real missing value there. Treat missing values in the same way on both sides.",
    causes: &[Cause::SentinelValues],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let (looked_at, candidates) = match sides::pairs(measurements) {
        Some(pairs) => {
            let judged: Vec<Pair> = pairs.into_iter().filter(|pair| holds_facts(pair.role)).collect();
            (judged.len(), judged.iter().flat_map(placeholders_on_both_sides).collect::<Vec<_>>())
        }
        None if sides::lack_rows(measurements) => return Judgement::missing(Need::train_and_serve()),
        None => {
            let Some((role, profile)) = sides::tables(measurements).next() else {
                return Judgement::missing(Need::AnyTable);
            };
            let columns = profile.columns.iter().filter(|column| holds_facts(measurements.roles.of(&column.name)));
            (profile.columns.len(), columns.flat_map(|column| placeholders_on_one_side(column, role.id())).collect())
        }
    };
    let mut p_values: Vec<f64> = candidates.iter().map(|candidate| candidate.change.p).collect();
    p_values.resize(candidates.len().max(looked_at), 1.0);
    let q_values = benjamini_hochberg(&p_values);
    let findings = candidates.iter().zip(q_values).filter_map(|(candidate, q)| candidate.finding(q)).collect();
    let summary = format!("Looked for placeholders in {}.", count(looked_at as u64, "column"));
    sides::judged(measurements, looked_at, SharedColumns::Columns, summary, strongest_of_each(findings))
}

fn holds_facts(role: ColumnRole) -> bool {
    matches!(role, ColumnRole::Feature | ColumnRole::Time)
}

/// Why a value outside the range of all others is treated as a placeholder.
const APART: &str = "it is far from every other value";

/// A value that may be a placeholder, with how often it occurs.
struct Placeholder<'a> {
    column: &'a str,
    importance: Option<f64>,
    value: String,
    /// From train to serve; with one snapshot, both are that snapshot.
    change: RateChange,
    sides: [&'static str; 2],
    why: &'static str,
    /// Whether it is outside the range of all other values.
    apart: bool,
}

fn placeholders_on_both_sides<'a>(pair: &Pair<'a>) -> Vec<Placeholder<'a>> {
    let placeholder = |value: String, change, why| Placeholder {
        column: pair.name,
        importance: pair.importance,
        value,
        change,
        sides: ["train", "serve"],
        why,
        apart: why == APART,
    };
    let mut found = Vec::new();
    if let Some((train, serve)) = pair.numeric() {
        for value in standing_apart(train).into_iter().chain(standing_apart(serve)) {
            let change = RateChange::new(spikes::share_of(train, value), spikes::share_of(serve, value));
            found.push(placeholder(number(value), change, APART));
        }
        if let Some(spike) = spike_inside(pair, train, serve) {
            found.push(placeholder(number(spike.value), spike.change, "it is a spike that is not in training"));
        }
    }
    let dates = placeholder_dates(pair.train).zip(placeholder_dates(pair.serve));
    if let Some((train, serve)) = dates.filter(|(train, serve)| train.hits + serve.hits > 0) {
        found.push(placeholder(
            "a placeholder date".into(),
            RateChange::new(train, serve),
            "it is a default date such as 1970-01-01",
        ));
    }
    found.dedup_by(|a, b| a.value == b.value);
    found
}

fn placeholders_on_one_side<'a>(column: &'a ColumnProfile, side: &'static str) -> Vec<Placeholder<'a>> {
    let Some(numbers) = column.numeric.as_ref().filter(|_| column.kind == ColumnKind::Numeric) else {
        return Vec::new();
    };
    let found = standing_apart(numbers).into_iter().map(|value| {
        let share = spikes::share_of(numbers, value);
        let change = RateChange::new(share, share);
        Placeholder {
            column: &column.name,
            importance: None,
            value: number(value),
            change,
            sides: [side, side],
            why: APART,
            apart: true,
        }
    });
    found.collect()
}

/// A value with fewer repetitions may be extreme by chance.
const FEWEST_REPEATS: u64 = 3;

/// Repeated values far from all others. The minimum and the maximum are always tested.
fn standing_apart(numbers: &NumericProfile) -> Vec<f64> {
    let ends = [numbers.sorted.first(), numbers.sorted.last()];
    let mut candidates: Vec<f64> = numbers.modes.iter().map(|(value, _)| *value).collect();
    candidates.extend(ends.into_iter().flatten().filter(|end| !numbers.modes.iter().any(|(value, _)| value == *end)));
    let repeated = |value: &f64| {
        let hits = spikes::share_of(numbers, *value).hits;
        hits >= FEWEST_REPEATS
            || (hits as f64 >= SENTINEL_UNMISTAKABLE
                && spikes::is_conventional(*value)
                && spikes::is_far(numbers, *value))
    };
    candidates.into_iter().filter(|value| repeated(value) && spikes::stands_apart(numbers, *value)).collect()
}

/// Zeros, or a usual placeholder inside the range, that are in serving but not in training, in a column without other spikes
/// or missing values that would indicate imputation.
fn spike_inside(pair: &Pair, train: &NumericProfile, serve: &NumericProfile) -> Option<Spike> {
    let in_serve =
        spikes::new_spike(serve, train).filter(|spike| spike.value == 0.0 || spikes::is_conventional(spike.value))?;
    let filled_in_train = spikes::new_spike(train, serve).is_some();
    let all_that_changed = spikes::agree_without(train, serve, None, Some(in_serve.value));
    (!filled_in_train && pair.missing_change().p > CERTAINTY && all_that_changed).then_some(in_serve)
}

fn placeholder_dates(column: &ColumnProfile) -> Option<Share> {
    let times = column.time.as_ref()?;
    Some(Share::new(times.placeholders.min(column.non_null()), column.non_null()))
}

impl Placeholder<'_> {
    fn finding(&self, q: f64) -> Option<Finding> {
        let share = self.change.after().max(self.change.before());
        // That a value is far from all others is evidence where one side lacks it. Where both have it, it says that the
        // value is a placeholder, and nothing of a change.
        let on_both = self.change.reference.hits > 0 && self.change.current.hits > 0;
        let enough = if self.apart && !on_both { self.change.p < SIGNIFICANCE } else { q < CERTAINTY };
        let changed = enough && share >= SENTINEL_SHARE && self.change.fold() >= SENTINEL_RATIO;
        let verdict = match () {
            () if changed => Verdict::Mismatch,
            () if q < SIGNIFICANCE || self.apart => Verdict::Possible,
            () => return None,
        };
        let [first, second] = self.sides;
        let statement = if first == second {
            format!(
                "{} is {} in {} of {first} rows, which looks like a placeholder for a missing value.",
                name(self.column),
                self.value,
                percent(share),
            )
        } else {
            format!(
                "{} is {} in {} of serve rows and {} of train rows, which looks like a placeholder for a missing value.",
                name(self.column),
                self.value,
                percent(self.change.after()),
                percent(self.change.before()),
            )
        };
        let effect = Effect::new("placeholder_share", share, SENTINEL_SHARE);
        let finding = DETECTOR.finding(verdict, &[self.column], statement, effect, Certainty::q(q));
        // As frequent as in train: it may deserve a look, but it is not what changed.
        let stood = first != second && on_both && q >= SIGNIFICANCE;
        let finding = if stood { finding.as_standing() } else { finding };
        Some(
            finding
                .with_n(first, self.change.reference.n)
                .with_n(second, self.change.current.n)
                .with_importance(self.importance)
                .with_evidence("placeholder", self.value.clone())
                .with_evidence("why it looks like a placeholder", self.why)
                .with_evidence(
                    format!("rows ({})", if first == second { first.to_owned() } else { format!("{first}, {second}") }),
                    if first == second {
                        self.change.current.hits.to_string()
                    } else {
                        format!("{}, {}", self.change.reference.hits, self.change.current.hits)
                    },
                )
                .for_cause(Cause::SentinelValues),
        )
    }
}
