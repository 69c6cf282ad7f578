//! What people said and decided, in Markdown.

use std::fmt::{Result, Write};

use domain::Diagnosis;
use domain::conclusion::Conclusion;
use domain::hypothesis::Hypothesis;
use domain::number::counted;
use domain::plot::scene::Table;

use super::escape;
use crate::report::case::{self, Case, moment, signed};

/// What it is about, and how it was closed.
pub fn head(out: &mut String, case: &Case<'_>) -> Result {
    for (name, value) in case.facts() {
        writeln!(out, "- **{name}:** {}", escape(&value))?;
    }
    if !case.address.is_empty() {
        writeln!(out, "- **Address:** <{}>", case.address)?;
    }
    for link in &case.investigation.incident.links {
        writeln!(out, "- **See also:** {} <{}>", escape(&link.words), link.url.replace(['<', '>'], ""))?;
    }
    writeln!(out)?;
    if let Some(conclusion) = case.investigation.conclusion() {
        writeln!(out, "## Verdict\n")?;
        concluded(out, &conclusion)?;
    }
    Ok(())
}

/// What may be the cause, as people treat it, and what they pinned.
pub fn review(out: &mut String, case: &Case<'_>, diagnosis: &Diagnosis) -> Result {
    let told: Vec<String> = case.hypotheses(diagnosis).iter().map(|one| told(case, one)).collect();
    section(out, "Hypotheses", &told)?;
    if !case.pieces.is_empty() {
        writeln!(out, "\n## Evidence")?;
    }
    for (number, piece) in (1..).zip(case.pieces) {
        let (evidence, exhibit) = (&piece.evidence, &piece.exhibit);
        writeln!(out, "\n### {number}. {}\n", escape(&exhibit.title))?;
        if !evidence.caption.is_empty() {
            writeln!(out, "{}\n", quoted(&evidence.caption))?;
        }
        if !exhibit.summary.is_empty() {
            writeln!(out, "{}\n", escape(&exhibit.summary))?;
        }
        for line in &exhibit.lines {
            writeln!(out, "- {}: {}", escape(&line.label), escape(&line.value))?;
        }
        if let Some(table) = exhibit.table.as_ref().or(exhibit.scene.as_ref().map(|scene| &scene.table)) {
            tabled(out, table)?;
        }
        writeln!(out, "\npinned by {}", escape(&signed(&evidence.author, evidence.at_ms)))?;
    }
    Ok(())
}

fn told(case: &Case<'_>, one: &Hypothesis) -> String {
    let said = one.decision.as_ref().map_or_else(|| one.state.words().to_owned(), case::decided);
    let evidence = case.evidence_words(one);
    let evidence = if evidence.is_empty() { String::new() } else { format!(" · {evidence}") };
    format!("- **{}** ({}{})", escape(&one.statement), escape(&said), escape(&evidence))
}

/// The first rows: a file of Markdown is read by people.
fn tabled(out: &mut String, table: &Table) -> Result {
    const ROWS: usize = 20;
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    writeln!(out, "\n{}", line(table.heads.iter().map(|head| escape(&head.words)).collect()))?;
    writeln!(out, "{}", line(table.heads.iter().map(|_| "---".to_owned()).collect()))?;
    for row in table.rows.iter().take(ROWS) {
        writeln!(out, "{}", line(row.iter().map(|value| escape(&value.words())).collect()))?;
    }
    match table.rows.len().saturating_sub(ROWS) {
        0 => Ok(()),
        more => writeln!(out, "\n{} more.", counted(more as u64, "row")),
    }
}

/// What people said around it.
pub fn foot(out: &mut String, case: &Case<'_>) -> Result {
    let follow_ups: Vec<String> = case.follow_ups().map(|line| format!("- {}", escape(&line))).collect();
    section(out, "Follow-ups", &follow_ups)?;
    let statuses: Vec<String> = case.statuses().map(|line| format!("- {}", escape(&line))).collect();
    section(out, "What people said about items", &statuses)?;
    let of = case.investigation;
    if !of.notes.is_empty() {
        writeln!(out, "\n## Notes")?;
    }
    for note in &of.notes {
        writeln!(out, "\n{}\n\n{}", escape(&signed(&note.author, note.at_ms)), quoted(&note.text))?;
    }
    let earlier = of.earlier_conclusions();
    if !earlier.is_empty() {
        writeln!(out, "\n## Earlier verdicts\n\nThe investigation was opened again, so these no longer hold.\n")?;
    }
    earlier.iter().try_for_each(|conclusion| concluded(out, conclusion))?;
    let events: Vec<String> = of
        .events
        .iter()
        .map(|event| format!("- {} {} {}", moment(event.at_ms), escape(event.author.as_str()), escape(&event.text())))
        .collect();
    section(out, "Timeline", &events)
}

fn section(out: &mut String, heading: &str, lines: &[String]) -> Result {
    if lines.is_empty() { Ok(()) } else { writeln!(out, "\n## {heading}\n\n{}", lines.join("\n")) }
}

fn concluded(out: &mut String, conclusion: &Conclusion) -> Result {
    writeln!(out, "{}\n", quoted(&conclusion.closing.verdict))?;
    for (name, words) in conclusion.closing.more() {
        writeln!(out, "**{name}:** {}\n", escape(words))?;
    }
    writeln!(out, "closed by {}\n", escape(&signed(&conclusion.author, conclusion.at_ms)))
}

/// The lines of a person, each as it was written.
fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {}", escape(line))).collect::<Vec<_>>().join("  \n")
}
