//! The rules that follow from a training column.

use domain::Finding;
use domain::constraint::Rule;
use domain::guard::GuardedColumn;
use domain::measurements::Measurements;
use domain::profile::{CategoryProfile, ColumnProfile, DECIMAL_COMMA, NumericProfile, Profile};
use domain::snapshot::{ColumnKind, ColumnRole};

use super::slack::{allowed_share, has_steady_ends, mean_reach};
use crate::thresholds::{
    GUARD_COLUMNS, GUARD_LOOSEST, GUARD_RANGE_REACH, GUARD_SAMPLE, GUARD_STEADY_ROWS, GUARD_TAIL, GUARD_VALUES,
};

/// A training column that may get rules.
pub(super) struct Candidate<'p> {
    pub profile: &'p ColumnProfile,
    pub is_feature: bool,
}

/// What a column of the training table holds, as other tools read it: numbers with a word for "missing" among them are text, and
/// text that is all numbers, such as codes with zeros before them, is numbers.
pub(super) fn described(column: &ColumnProfile) -> GuardedColumn {
    let is_words = matches!(column.kind, ColumnKind::Categorical | ColumnKind::Text);
    let is_code = is_words && is_all_numbers(column);
    let kind = match column.kind {
        ColumnKind::Numeric if !is_read_alike(column) => ColumnKind::Text,
        _ if is_code => ColumnKind::Numeric,
        kind => kind,
    };
    let whole = is_code || column.numeric.as_ref().is_some_and(|numbers| numbers.integers);
    GuardedColumn { name: column.name.clone(), kind, whole }
}

/// The columns with rules: the features, and of what identifies rows, times and groups what serving has too. Of more than
/// `GUARD_COLUMNS` those that a finding names come first.
pub(super) fn guarded<'p>(
    train: &'p Profile,
    serve: Option<&Profile>,
    measurements: &Measurements,
    findings: &[&Finding],
) -> Vec<Candidate<'p>> {
    let is_served = |name: &str| serve.is_some_and(|serve| serve.column(name).is_some());
    let candidate = |profile: &'p ColumnProfile| {
        let role = measurements.roles.of(&profile.name);
        let is_feature = role == ColumnRole::Feature;
        let is_key = matches!(role, ColumnRole::Id | ColumnRole::Time | ColumnRole::Group);
        (is_feature || is_key && is_served(&profile.name)).then_some(Candidate { profile, is_feature })
    };
    let mut all: Vec<Candidate<'p>> = train.columns.iter().filter_map(candidate).collect();
    let is_named = |name: &str| findings.iter().any(|finding| finding.columns.iter().any(|column| column == name));
    if all.len() > GUARD_COLUMNS as usize {
        all.sort_by_key(|column| !is_named(&column.profile.name));
        all.truncate(GUARD_COLUMNS as usize);
        all.sort_by_key(|column| column.profile.position);
    }
    all
}

/// What must hold of a column. Its values are only asked about where other tools read them as they are read here.
pub(super) fn rules(candidate: &Candidate<'_>, measurements: &Measurements, batch: u64) -> Vec<Rule> {
    let column = candidate.profile;
    let mut rules = vec![Rule::Present];
    if (column.rows as f64) < GUARD_SAMPLE || !is_read_alike(column) {
        return rules;
    }
    rules.extend(candidate.is_feature.then(|| of_type(column)).flatten());
    rules.extend(missing(column, batch));
    if candidate.is_feature && (column.non_null() as f64) >= GUARD_SAMPLE && !measurements.follows_time(&column.name) {
        rules.extend(of_values(column, measurements, batch));
    }
    rules
}

/// What pandas and the tools on it read as missing.
const COMMON_SPELLINGS: [&str; 12] =
    ["", "NA", "N/A", "n/a", "NULL", "null", "NaN", "nan", "None", "#N/A", "<NA>", "#NA"];

fn is_read_alike(column: &ColumnProfile) -> bool {
    let is_common = |(spelling, _): &(String, u64)| COMMON_SPELLINGS.contains(&spelling.as_str());
    column.stored_type != DECIMAL_COMMA && column.null_spellings.iter().all(is_common)
}

/// A date is text in one tool and a time in the next, and texts that are all numbers are numbers in the next.
fn of_type(column: &ColumnProfile) -> Option<Rule> {
    match column.kind {
        ColumnKind::Numeric | ColumnKind::Boolean => Some(Rule::Type { of: column.kind }),
        ColumnKind::Categorical | ColumnKind::Text if !is_all_numbers(column) => {
            Some(Rule::Type { of: ColumnKind::Categorical })
        }
        _ => None,
    }
}

fn is_all_numbers(column: &ColumnProfile) -> bool {
    column.text.as_ref().is_none_or(|text| text.numeric_like == column.non_null())
}

