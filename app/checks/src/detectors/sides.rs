//! The two sides of a comparison, column by column.

use crate::detectors::Judgement;
use crate::detectors::rates::RateChange;
use crate::thresholds::{ROW_COUNTER_UNEVENNESS, ROW_COUNTER_VALUES, SMALLEST_SAMPLE};
use domain::measurements::Measurements;
use domain::need::{MoreRows, Need, SharedColumns, Tables};
use domain::profile::{CategoryProfile, ColumnProfile, NumericProfile};
use domain::snapshot::{ColumnKind, ColumnRole, SnapshotRole};
use domain::{Comparison, Finding};
use stats::intervals::Share;

/// One column that both train and serve have.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    pub name: &'a str,
    pub role: ColumnRole,
    pub train: &'a ColumnProfile,
    pub serve: &'a ColumnProfile,
    pub comparison: Option<&'a Comparison>,
    pub importance: Option<f64>,
}

impl<'a> Pair<'a> {
    /// Both sides as numbers, when they are and both have values.
    pub fn numeric(&self) -> Option<(&'a NumericProfile, &'a NumericProfile)> {
        let (train, serve) = (self.train.numeric.as_ref()?, self.serve.numeric.as_ref()?);
        let both_numbers = self.train.kind == ColumnKind::Numeric && self.serve.kind == ColumnKind::Numeric;
        (both_numbers && !train.sorted.is_empty() && !serve.sorted.is_empty()).then_some((train, serve))
    }

    /// Both sides as categories, when they are and both have values.
    pub fn categories(&self) -> Option<(&'a CategoryProfile, &'a CategoryProfile)> {
        let (train, serve) = (self.train.categories.as_ref()?, self.serve.categories.as_ref()?);
        let words = |kind| matches!(kind, ColumnKind::Categorical | ColumnKind::Text);
        let both_words = words(self.train.kind) && words(self.serve.kind);
        (both_words && !train.counts.is_empty() && !serve.counts.is_empty()).then_some((train, serve))
    }

    /// How the rate of missing values changed from train to serve.
    pub fn missing_change(&self) -> RateChange {
        RateChange::new(missing(self.train), missing(self.serve))
    }

    pub fn effect(&self, name: &str) -> Option<f64> {
        self.comparison?.effects.get(name).copied()
    }

    /// q of the two-sample test, or p where no correction was made; 1 where there was no test.
    pub fn q(&self) -> f64 {
        self.comparison.and_then(|comparison| comparison.q.or(comparison.p)).unwrap_or(1.0)
    }

    /// Adds the row counts of both sides and the importance of the column to a finding.
    pub fn sized(&self, finding: Finding) -> Finding {
        finding
            .with_n("train", self.train.non_null())
            .with_n("serve", self.serve.non_null())
            .with_importance(self.importance)
    }
}

/// Nulls, NaN and blank text among all rows.
pub fn missing(column: &ColumnProfile) -> Share {
    let nan = column.numeric.as_ref().map_or(0, |numbers| numbers.nan);
    let blank = column.text.as_ref().map_or(0, |text| text.blank);
    Share::new((column.nulls + nan + blank).min(column.rows), column.rows)
}

/// The columns that both sides have, in train's order, without those to be ignored.
pub fn pairs(measurements: &Measurements) -> Option<Vec<Pair<'_>>> {
    let (train, serve) = measurements.train_and_serve()?;
    let mut pairs = Vec::with_capacity(train.columns.len());
    let serve_by_name: std::collections::HashMap<&str, &ColumnProfile> =
        serve.columns.iter().map(|column| (column.name.as_str(), column)).collect();
    let comparisons: std::collections::HashMap<&str, &Comparison> =
        measurements.comparisons.iter().map(|comparison| (comparison.column.as_str(), comparison)).collect();
    for train in &train.columns {
        let role = measurements.roles.of(&train.name);
        let Some(serve) = serve_by_name.get(train.name.as_str()) else { continue };
        if role != ColumnRole::Ignore {
            pairs.push(Pair {
                name: &train.name,
                role,
                train,
                serve,
                comparison: comparisons.get(train.name.as_str()).copied(),
                importance: measurements.importance.get(&train.name).copied(),
            });
        }
    }
    Some(pairs)
}

