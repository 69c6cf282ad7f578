//! Guards: what follows from a diagnosis for the next time. Rules that the training data keeps, each with what it sees in
//! serving, and limits for the signals that moved.

mod alerts;
mod columns;
mod slack;
#[cfg(test)]
mod tests;

use domain::constraint::Rule;
use domain::guard::{Guard, GuardProof, GuardRule};
use domain::measurements::Measurements;
use domain::profile::Profile;
use domain::snapshot::SnapshotRole;
use domain::{Finding, Item, Layer, Verdict};

use crate::thresholds::{GUARD_COLUMNS, GUARD_LARGEST_SAMPLE, GUARD_SAMPLE};
use crate::tools::constraints::seen;

/// The guards of one diagnosis, for batches of at least `GUARD_SAMPLE` rows. Who hands them out says the title and the
/// investigation.
pub fn guard(measurements: &Measurements, findings: &[Finding]) -> Guard {
    guard_for_batches(measurements, findings, GUARD_SAMPLE as u64)
}

/// The same for batches that are known to be larger: the more rows they have, the smaller the differences that are caught.
pub fn guard_for_batches(measurements: &Measurements, findings: &[Finding], batch_rows: u64) -> Guard {
    let batch = batch_rows.clamp(GUARD_SAMPLE as u64, GUARD_LARGEST_SAMPLE as u64);
    let found: Vec<&Finding> = findings.iter().filter(|finding| finding.verdict >= Verdict::Possible).collect();
    let mut items: Vec<Item> = found.iter().map(|finding| finding.item).collect();
    items.sort_unstable();
    items.dedup();
    let alerts = alerts::limits(measurements, &found);
    let Some(train) = measurements.profile(SnapshotRole::Train) else {
        return Guard { alerts, items, ..Guard::default() };
    };
    let serve = measurements.profile(SnapshotRole::Serve);
    let candidates = columns::guarded(train, serve, measurements, &found);
    let of_columns = candidates.iter().flat_map(|column| {
        let rules = columns::rules(column, measurements, batch);
        rules.into_iter().map(|rule| (Some(column.profile.name.as_str()), rule))
    });
    let of_table = table_rules(&candidates, batch).into_iter().map(|rule| (None, rule));
    let rules: Vec<GuardRule> =
        of_table.chain(of_columns).filter_map(|(column, rule)| proven(column, rule, train, serve, &found)).collect();
    let columns = train.columns.iter().map(columns::described).collect();
    Guard { columns, rules, alerts, items, ..Guard::default() }
}

/// The limits hold for batches of this many rows on, and serving may have more columns than it needs: a label, predictions.
fn table_rules(columns: &[columns::Candidate<'_>], batch: u64) -> Vec<Rule> {
    let features = columns.iter().filter(|column| column.is_feature).count() as u64;
    let is_whole = columns.len() < GUARD_COLUMNS as usize;
    let columns = (is_whole && features > 0).then_some(Rule::Columns { low: Some(features), high: None });
    [Rule::Rows { low: Some(batch), high: None }].into_iter().chain(columns).collect()
}

/// The rule with what it sees; `None` for one that train itself breaks or that can't be evaluated there.
fn proven(
    column: Option<&str>,
    rule: Rule,
    train: &Profile,
    serve: Option<&Profile>,
    findings: &[&Finding],
) -> Option<GuardRule> {
    let on_train = seen(column, &rule, train).filter(|seen| seen.holds)?;
    let on_serve = serve.and_then(|serve| seen(column, &rule, serve));
    // A served file of fewer rows than a batch should have is what was brought here, not what serves.
    let is_about_rows = matches!(rule, Rule::Rows { .. });
    let catches = !is_about_rows && on_serve.as_ref().is_some_and(|seen| !seen.holds);
    let about = |finding: &&&Finding| {
        is_about_data(finding) && column.is_some_and(|column| finding.columns.iter().any(|one| one == column))
    };
    let caught = findings.iter().filter(about).filter(|_| catches).map(|finding| finding.id.clone());
    let proof = GuardProof { on_train: on_train.observed, on_serve: on_serve.map(|seen| seen.observed), catches };
    Some(GuardRule { column: column.map(str::to_owned), rule, proof, findings: caught.collect() })
}

/// Whether rules about served values can see what a finding reports. A leak, a label or an evaluation is not among them.
fn is_about_data(finding: &Finding) -> bool {
    match finding.item.layer() {
        Layer::Data => finding.item != Item::D4,
        Layer::Features | Layer::Serving | Layer::Monitoring => true,
        Layer::Training | Layer::Evaluation | Layer::Deployment => false,
    }
}
