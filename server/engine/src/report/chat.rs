//! A few lines of plain text for a chat: the cause, since when, what it did, and where to read on.

use domain::Item;

use super::Report;
use super::case::Headline;

/// Ends with the address, where there is one.
pub fn render(report: &Report<'_>) -> String {
    let mut lines = vec![about(report)];
    lines.extend(conclusion(report));
    lines.push(match report.headline() {
        Headline::Cause(suspect, decision) => {
            format!("Cause (confirmed by {}): {}", decision.author, suspect.statement)
        }
        Headline::Prime(suspect) => {
            format!("Prime suspect (likelihood {}): {}", suspect.likelihood(), suspect.statement)
        }
        Headline::Nothing(why) => why.to_owned(),
    });
    let since = report.change_of(Item::M1).map(|finding| format!("Since when: {}", finding.statement));
    let effect = report.change_of(Item::E1).map(|finding| format!("Effect: {}", finding.statement));
    lines.extend(since.into_iter().chain(effect));
    lines.extend(report.case.map(|case| case.address.to_owned()));
    lines.iter().map(|line| one_line(line)).collect::<Vec<_>>().join("\n")
}

/// `Accuracy fell (car-loan), open`
fn about(report: &Report<'_>) -> String {
    let Some(case) = report.case else { return report.title().to_owned() };
    let of = case.investigation;
    let model = if of.model.is_empty() { String::new() } else { format!(" ({})", of.model) };
    let state = if of.conclusion().is_some() { "closed" } else { "open" };
    format!("{}{model}, {state}", of.title)
}

fn conclusion(report: &Report<'_>) -> Vec<String> {
    let conclusion = report.case.and_then(|case| case.investigation.conclusion());
    let lines = conclusion.map(|conclusion| {
        let closing = conclusion.closing;
        let mut lines = vec![format!("Verdict ({}): {}", conclusion.author, closing.verdict)];
        lines.extend(closing.more().map(|(name, words)| format!("{name}: {words}")));
        lines
    });
    lines.unwrap_or_default()
}

/// Without line ends and other control characters: each thing has its own line.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