/// The features that both sides have, without those that only follow the time of their rows.
pub fn features(measurements: &Measurements) -> Option<Vec<Pair<'_>>> {
    let is_compared = |pair: &Pair| pair.role == ColumnRole::Feature && !measurements.follows_time(pair.name);
    Some(pairs(measurements)?.into_iter().filter(is_compared).collect())
}

/// What a detector concludes that looked at so many pairs of columns of one kind. Without a finding it is clear only if
/// there was a pair to look at, and if both sides have the rows of the smallest sample: a few rows show an extreme fault,
/// but never that there is none.
pub fn judged(
    measurements: &Measurements,
    pairs: usize,
    of: SharedColumns,
    summary: String,
    findings: Vec<Finding>,
) -> Judgement {
    if findings.is_empty() {
        if let Some(need) = too_few_rows(measurements) {
            return Judgement::missing(need);
        }
        if pairs == 0 {
            return Judgement::missing(Tables::all([SnapshotRole::Train, SnapshotRole::Serve]).sharing(1, of));
        }
    }
    Judgement::Judged { summary, findings }
}

/// Whether train or serve was given without a single row: then the other one alone is not what was asked about.
pub fn lack_rows(measurements: &Measurements) -> bool {
    measurements.without_rows().any(|role| matches!(role, SnapshotRole::Train | SnapshotRole::Serve))
}

/// The side that has fewer rows than the smallest sample.
fn too_few_rows(measurements: &Measurements) -> Option<Need> {
    [SnapshotRole::Serve, SnapshotRole::Train].into_iter().find_map(|snapshot| {
        let found = measurements.profile(snapshot)?.rows;
        let needed = SMALLEST_SAMPLE as u64;
        (found < needed).then_some(Need::MoreRows(MoreRows { snapshot, found, needed, to_see: None }))
    })
}

/// Every given snapshot of rows with its role: the input of checks that look at one table.
pub fn tables(measurements: &Measurements) -> impl Iterator<Item = (SnapshotRole, &domain::Profile)> {
    const ROWS: [SnapshotRole; 4] =
        [SnapshotRole::Train, SnapshotRole::Validation, SnapshotRole::Test, SnapshotRole::Serve];
    ROWS.into_iter().filter_map(|role| Some((role, measurements.profile(role)?)))
}

/// Whether both sides of a column only count or identify rows.
pub fn are_row_counters(pair: &Pair) -> bool {
    pair.numeric().is_some_and(|(train, serve)| {
        is_row_counter(train, pair.train.distinct, pair.train.non_null())
            && is_row_counter(serve, pair.serve.distinct, pair.serve.non_null())
    })
}

/// Numbers that only count or identify rows (1, 2, 3 … or sequential keys): whole numbers that never repeat and are evenly
/// spread over their range. Their distribution says nothing about the rows.
pub fn is_row_counter(numbers: &NumericProfile, distinct: u64, rows: u64) -> bool {
    let sorted = &numbers.sorted;
    if !numbers.integers
        || (sorted.len() as f64) < ROW_COUNTER_VALUES
        || distinct != rows.min(domain::profile::DISTINCT_CAP)
    {
        return false;
    }
    let (low, span) = (sorted[0], sorted[sorted.len() - 1] - sorted[0]);
    let n = sorted.len() as f64;
    let unevenness = sorted
        .iter()
        .enumerate()
        .map(|(rank, value)| ((rank as f64 + 0.5) / n - (value - low) / span).abs())
        .fold(0.0, f64::max);
    unevenness < ROW_COUNTER_UNEVENNESS
}
