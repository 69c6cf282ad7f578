//! What the rows that are here say against a check of another tool.

use domain::SnapshotRole;
use domain::comparison::Comparison;
use domain::measurements::Measurements;
use domain::number::number;
use domain::profile::ColumnProfile;
use domain::tool_check::{CheckSubject, ToolCheck};

use crate::thresholds::{DRIFT_JS, DRIFT_JS_POSSIBLE, DRIFT_KS, DRIFT_KS_POSSIBLE};

/// What stands against a failed check, as words after "but"; `None` where the rows here agree or can't say.
pub(super) fn contradicted(check: &ToolCheck, measurements: &Measurements) -> Option<String> {
    let [column] = check.columns.as_slice() else { return None };
    let profile = |role| measurements.profile(role).and_then(|profile| profile.column(column));
    match check.about {
        CheckSubject::Drift | CheckSubject::PredictionDrift | CheckSubject::LabelDrift => {
            still(measurements.comparisons.iter().find(|comparison| comparison.column == *column)?)
        }
        CheckSubject::MissingValues => {
            (profile(SnapshotRole::Serve)?.nulls == 0).then(|| "no value is missing in the serve rows here".to_owned())
        }
        CheckSubject::NewValues => known(profile(SnapshotRole::Train)?, profile(SnapshotRole::Serve)?)
            .then(|| "every value of the serve rows here is in train".to_owned()),
        CheckSubject::Range => within(profile(SnapshotRole::Train)?, profile(SnapshotRole::Serve)?)
            .then(|| "all serve rows here are within the range of train".to_owned()),
        _ => None,
    }
}

/// The distance between train and serve, where it is below what counts as possible.
fn still(comparison: &Comparison) -> Option<String> {
    let measured = |name: &str, possible: f64, limit: f64, words: &str| {
        let value = *comparison.effects.get(name)?;
        let words = format!("train and serve here have a {words} of {}, limit {}", number(value), number(limit));
        Some((value < possible).then_some(words))
    };
    measured("ks_statistic", DRIFT_KS_POSSIBLE, DRIFT_KS, "KS statistic")
        .or_else(|| measured("js_distance", DRIFT_JS_POSSIBLE, DRIFT_JS, "Jensen-Shannon distance"))?
}

fn known(train: &ColumnProfile, serve: &ColumnProfile) -> bool {
    let (Some(before), Some(now)) = (&train.categories, &serve.categories) else { return false };
    before.other == 0
        && now.other == 0
        && now.counts.iter().all(|(value, _)| before.counts.iter().any(|(known, _)| known == value))
}

fn within(train: &ColumnProfile, serve: &ColumnProfile) -> bool {
    let (Some(before), Some(now)) = (&train.numeric, &serve.numeric) else { return false };
    now.min >= before.min && now.max <= before.max
}
