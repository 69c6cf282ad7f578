//! What people said and decided, in HTML.

use domain::incident::IncidentLink;
use std::fmt::{Result, Write};

use domain::Diagnosis;
use domain::conclusion::Conclusion;
use domain::evidence::Piece;
use domain::markdown::to_html;
use domain::markup::escaped;
use domain::plot::scene::Table;

use crate::figures;
use crate::report::case::{self, Case, moment, signed};

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
    let addresses = case.investigation.incident.links.iter().map(|link| match IncidentLink::new("", &link.url) {
        Ok(web) => {
            format!("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", escaped(&web.url), escaped(link.label()))
        }
        // What an earlier version took in: shown, and leading nowhere.
        Err(_not_of_the_web) => escaped(link.label()),
    });
    list(out, "Tickets and deploys", addresses.collect())?;
    if let Some(conclusion) = case.investigation.conclusion() {
        writeln!(out, "<section><h2>Verdict</h2>")?;
        concluded(out, &conclusion)?;
        writeln!(out, "</section>")?;
    }
    Ok(())
}

/// What may be the cause, as people treat it, and what they pinned.
pub fn review(out: &mut String, case: &Case<'_>, diagnosis: &Diagnosis) -> Result {
    let told = case.hypotheses(diagnosis);
    let told = told.iter().map(|one| {
        let by = one.decision.as_ref().map(|decision| format!(", {}", case::decided(decision)));
        let evidence = case.evidence_words(one);
        let words = [
            Some(one.state.words().to_owned()).filter(|_| by.is_none()),
            by.map(|by| by[2..].to_owned()),
            Some(evidence),
        ];
        let words: Vec<String> = words.into_iter().flatten().filter(|words| !words.is_empty()).collect();
        format!("<b>{}</b><br><span class=\"soft\">{}</span>", escaped(&one.statement), escaped(&words.join(" · ")))
    });
    list(out, "Hypotheses", told.collect())?;
    if case.pieces.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Evidence</h2>")?;
    for (number, piece) in (1..).zip(case.pieces) {
        shown(out, number, piece)?;
    }
    Ok(())
}

fn shown(out: &mut String, number: usize, piece: &Piece) -> Result {
    let (evidence, exhibit) = (&piece.evidence, &piece.exhibit);
    writeln!(out, "<section><h3 class=\"wrap\">{number}. {}</h3>", escaped(&exhibit.title))?;
    if !evidence.caption.is_empty() {
        writeln!(out, "<p class=\"wrap\">{}</p>", lines(&evidence.caption))?;
    }
    match exhibit.scene.as_ref().map(figures::svg_in_page) {
        Some(Ok(svg)) => writeln!(out, "<figure>{svg}</figure>")?,
        Some(Err(problem)) => writeln!(out, "<p class=\"soft\">{}</p>", escaped(&problem.message))?,
        None => {}
    }
    if !exhibit.summary.is_empty() {
        writeln!(out, "<p class=\"wrap\">{}</p>", escaped(&exhibit.summary))?;
    }
    for line in &exhibit.lines {
        writeln!(out, "<p class=\"soft wrap\">{}: {}</p>", escaped(&line.label), escaped(&line.value))?;
    }
    if let Some(table) = &exhibit.table {
        tabled(out, table)?;
    }
    let by = signed(&evidence.author, evidence.at_ms);
    writeln!(
        out,
        "<p class=\"soft wrap\">pinned by {} · SHA-256 {}</p></section>",
        escaped(&by),
        escaped(&evidence.sha256)
    )
}

fn tabled(out: &mut String, table: &Table) -> Result {
    let heads: String = table.heads.iter().map(|head| format!("<th>{}</th>", escaped(&head.words))).collect();
    writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Figures\"><table><thead><tr>{heads}</tr></thead><tbody>"
    )?;
    for row in table.for_page().1 {
        let cells: String = row.iter().map(|value| format!("<td>{}</td>", escaped(&value.words()))).collect();
        writeln!(out, "<tr>{cells}</tr>")?;
    }
    writeln!(out, "</tbody></table></div>")
}

/// What people said around it.
pub fn foot(out: &mut String, case: &Case<'_>) -> Result {
    let of = case.investigation;
    list(out, "Follow-ups", case.follow_ups().map(|line| escaped(&line)).collect())?;
    list(out, "What people said about items", case.statuses().map(|line| escaped(&line)).collect())?;
    let notes = of.notes.iter().map(|note| {
        format!("<span class=\"soft\">{}</span>{}", escaped(&signed(&note.author, note.at_ms)), to_html(&note.text))
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
