//! What people said and decided, in Markdown.

use std::fmt::{Result, Write};

use domain::conclusion::Conclusion;

use super::escape;
use crate::report::case::{Case, moment, signed};

/// What it is about, and how it was closed.
pub fn head(out: &mut String, case: &Case<'_>) -> Result {
    for (name, value) in case.facts() {
        writeln!(out, "- **{name}:** {}", escape(&value))?;
    }
    if !case.address.is_empty() {
        writeln!(out, "- **Address:** <{}>", case.address)?;
    }
    writeln!(out)?;
    if let Some(conclusion) = case.investigation.conclusion() {
        writeln!(out, "## Verdict\n")?;
        concluded(out, &conclusion)?;
    }
    Ok(())
}

/// What people said around it.
pub fn foot(out: &mut String, case: &Case<'_>) -> Result {
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
