//! Checks of other tools in words.

use std::collections::BTreeMap;

use domain::finding::EvidenceLine;
use domain::naming::names;
use domain::number::{counted, number};
use domain::plot::format::{shortened, time};
use domain::tool_check::{CheckOutcome, CheckSubject, CheckedBy, ToolCheck};

/// Lines of evidence of one finding at most.
pub(super) const MOST_LINES: usize = 24;
/// Words of another tool are data: longer ones are cut.
const LONGEST: usize = 160;

/// The failed and warned checks, those of one tool about one thing together: the gravest first, and the one with a figure.
pub(super) fn groups(checks: &[ToolCheck]) -> Vec<Vec<&ToolCheck>> {
    let mut groups: BTreeMap<(&str, CheckSubject, &[String]), Vec<&ToolCheck>> = BTreeMap::new();
    for check in checks.iter().filter(|check| speaks(check)) {
        groups.entry((&check.source.tool, check.about, &check.columns)).or_default().push(check);
    }
    let mut groups: Vec<Vec<&ToolCheck>> = groups.into_values().collect();
    for group in &mut groups {
        group.sort_by_key(|check| (std::cmp::Reverse(check.outcome), check.measured.is_none()));
    }
    groups
}

/// Whether a check says that something is wrong.
pub(super) fn speaks(check: &ToolCheck) -> bool {
    matches!(check.outcome, CheckOutcome::Failed | CheckOutcome::Warned)
}

/// What one tool says of one thing, without a full stop.
pub(super) fn statement(group: &[&ToolCheck]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let of = match first.columns.as_slice() {
        [] => String::new(),
        columns => format!(" in {}", names(columns)),
    };
    let head = match first.by {
        CheckedBy::Tool => format!("{} reports {}{of}", first.source.tool, first.about.fault()),
        CheckedBy::Comparison => format!("Files disagree: {}{of}", first.about.fault()),
        CheckedBy::Course => return course(first),
    };
    match figures(first) {
        Some(figures) => format!("{head}: {figures}"),
        None => head,
    }
}

/// How a signal moved: `p95 rose from 0.09 to 0.27 on 2026-11-22 16:13`.
fn course(check: &ToolCheck) -> String {
    format!("{} {}", names(&check.columns), check.observed.as_deref().unwrap_or("moved"))
}

/// Its figure and limit, or what it expected and saw.
fn figures(check: &ToolCheck) -> Option<String> {
    let words = |words: &Option<String>| {
        words.as_deref().map(|words| shortened(one_line(words).trim_end_matches('.'), LONGEST))
    };
    let measured = check.measured.as_ref().map(|figure| match figure.limit {
        Some(limit) => format!("{} {}, limit {}", figure.name, number(figure.value), number(limit)),
        None => format!("{} {}", figure.name, number(figure.value)),
    });
    match (words(&check.expected), words(&check.observed)) {
        (Some(expected), Some(observed)) => Some(format!("expected {expected}, found {observed}")),
        (None, Some(observed)) => Some(observed),
        (Some(expected), None) => Some(match measured {
            Some(measured) => format!("{measured} (expected {expected})"),
            None => format!("expected {expected}"),
        }),
        (None, None) => measured,
    }
}

fn one_line(words: &str) -> &str {
    words.lines().next().unwrap_or_default()
}

/// One check as lines for the table behind a finding.
pub(super) fn evidence(check: &ToolCheck) -> Vec<EvidenceLine> {
    let line = |label: &str, value: String| EvidenceLine { label: label.to_owned(), value };
    let figure = check.measured.as_ref();
    let lines = [
        Some(line("check", format!("{}, {}", shortened(&check.name, LONGEST), outcome(check.outcome)))),
        figure.map(|figure| line(&figure.name, number(figure.value))),
        figure.and_then(|figure| figure.limit).map(|limit| line(limit_of(check.by), number(limit))),
        check.expected.as_deref().map(|words| line("expected", shortened(words, LONGEST))),
        check.observed.as_deref().map(|words| line("found", shortened(words, LONGEST))),
        check.at_ms.map(|at| line("checked at", time(at))),
        Some(line("read from", format!("{}, {}", check.source.tool_words(), check.source.place()))),
        check.source.url.as_deref().map(|url| line("address", shortened(url, 2 * LONGEST))),
    ];
    lines.into_iter().flatten().collect()
}

fn outcome(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Passed => "passed",
        CheckOutcome::Warned => "warned",
        CheckOutcome::Failed => "failed",
        CheckOutcome::NotRun => "not run",
    }
}

/// How many checks each tool made, and how they ended: `Evidently: 11 checks, 3 failed.`
pub(super) fn summary(checks: &[ToolCheck]) -> String {
    let mut by_tool: BTreeMap<String, Vec<CheckOutcome>> = BTreeMap::new();
    for check in checks {
        let by = match check.by {
            CheckedBy::Tool => check.source.tool_words(),
            CheckedBy::Comparison => "Facts of two files".to_owned(),
            CheckedBy::Course => "Signals over time".to_owned(),
        };
        by_tool.entry(by).or_default().push(check.outcome);
    }
    let words = by_tool.into_iter().map(|(tool, outcomes)| {
        let count = |of: CheckOutcome| outcomes.iter().filter(|one| **one == of).count();
        let kinds =
            [(CheckOutcome::Failed, "failed"), (CheckOutcome::Warned, "warned"), (CheckOutcome::NotRun, "not run")];
        let ended = kinds.into_iter().filter(|(kind, _)| count(*kind) > 0);
        let ended: String = ended.map(|(kind, words)| format!(", {} {words}", count(kind))).collect();
        format!("{tool}: {}{ended}.", counted(outcomes.len() as u64, "check"))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A failed check in a few words: `missing values, expected at most 1 % missing, found 96 of 1,200 rows`.
pub(super) fn short(check: &ToolCheck) -> String {
    match figures(check) {
        Some(figures) => format!("{}, {figures}", check.about.fault()),
        None => check.about.fault().to_owned(),
    }
}

/// A passed check in a few words.
pub(super) fn passed(check: &ToolCheck) -> String {
    match figures(check) {
        Some(figures) => format!("{}, {figures}", check.about.words()),
        None => check.about.words().to_owned(),
    }
}

fn limit_of(by: CheckedBy) -> &'static str {
    if by == CheckedBy::Tool { "limit of the tool" } else { "limit" }
}

/// What to do about it: the tool's report is the place to look only where the tool itself says it.
pub(super) fn try_next<'w>(check: &ToolCheck, of_tool: &'w str) -> &'w str {
    match check.by {
        CheckedBy::Tool => of_tool,
        CheckedBy::Comparison => "Find out which of the two is in use, and set both to the same.",
        CheckedBy::Course => {
            "Look at what was released or changed at that time, and compare requests before and after it."
        }
    }
}
