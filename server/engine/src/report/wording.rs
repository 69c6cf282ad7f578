//! Phrases that every report shares.

use domain::against::SinceEarlier;
use domain::diagnosis::Input;
use domain::fall::tenths;
use domain::finding::CertaintyKind;
use domain::naming::name;
use domain::number::named_probability;
pub use domain::number::{count, number};
use domain::{Diagnosis, EvaluationRun, Finding, Item, Reading, SnapshotRole, Suspect};

/// What a finding is next to the earlier report, behind the name of its check; empty without one.
pub fn since_earlier(diagnosis: &Diagnosis, finding: &Finding) -> &'static str {
    match diagnosis.since_earlier(finding) {
        None => "",
        Some(SinceEarlier::New) => " (new)",
        Some(SinceEarlier::Worse) => " (worse)",
        Some(SinceEarlier::Known) => " (as before)",
    }
}

/// How much an input holds.
pub fn extent(input: &Input) -> String {
    match input.role.is_table() {
        true => format!("{} rows × {} columns", count(input.rows), count(input.columns)),
        false => format!("{} observation{}", count(input.rows), if input.rows == 1 { "" } else { "s" }),
    }
}

/// Effect, certainty and numbers of rows on one line.
pub fn proof(finding: &Finding) -> String {
    let effect = &finding.effect;
    let interval = match (effect.low, effect.high) {
        (Some(low), Some(high)) => format!(" (95 % {} to {})", number(low), number(high)),
        _ => String::new(),
    };
    let certainty = match finding.certainty.kind {
        CertaintyKind::Exact => "counted".to_owned(),
        kind => named_probability(kind.id(), finding.certainty.value),
    };
    let mut sides: Vec<(&String, &u64)> = finding.n.iter().collect();
    sides.sort_by_key(|(side, _)| SnapshotRole::ALL.iter().position(|role| role.id() == side.as_str()));
    let rows: Vec<String> = sides.into_iter().map(|(side, n)| format!("{side} {}", count(*n))).collect();
    let rows = if rows.is_empty() { String::new() } else { format!(" · n {}", rows.join(", ")) };
    format!(
        "{} {}{interval}, limit {} · {certainty}{rows}",
        effect.name.replace('_', " "),
        number(effect.value),
        number(effect.threshold)
    )
}

/// The item of a suspect, and how likely it is a cause unless it only stood before.
pub fn likely(suspect: &Suspect) -> String {
    let code = suspect.item.code();
    if suspect.standing {
        return code.to_owned();
    }
    let cost = suspect.points.map_or_else(String::new, |points| format!(", {} points", tenths(points.points)));
    format!("{code}{cost}, likelihood {}", suspect.likelihood())
}

/// Items that lack something, with what they lack.
pub fn unchecked(diagnosis: &Diagnosis) -> Vec<(Item, String)> {
    diagnosis
        .layers
        .iter()
        .flat_map(|layer| &layer.items)
        .filter(|item| !item.missing.is_empty())
        .map(|item| (item.item, item.missing.join("; ")))
        .collect()
}

/// What was taken, how sure that is, and why.
pub fn read(reading: &Reading) -> String {
    let file = reading.file.as_ref().map_or_else(String::new, |file| format!("{file}: "));
    format!("{file}{} ({}) {}", reading.taken, reading.sureness.word(), reading.why)
}

/// The columns of a run that nobody named: `Guessed columns: label y_true, score y_score.`
pub fn guesses(run: &EvaluationRun) -> Option<String> {
    let guessed: Vec<String> =
        run.guessed.iter().map(|guessed| format!("{} {}", guessed.role.id(), name(&guessed.column))).collect();
    (!guessed.is_empty()).then(|| format!("Guessed columns: {}.", guessed.join(", ")))
}

/// `18 of 23 items checked`
pub fn coverage(diagnosis: &Diagnosis) -> String {
    diagnosis.coverage.words()
}

/// What stands on top when there is no suspect.
pub fn no_suspect(diagnosis: &Diagnosis) -> &'static str {
    if !diagnosis.ruled_out_suspects.is_empty() {
        "Every suspect is ruled out. Nothing else explains what was found."
    } else if !diagnosis.muted_suspects.is_empty() {
        "Every suspect is muted: all findings that support them are known and accepted."
    } else if diagnosis.findings.is_empty() {
        "The checks that ran found nothing."
    } else {
        "No single cause explains the findings."
    }
}
