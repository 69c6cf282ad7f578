//! The stages of measuring, in their order.

use std::collections::BTreeMap;

use domain::comparison::{ChartData, Side, TimeChunk};
use domain::measurements::Measurements;
use domain::measurements::calendar::CalendarColumn;
use domain::{ColumnRole, Problem, Roles, SnapshotRole, compare};

use crate::data::{calendar, gained_levels, joint_shift, leakage, over_time, train_variation};
use crate::evaluation::{fall_rows, runs};
use crate::features::{companions, differing, edge_rows, exchanged_rows, group_shifts, row_join};
use crate::importance::{self, Association};
use crate::inputs::MeasureInputs;
use crate::monitoring::{drift_windows, expected_loss, performance, time_windows};
use crate::profiled::Profiled;
use crate::progress::{Progress, go_on};
use crate::sample::Sample;
use crate::serving::serving_log;
use crate::training::{fingerprints, labels, near_duplicates, overlap, representation};

/// Everything the detectors look at.
///
/// # Errors
/// When a file can't be read, or somebody cancelled.
pub fn measure(inputs: &MeasureInputs<'_>, progress: &dyn Progress) -> Result<Measurements, Problem> {
    let roles = inputs.roles_of_tables();
    let (train, serve) = (inputs.profiled(SnapshotRole::Train), inputs.profiled(SnapshotRole::Serve));
    let mut measurements = Measurements { stated_threshold: inputs.threshold, ..Measurements::default() };
    for snapshot in inputs.snapshots {
        if let Some(profiled) = &snapshot.profiled {
            measurements.profiles.insert(snapshot.role, profiled.profile.clone());
        }
    }
    progress.report(0.1, "following columns over time");
    for (side, profiled) in [(Side::Train, train), (Side::Serve, serve)] {
        let Some(profiled) = profiled else { continue };
        for (column, chunks) in over_time::chunks(side, &profiled.sample, &roles) {
            measurements.over_time.entry(column).or_default().extend(chunks);
        }
        go_on(progress)?;
    }
    if let (Some(train), Some(serve)) = (train, serve) {
        measurements.gained_levels = gained_levels::gained_levels(&train.sample, &serve.sample, &roles);
        go_on(progress)?;
    }
    if let Some(train) = train {
        measurements.train_variation = train_variation::train_variation(train, &roles)?;
        go_on(progress)?;
    }
    measurements.time_windows =
        serve.and_then(|serve| time_windows::time_windows(train.map(|train| &train.sample), &serve.sample, &roles));
    go_on(progress)?;
    measurements.performance = performance::performance(inputs, &roles);
    go_on(progress)?;
    measurements.serving_log =
        inputs.snapshots.iter().find(|snapshot| snapshot.role == SnapshotRole::ServingLog).and_then(|log| {
            let roles = inputs.roles.in_table(|name| log.has(name), &log.guessed);
            serving_log::serving_log(log, &roles, train.map(|t| &t.profile))
        });
    go_on(progress)?;
    if let (Some(train), Some(serve)) = (train, serve) {
        measurements.calendar = calendar::calendar(&train.sample, &serve.sample, &roles);
    }
    let still = without_calendar(&roles, &measurements.calendar);
    if let (Some(train), Some(serve)) = (train, serve) {
        progress.report(0.3, "comparing train and serve");
        (measurements.comparisons, measurements.edge_rows) = rayon::join(
            || compare::compare(&train.profile, &serve.profile, &roles),
            || edge_rows::edge_rows(&train.profile, &serve.sample, &roles),
        );
        let differing = differing::differing(&train.sample, &serve.sample, &still);
        let (group_shifts, companions) = rayon::join(
            || group_shifts::group_shifts(&differing, &train.sample, &serve.sample, &still),
            || companions::companions(&differing, &train.sample, &serve.sample, &still),
        );
        (measurements.group_shifts, measurements.companions) = (group_shifts, companions?);
        measurements.exchanged_rows = exchanged_rows::exchanged_rows(&train.sample, &serve.sample, &still);
        measurements.drift_windows = drift_windows::drift_windows(&train.sample, &serve.sample, &roles, &measurements);
        draw_over_time(&mut measurements.comparisons, &measurements.over_time);
        go_on(progress)?;
    }
    if let Some(train) = train {
        progress.report(0.6, "relating columns to the label");
        let associations = importance::associations_with_label(&train.sample, &roles);
        measurements.importance = associations.iter().map(|(name, found)| (name.clone(), found.strength)).collect();
        go_on(progress)?;
        measure_labels(inputs, train, &associations, &roles, &mut measurements);
        go_on(progress)?;
    }
    if let (Some(train), Some(serve)) = (train, serve) {
        progress.report(0.62, "comparing train and serve by all columns together");
        let (before, after) = (&train.sample, &serve.sample);
        let importance = &measurements.importance;
        let (joint_shift, coverage) = rayon::join(
            || joint_shift::joint_shift(before, after, &still, importance),
            || representation::representation(before, after, &still, importance),
        );
        (measurements.joint_shift, measurements.coverage) = (joint_shift?, coverage?);
        go_on(progress)?;
    }
    if let Some(performance) = &mut measurements.performance {
        expected_loss::expect_losses(inputs, &still, &measurements.importance, performance);
        go_on(progress)?;
    }
    let compared = fall_rows::Compared { roles: &still, importance: &measurements.importance };
    measurements.fall_rows = fall_rows::fall_rows(inputs, &roles, &compared)?;
    go_on(progress)?;
    if let (Some(serve), Some(offline)) = (serve, inputs.profiled(SnapshotRole::Offline)) {
        progress.report(0.65, "joining serve with offline");
        measurements.row_join = row_join::row_join(serve, offline, &roles);
        go_on(progress)?;
    }
    measurements.split_overlaps = overlap::overlaps(&splits(inputs), &roles);
    measurements.near_duplicates = near_duplicates::near_duplicates(&splits(inputs), &roles)?;
    if let Some(train) = inputs.identified(SnapshotRole::Train) {
        let test = inputs.identified(SnapshotRole::Test);
        measurements.touched_tests = fingerprints::touched(inputs.history, train, test);
    }
    go_on(progress)?;
    progress.report(0.7, "measuring evaluation runs");
    measurements.roles = roles;
    runs::measure(inputs, &mut measurements, progress)?;
    Ok(measurements)
}

