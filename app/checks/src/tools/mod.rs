//! What other tools say, put on the map: what they checked, what they have written down as rules (evaluated on the tables that
//! are here), and where their facts disagree with each other.
//!
//! A finding of another tool is not a second alarm: where a check here found the same columns it stands there as evidence, where
//! the rows here show the opposite both are said, and only what is new is a finding of its own.

mod compared;
pub(crate) mod constraints;
mod here;
pub(crate) mod moved;
mod named;
mod refreshed;
mod support;
mod told;

use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Fact;
use domain::tool_check::{CheckOutcome, CheckSubject, Measured, ToolCheck, Worse};
use domain::{DetectorId, Finding, Item, Task, Verdict};

use crate::detectors::{Detector, Judgement};

pub use support::supported;

const fn detector(item: Item, id: &'static str, judge: fn(&Measurements) -> Judgement) -> Detector {
    Detector {
        id: DetectorId::new(id),
        item,
        title: "Other tools",
        looks_for: "What other tools checked about this question: their reports, test results, rules, alerts and health answers, as they write them.",
        why_it_matters: "The evidence often exists already in another tool. Read together with the data, it confirms a cause, contradicts it, or shows what the data alone can't show.",
        how_it_decides: "A failed check of another tool is a mismatch, a warning (or a verdict that rests on a p-value alone) is possible, each with the figure and the limit of that tool. Rules, such as expectations or a schema, are evaluated on serve, or else on test or train. A signal of another tool that moves to another level, or steadily, by at least {SERIES_SHIFT} times its own scatter and {SIGNAL_MOVED:%} of its level, with q under {CERTAINTY}, to the worse side, is a mismatch (latency, failures, drift, missing values, performance), of memory and throughput possible. An age that grows with the clock over the last {AGE_POINTS} points of its series or more is not refreshed any more. Facts of two files that should agree are compared: settings of training and serving, digests of data, inputs and metrics of model versions, importances (a share of all importance that moved by {IMPORTANCE_MOVED}). Where a check here found the same columns, the other tool's result is listed there as evidence. Where the rows here do not show what the other tool reports, the finding is possible and says both. Without a file of another tool about this question, this check is left out.",
        try_next: "Open the report of the other tool, and compare the rows and the time that it covers with those here.",
        causes: &[],
        tasks: Task::ALL,
        judge,
    }
}

macro_rules! of_items {
    ($($item:ident $id:literal;)*) => {
        /// One for each item.
        static DETECTORS: &[Detector] = &[$(detector(Item::$item, $id, |measurements| judge(Item::$item, measurements)),)*];
    };
}

of_items! {
    D1 "D1.other_tools"; D2 "D2.other_tools"; D3 "D3.other_tools"; D4 "D4.other_tools";
    F1 "F1.other_tools"; F2 "F2.other_tools"; F3 "F3.other_tools";
    T1 "T1.other_tools"; T2 "T2.other_tools"; T3 "T3.other_tools"; T4 "T4.other_tools";
    E1 "E1.other_tools"; E2 "E2.other_tools"; E3 "E3.other_tools";
    S1 "S1.other_tools"; S2 "S2.other_tools"; S3 "S3.other_tools";
    P1 "P1.other_tools"; P2 "P2.other_tools"; P3 "P3.other_tools";
    M1 "M1.other_tools"; M2 "M2.other_tools"; M3 "M3.other_tools";
}

/// The check of each item that puts what other tools say on the map. They are apart from the detectors of the map: without a file
/// of another tool they are not there at all, so that nothing counts as left out.
pub fn all() -> impl Iterator<Item = &'static Detector> {
    DETECTORS.iter()
}

/// That of one item.
pub fn of_item(item: Item) -> Option<&'static Detector> {
    all().find(|detector| detector.item == item)
}

/// What those of the items conclude about which other tools say something.
pub fn judged(checks: &[ToolCheck], measurements: &Measurements) -> Vec<(&'static Detector, Judgement)> {
    let items: std::collections::BTreeSet<Item> = checks.iter().map(|check| check.about.item()).collect();
    let spoken_of = all().filter(|detector| items.contains(&detector.item));
    spoken_of.map(|detector| (detector, conclude(detector.item, checks, measurements))).collect()
}

/// Whether an id is one of these.
pub fn is_of_tools(id: &DetectorId) -> bool {
    all().any(|detector| detector.id == *id)
}

