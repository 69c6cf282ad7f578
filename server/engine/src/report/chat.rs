//! A few lines of plain text for a chat: the cause, since when, what it did, and where to read on.

use domain::Suspect;

use super::Report;
use super::case::Headline;

/// Ends with the address, where there is one.
pub fn render(report: &Report<'_>) -> String {
    let mut lines = vec![about(report)];
    lines.extend(conclusion(report));
    lines.extend(match report.headline() {
        Headline::Cause(suspect, decision) => named(&format!("Cause (confirmed by {})", decision.author), suspect),
        Headline::Prime(suspect) => named(&format!("Prime suspect (likelihood {})", suspect.likelihood()), suspect),
        Headline::Nothing(why) => vec![why.to_owned()],
    });
    lines.extend(report.case.map(|case| case.address.to_owned()));
    lines.iter().map(|line| one_line(line)).collect::<Vec<_>>().join("\n")
}

/// What it is, and which rows it concerns since when, with what effect.
fn named(what: &str, suspect: &Suspect) -> Vec<String> {
    let scope = suspect.scope();
    let scope = (!scope.is_empty()).then_some(scope);
    std::iter::once(format!("{what}: {}", suspect.statement)).chain(scope).collect()
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