/// The roles of the columns, and those that only follow the time left out: that they moved says which time the rows are from.
fn without_calendar(roles: &Roles, calendar: &[CalendarColumn]) -> Roles {
    let moving = calendar.iter().filter(|column| column.follows_time()).map(|column| column.column.clone());
    let ignored: Vec<String> = roles.columns(ColumnRole::Ignore).iter().cloned().chain(moving).collect();
    let mut still = roles.clone();
    still.set(ColumnRole::Ignore, ignored);
    still
}

fn measure_labels(
    inputs: &MeasureInputs<'_>,
    train: &Profiled,
    associations: &BTreeMap<String, Association>,
    roles: &Roles,
    measurements: &mut Measurements,
) {
    let later: Vec<(SnapshotRole, &Sample)> = [SnapshotRole::Validation, SnapshotRole::Test, SnapshotRole::Serve]
        .into_iter()
        .filter_map(|role| Some((role, &inputs.profiled(role)?.sample)))
        .collect();
    let importance = &measurements.importance;
    (measurements.leakage, measurements.labels) = rayon::join(
        || leakage::leakage(&train.sample, &later, roles, associations),
        || labels::label_measures(&train.sample, &later, roles, importance),
    );
}

/// The splits that must not share anything, in the order in which they are made.
fn splits<'a>(inputs: &'a MeasureInputs<'_>) -> Vec<(SnapshotRole, &'a Profiled)> {
    [SnapshotRole::Train, SnapshotRole::Validation, SnapshotRole::Test]
        .into_iter()
        .filter_map(|role| Some((role, inputs.profiled(role)?)))
        .collect()
}

/// Gives the charts of numbers their view along time.
fn draw_over_time(comparisons: &mut [domain::Comparison], over_time: &BTreeMap<String, Vec<TimeChunk>>) {
    for comparison in comparisons {
        if let (Some(ChartData::Numeric(chart)), Some(chunks)) =
            (&mut comparison.chart, over_time.get(&comparison.column))
        {
            chart.over_time.clone_from(chunks);
        }
    }
}
