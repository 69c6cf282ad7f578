//! What people said and decided, in HTML.

use std::fmt::{Result, Write};

use domain::conclusion::Conclusion;
use domain::markup::escaped;

use crate::report::case::{Case, moment, signed};

/// What it is about, and how it was closed.
pub fn head(out: &mut String, case: &Case<'_>) -> Result {
    writeln!(out, "<table class=\"facts\"><tbody>")?;
    for (name, value) in case.facts() {
        writeln!(out, "<tr><th scope=\"row\">{name}</th><td class=\"wrap\">{}</td></tr>", escaped(&value))?;
    }
    if !case.address.is_empty() {
        let address = escaped(case.address);
        writeln!(
            out,
            "<tr><th scope=\"row\">Address</th><td class=\"wrap\"><a href=\"{address}\">{address}</a></td></tr>"
        )?;
    }
    writeln!(out, "</tbody></table>")?;
    if let Some(conclusion) = case.investigation.conclusion() {
        writeln!(out, "<section><h2>Verdict</h2>")?;
        concluded(out, &conclusion)?;
        writeln!(out, "</section>")?;
    }
    Ok(())
}

/// What people said around it.
pub fn foot(out: &mut String, case: &Case<'_>) -> Result {
    let of = case.investigation;
    list(out, "What people said about items", case.statuses().map(|line| escaped(&line)).collect())?;
    let notes = of.notes.iter().map(|note| {
        format!("<span class=\"soft\">{}</span><br>{}", escaped(&signed(&note.author, note.at_ms)), lines(&note.text))
    });
    list(out, "Notes", notes.collect())?;
    let earlier = of.earlier_conclusions();
    if !earlier.is_empty() {
        writeln!(
            out,
            "<h2>Earlier verdicts</h2>\n<p class=\"soft\">The investigation was opened again, so these no longer hold.</p>"
        )?;
    }
    earlier.iter().try_for_each(|conclusion| concluded(out, conclusion))?;
    let events = of.events.iter().map(|event| {
        let (author, text) = (escaped(event.author.as_str()), lines(&event.text()));
        format!("<span class=\"soft\">{}</span> {author} {text}", moment(event.at_ms))
    });
    list(out, "Timeline", events.collect())
}

fn list(out: &mut String, heading: &str, items: Vec<String>) -> Result {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>{heading}</h2>\n<ul>")?;
    for item in items {
        writeln!(out, "<li class=\"wrap\">{item}</li>")?;
    }
    writeln!(out, "</ul>")
}

fn concluded(out: &mut String, conclusion: &Conclusion) -> Result {
    writeln!(out, "<p class=\"wrap\"><b>{}</b></p>", lines(&conclusion.closing.verdict))?;
    for (name, words) in conclusion.closing.more() {
        writeln!(out, "<p class=\"wrap\">{name}: {}</p>", lines(words))?;
    }
    writeln!(out, "<p class=\"soft\">closed by {}</p>", escaped(&signed(&conclusion.author, conclusion.at_ms)))
}

/// A person's lines, each as it was written.
fn lines(text: &str) -> String {
    text.lines().map(escaped).collect::<Vec<_>>().join("<br>")
}