fn missing(column: &ColumnProfile, batch: u64) -> Option<Rule> {
    let most = allowed_share(batch, column.nulls as f64 + 1.0, column.non_null() as f64 + 1.0);
    (most < 1.0).then_some(Rule::Missing { most })
}

fn of_values(column: &ColumnProfile, measurements: &Measurements, batch: u64) -> Vec<Rule> {
    // A column that varies along time is not one distribution: a later batch differs from all of train by that much.
    let variation = measurements.train_variation.get(&column.name).map(|variation| variation.effect);
    match (&column.numeric, &column.categories) {
        (Some(numbers), _) if column.kind == ColumnKind::Numeric => {
            let usual = between(numbers, variation, batch);
            if (numbers.finite as f64) < GUARD_STEADY_ROWS || !has_steady_ends(&numbers.sorted) {
                return usual.into_iter().collect();
            }
            let mean = if variation.is_none() { mean(numbers, batch) } else { None };
            usual.into_iter().chain(possible(numbers)).chain(mean).collect()
        }
        (_, Some(categories)) if column.kind == ColumnKind::Categorical && !is_all_numbers(column) => {
            one_of(column, categories, variation, batch).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The share that must hold, in thousandths; `None` for a rule that would hold for nearly anything.
fn share(allowed: f64, variation: Option<f64>) -> Option<f64> {
    let allowed = ((allowed + variation.unwrap_or(0.0)) * 1_000.0 - 1e-6).ceil();
    (allowed <= GUARD_LOOSEST * 1_000.0).then_some((1_000.0 - allowed) / 1_000.0)
}

/// Between the values that leave out `GUARD_TAIL` of the rows at each end, so that a few extreme values do not widen it.
fn between(numbers: &NumericProfile, variation: Option<f64>, batch: u64) -> Option<Rule> {
    let sorted = &numbers.sorted;
    let rank = ((sorted.len() as f64 * GUARD_TAIL) as usize).max(1);
    let (low, high) = (*sorted.get(rank - 1)?, *sorted.get(sorted.len().checked_sub(rank)?)?);
    let beyond = 2.0 * rank as f64;
    let share = share(allowed_share(batch, beyond, sorted.len() as f64 + 1.0 - beyond), variation)?;
    let (low, high) = outward(low, high);
    Some(Rule::Between { low: Some(low), high: Some(high), share })
}

/// What no row leaves: `GUARD_RANGE_REACH` times the training range beyond its ends. Of values with steady ends a batch of 100
/// rows has one out there with a probability of about 2e-6 at most (log-normal values at the limit of what is steady); of
/// normal or exponential values, never. It sees the few rows with a placeholder that the share of the usual range leaves room for.
fn possible(numbers: &NumericProfile) -> Option<Rule> {
    let reach = GUARD_RANGE_REACH * (numbers.max - numbers.min);
    if reach <= 0.0 || !reach.is_finite() {
        return None;
    }
    let (low, high) = outward(numbers.min - reach, numbers.max + reach);
    Some(Rule::Between { low: Some(low), high: Some(high), share: 1.0 })
}

fn mean(numbers: &NumericProfile, batch: u64) -> Option<Rule> {
    let (below, above) = mean_reach(batch, &numbers.sorted, numbers.mean, numbers.std, numbers.finite)?;
    // A mean lies among its values.
    let (low, high) = outward((numbers.mean - below).max(numbers.min), (numbers.mean + above).min(numbers.max));
    Some(Rule::Mean { low: Some(low), high: Some(high) })
}

fn one_of(column: &ColumnProfile, categories: &CategoryProfile, variation: Option<f64>, batch: u64) -> Option<Rule> {
    if categories.other > 0 || categories.counts.is_empty() || column.distinct > GUARD_VALUES as u64 {
        return None;
    }
    let once = categories.counts.iter().filter(|(_, rows)| *rows == 1).count() as f64;
    let share = share(allowed_share(batch, once + 1.0, column.non_null() as f64 - once + 1.0), variation)?;
    let values = categories.counts.iter().map(|(value, _)| value.clone()).collect();
    Some(Rule::OneOf { values, share })
}

/// Two ends rounded away from each other to about three digits of the distance between them.
fn outward(low: f64, high: f64) -> (f64, f64) {
    let distance = if high > low { high - low } else { low.abs().max(high.abs()) };
    if distance <= 0.0 || !distance.is_finite() {
        return (low, high);
    }
    let exponent = (distance / 100.0).log10().floor() as i32;
    let rounded = |value: f64, round: fn(f64) -> f64| {
        // Through its decimal text, so that 0.1 + 0.2 is 0.3.
        let step = 10_f64.powi(exponent.abs());
        let units = round(if exponent < 0 { value * step } else { value / step });
        if exponent < 0 { units / step } else { units * step }
    };
    let (lower, higher) = (rounded(low, f64::floor), rounded(high, f64::ceil));
    if lower.is_finite() && higher.is_finite() { (lower.min(low), higher.max(high)) } else { (low, high) }
}