/// Everything that counts as a check of another tool: what it checked itself, its rules, and its facts compared. Signals are
/// looked at along time for it, so who judges makes it once.
pub fn checks(measurements: &Measurements) -> Vec<ToolCheck> {
    let facts = &measurements.tool_facts;
    let evaluated = facts.constraints.iter().filter_map(|rule| constraints::evaluated(rule, measurements));
    let mut moved = moved::all(&measurements.observations);
    moved.extend(refreshed::all(&measurements.observations));
    facts
        .checks
        .iter()
        .cloned()
        .chain(evaluated)
        .chain(compared::all(facts, &named::train_features(measurements)))
        .chain(moved)
        .collect()
}

fn judge(item: Item, measurements: &Measurements) -> Judgement {
    conclude(item, &checks(measurements), measurements)
}

fn conclude(item: Item, checks: &[ToolCheck], measurements: &Measurements) -> Judgement {
    let checks: Vec<ToolCheck> = checks.iter().filter(|check| check.about.item() == item).cloned().collect();
    let Some(detector) = of_item(item).filter(|_| !checks.is_empty()) else {
        return Judgement::missing(Fact::ToolChecks);
    };
    let groups = told::groups(&checks);
    let findings = groups.iter().map(|group| finding(detector, group, measurements)).collect();
    Judgement::Judged { summary: told::summary(&checks), findings }
}

/// One finding for what one tool says against one thing.
fn finding(detector: &Detector, group: &[&ToolCheck], measurements: &Measurements) -> Finding {
    let first = group[0];
    let failed = group.iter().any(|check| check.outcome == CheckOutcome::Failed);
    let contradicted = here::contradicted(first, measurements);
    let verdict = match (failed, &contradicted) {
        (true, None) => Verdict::Mismatch,
        _ => Verdict::Possible,
    };
    let statement = match &contradicted {
        None => format!("{}.", told::statement(group)),
        Some(here) => format!("{}, but {here}.", told::statement(group)),
    };
    let effect = match group.iter().find_map(|check| check.measured.as_ref()) {
        Some(figure) => Effect::new(&figure.name, figure.value, figure.limit.unwrap_or_default()),
        None => Effect::new("failed checks", group.len() as f64, 1.0),
    };
    let columns: Vec<&str> = first.columns.iter().map(String::as_str).collect();
    let mut finding = detector.finding(
        verdict,
        columns_of_tables(&columns, first.about),
        statement,
        effect,
        first.q.map_or(Certainty::exact(), Certainty::q),
    );
    finding.id = id_of(detector, first);
    if let Some(figure) = group.iter().find_map(|check| check.measured.as_ref()) {
        finding.consequence = beyond(figure);
    }
    for line in group.iter().flat_map(|check| told::evidence(check)).take(told::MOST_LINES) {
        finding.evidence.push(line);
    }
    finding.since = moved::since(first);
    finding.try_next = told::try_next(first, detector.try_next).to_owned();
    finding
}

/// How many times a figure is beyond its limit, from 0 to 10; 1 without a limit, or with one of 0. Where nothing tells the side
/// on which it is worse, it is the one on which it lies.
fn beyond(figure: &Measured) -> f64 {
    let Some(limit) = figure.limit.map(f64::abs).filter(|limit| *limit > 0.0) else { return 1.0 };
    let value = figure.value.abs();
    let worse = figure.worse.unwrap_or(if value < limit { Worse::Lower } else { Worse::Higher });
    let (more, less) = match worse {
        Worse::Higher => (value, limit),
        Worse::Lower => (limit, value),
    };
    if less > 0.0 { (more / less).min(10.0) } else { 10.0 }
}

/// The id of the finding that says what one tool says against one thing.
fn id_of(detector: &Detector, check: &ToolCheck) -> String {
    let mut key = vec![check.source.tool.clone(), check.about.words().to_owned()];
    key.extend(check.columns.iter().cloned());
    Finding::id_of(&detector.id, &key)
}

/// The id that the finding about a check has, where there is one.
pub(crate) fn finding_of(check: &ToolCheck) -> Option<String> {
    Some(id_of(of_item(check.about.item())?, check))
}

/// Columns of tables can be compared; a pod or a test can't.
fn columns_of_tables<'c>(names: &'c [&'c str], about: CheckSubject) -> &'c [&'c str] {
    use domain::Layer::{Data, Features, Training};
    let is_of_columns = matches!(about.item().layer(), Data | Features | Training)
        || matches!(
            about,
            CheckSubject::DriftOverTime
                | CheckSubject::MissingOverTime
                | CheckSubject::NewValuesOverTime
                | CheckSubject::ServedTypes
                | CheckSubject::Freshness
        );
    if is_of_columns { names } else { &[] }
}

#[cfg(test)]
mod tests;
