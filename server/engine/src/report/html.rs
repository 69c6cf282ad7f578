//! The diagnosis as one HTML page that needs nothing else: no script, no other file, light and dark, prints well.

mod against;
mod people;

use std::fmt::Write;

use domain::comparison::RowsBySide;
use domain::markup::escaped;
use domain::plot::palette;
use domain::plot::scene::{ColumnView, column, fall, fall_course};
use domain::{Diagnosis, Mark, Problem, Suspect};

use super::Report;
use super::case::Headline;
use super::wording::{count, coverage, guesses, likely, number, proof, read, since_earlier, unchecked};
use crate::figures;

const STYLE: &str = "
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; font-variant-numeric: tabular-nums;
  background: var(--surface); color: var(--ink); }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } figure { margin: 1rem 0; } figure svg { max-width: 100%; height: auto; border-radius: 6px; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; } .soft { color: var(--ink-3); } .prime { border-left: 4px solid var(--mismatch); padding-left: 1rem; }
.mismatch { color: var(--mismatch); } .possible { color: var(--possible); } .clear { color: var(--clear); } .none { color: var(--none); }
.verdict { white-space: nowrap; font-weight: 600; } .scroll { overflow-x: auto; } .wrap { overflow-wrap: anywhere; } @media print { body { margin: 0; max-width: none; } }
@media screen and (max-width: 48rem) { body { margin: 1rem auto; font-size: 13px; } th, td { padding: .3rem; }
  .wrap { min-width: 9rem; } .facts th { font-weight: 400; }
  .stacked thead { display: none; } .stacked, .stacked tbody, .stacked tr, .stacked td { display: block; } .stacked tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .stacked td { padding: .1rem 0; border: 0; } .stacked .verdict { white-space: normal; } }
@page { margin: 14mm; }
";

/// The colours of the style, besides those of the figures.
const COLOURS: [palette::Colour; 3] = [palette::POSSIBLE, palette::CLEAR, palette::NONE];

/// The root's custom properties, named as in the style sheet of the pages. Paper is always light.
fn colours() -> String {
    let property =
        |colour: palette::Colour| format!("--{}: light-dark({}, {});", colour.name, colour.light, colour.dark);
    let properties: Vec<String> = figures::COLOURS.into_iter().chain(COLOURS).map(property).collect();
    format!(
        "\n:root {{ color-scheme: light dark; {} }}\n@media print {{ :root {{ color-scheme: light; }} }}",
        properties.join(" ")
    )
}

pub fn render(report: &Report<'_>) -> String {
    let mut page = String::new();
    // Writing to a String can't fail.
    let _ = write_page(&mut page, report);
    page
}

/// What stands on the page below its heading, for a page that has a heading and a style of its own.
pub fn content(report: &Report<'_>) -> String {
    let mut content = String::new();
    // As above.
    let _ = write_content(&mut content, report);
    content
}

/// A file that is opened from a disk has no headers: it says itself that nothing in it runs and nothing is fetched.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">";

fn write_page(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let title = escaped(report.title());
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n{POLICY}"
    )?;
    writeln!(
        out,
        "<title>{title} · Mismatch</title>\n<style>{}{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>",
        colours()
    )?;
    write_content(out, report)?;
    writeln!(out, "</body>\n</html>")
}

fn write_content(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let diagnosis = report.diagnosis;
    if let Some(case) = &report.case {
        people::head(out, case)?;
    }
    against::against(out, diagnosis)?;
    fallen(out, diagnosis)?;
    where_it_fell(out, diagnosis)?;
    suspects(out, report)?;
    if let Some(case) = &report.case {
        people::review(out, case, diagnosis)?;
    }
    readings(out, diagnosis)?;
    map(out, diagnosis)?;
    findings(out, report)?;
    if let Some(case) = &report.case {
        people::foot(out, case)?;
    }
    comparisons(out, diagnosis)?;
    evaluations(out, diagnosis)?;
    inputs(out, diagnosis)?;
    let lacking = unchecked(diagnosis);
    if !lacking.is_empty() {
        writeln!(out, "<h2>Not (fully) checked, and the inputs needed</h2>\n<ul>")?;
        for (item, needs) in lacking {
            writeln!(out, "<li><b>{}</b> {} Needs {}.</li>", item.code(), escaped(item.question()), escaped(&needs))?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "<p class=\"soft\">{}</p>", escaped(&diagnosis.tool))
}

fn badge(mark: Mark) -> String {
    format!("<span class=\"verdict {}\">{} {}</span>", mark.class(), mark.glyph(), mark.word())
}

fn fallen(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    let Some(fall) = &diagnosis.fall else { return Ok(()) };
    writeln!(
        out,
        "<h2>What the fall is made of</h2>\n<p class=\"wrap\">{}</p>",
        escaped(&fall.sentence(&diagnosis.suspects))
    )?;
    for scene in fall::scene(fall, &diagnosis.suspects).into_iter().chain(fall_course::scene(fall)) {
        match figures::svg_in_page(&scene) {
            Ok(svg) => writeln!(out, "<figure>{svg}</figure>")?,
            Err(problem) => writeln!(out, "<p class=\"soft\">{}</p>", escaped(&problem.message))?,
        }
    }
    let basis = fall.basis();
    if basis.is_empty() { Ok(()) } else { writeln!(out, "<p class=\"soft wrap\">{}</p>", escaped(&basis)) }
}

fn where_it_fell(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    let Some((fall, slices)) = diagnosis.fall.as_ref().and_then(|fall| Some((fall, fall.slices.as_ref()?))) else {
        return Ok(());
    };
    writeln!(out, "<h2>Where it fell</h2>\n<p class=\"wrap\">{}</p>", escaped(&slices.sentence()))?;
    if slices.confirmed.is_empty() {
        return Ok(());
    }
    let metric = fall.metric.words();
    writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Where it fell\"><table><thead><tr><th>Rows with</th><th>Rows</th><th>{metric}</th><th>Points lost</th><th class=\"number\">Of the fall</th></tr></thead><tbody>"
    )?;
    for slice in slices.shown() {
        writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>",
            escaped(&slice.words()),
            slice.rows_words(),
            slice.rates_words(fall.metric),
            slice.lost_words(),
            slice.share_words()
        )?;
    }
    writeln!(out, "</tbody></table></div>\n<p class=\"soft\">{}</p>", slices.more().unwrap_or_default())
}

fn suspects(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let diagnosis = report.diagnosis;
    match report.headline() {
        Headline::Nothing(why) => writeln!(out, "<p>{why}</p>")?,
        Headline::Prime(suspect) => prime(out, report, "Prime suspect", suspect)?,
        Headline::Cause(suspect, _) => prime(out, report, "Cause", suspect)?,
    }
    let (changed, standing) = report.others();
    listed(out, report, "Other suspects", &changed)?;
    listed(out, report, "Standing weaknesses", &standing)?;
    listed(out, report, "Ruled out", &diagnosis.ruled_out_suspects.iter().collect::<Vec<_>>())?;
    listed(out, report, "Muted suspects", &diagnosis.muted_suspects.iter().collect::<Vec<_>>())
}

fn prime(out: &mut String, report: &Report<'_>, role: &str, prime: &Suspect) -> std::fmt::Result {
    writeln!(
        out,
        "<section class=\"prime\"><p class=\"soft\">{role} · {} · {} · likelihood {}</p>",
        prime.item.code(),
        prime.cause.words(),
        prime.likelihood()
    )?;
    writeln!(out, "<p class=\"wrap\"><b>{}</b></p>", escaped(&prime.statement))?;
    let scope = prime.scope();
    if !scope.is_empty() {
        writeln!(out, "<p class=\"wrap\">{}</p>", escaped(&scope))?;
    }
    if let Some(decided) = report.decided(prime) {
        writeln!(out, "<p class=\"wrap\">{}</p>", escaped(&decided))?;
    }
    for pointed in prime.pointed_at() {
        writeln!(out, "<p class=\"wrap\">{}</p>", escaped(&pointed))?;
    }
    for against in &prime.against {
        writeln!(out, "<p class=\"wrap\">Evidence against it: {}</p>", escaped(against))?;
    }
    if !prime.settle.is_empty() {
        writeln!(out, "<p class=\"wrap\">To confirm it: {}</p>", escaped(&prime.settle))?;
    }
    match chart_of(report.diagnosis, prime) {
        Some(Ok(svg)) => writeln!(out, "<figure>{svg}</figure>")?,
        Some(Err(problem)) => writeln!(out, "<p class=\"soft\">{}</p>", escaped(&problem.message))?,
        None => {}
    }
    writeln!(out, "</section>")
}

/// Suspects in a list that goes on with their ranks.
fn listed(out: &mut String, report: &Report<'_>, heading: &str, suspects: &[&Suspect]) -> std::fmt::Result {
    let Some(first) = suspects.first() else { return Ok(()) };
    writeln!(out, "<h2>{heading}</h2>\n<ol start=\"{}\">", first.rank)?;
    for (expected, suspect) in (first.rank..).zip(suspects) {
        // The list counts on by itself.
        let rank = if suspect.rank == expected { String::new() } else { format!(" value=\"{}\"", suspect.rank) };
        let decided = report.decided(suspect);
        let decided = decided.map(|words| format!("<br><span class=\"soft\">{}</span>", escaped(&words)));
        writeln!(
            out,
            "<li class=\"wrap\"{rank}><b>{}</b> ({}): {}{}</li>",
            suspect.cause.words(),
            likely(suspect),
            escaped(&suspect.statement),
            decided.unwrap_or_default()
        )?;
    }
    writeln!(out, "</ol>")
}

/// The first column of the suspect that has a chart, as the page shows it.
fn chart_of(diagnosis: &Diagnosis, suspect: &Suspect) -> Option<Result<String, Problem>> {
    let compared =
        suspect.columns.iter().filter_map(|name| diagnosis.comparisons.iter().find(|one| one.column == *name));
    let scene = compared.into_iter().find_map(|comparison| column::scene(comparison, ColumnView::default()))?;
    Some(figures::svg_in_page(&scene))
}

fn readings(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    if diagnosis.readings.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>How the data was read</h2>\n<ul>")?;
    for reading in &diagnosis.readings {
        let (taken, change) = (escaped(&read(reading)), escaped(&reading.change));
        writeln!(out, "<li class=\"wrap\">{taken}<br><span class=\"soft\">To change it: {change}</span></li>")?;
    }
    writeln!(out, "</ul>")
}

fn map(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    writeln!(
        out,
        "<h2>The map: {}</h2>\n<table class=\"stacked\"><thead><tr><th>Layer</th><th>Verdict</th><th>Items</th></tr></thead><tbody>",
        coverage(diagnosis)
    )?;
    for layer in &diagnosis.layers {
        let items: Vec<String> =
            layer.items.iter().map(|item| format!("{} {}", item.item.code(), badge(diagnosis.mark_of(item)))).collect();
        writeln!(
            out,
            "<tr><td>{} {}</td><td>{}</td><td>{}</td></tr>",
            layer.layer.number(),
            layer.layer.text().title,
            badge(diagnosis.mark_of_layer(layer)),
            items.join(" &nbsp; ")
        )?;
    }
    writeln!(out, "</tbody></table>")
}

fn findings(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let diagnosis = report.diagnosis;
    if diagnosis.changed_findings().next().is_none() {
        return Ok(());
    }
    writeln!(
        out,
        "<h2>Findings</h2>\n<table class=\"stacked\"><thead><tr><th>Verdict</th><th>Finding</th></tr></thead><tbody>"
    )?;
    for finding in diagnosis.changed_findings() {
        writeln!(
            out,
            "<tr><td>{}{}<br><span class=\"soft\">{}</span></td><td class=\"wrap\">{}",
            badge(finding.mark()),
            since_earlier(diagnosis, finding),
            escaped(finding.detector.as_str()),
            escaped(&finding.statement)
        )?;
        write!(
            out,
            "<br><span class=\"soft\">{}</span><br>Try next: {}",
            escaped(&proof(finding)),
            escaped(&finding.try_next)
        )?;
        if let Some(muted) = report.muted(finding) {
            write!(out, "<br><b>{}</b>", escaped(&muted))?;
        }
        for line in report.evidence(finding) {
            write!(out, "<br><span class=\"soft\">{}: {}</span>", escaped(&line.label), escaped(&line.value))?;
        }
        writeln!(out, "</td></tr>")?;
    }
    writeln!(out, "</tbody></table>")
}

fn comparisons(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    if diagnosis.comparisons.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<h2>Columns, train against serve</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Columns\"><table><thead><tr><th>Column</th><th>Kind</th><th>Rows</th><th>Nulls</th><th>Effects</th><th class=\"number\">q</th></tr></thead><tbody>"
    )?;
    for comparison in diagnosis.comparisons.iter() {
        let sides = |sides: &RowsBySide| {
            sides.iter().rev().map(|(side, n)| format!("{} {}", side.id(), count(*n))).collect::<Vec<_>>().join("<br>")
        };
        let effects: Vec<String> =
            comparison.effects.iter().map(|(name, value)| format!("{} {}", escaped(name), number(*value))).collect();
        let q = comparison.q.map_or_else(String::new, number);
        writeln!(
            out,
            "<tr><td class=\"wrap\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{q}</td></tr>",
            escaped(&comparison.column),
            comparison.kind.word(),
            sides(&comparison.n),
            sides(&comparison.nulls),
            effects.join("<br>")
        )?;
    }
    writeln!(out, "</tbody></table></div>")
}

fn evaluations(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    for run in diagnosis.evaluations.iter() {
        writeln!(
            out,
            "<h2 class=\"wrap\">Evaluation run {} · {} · n {}</h2>",
            escaped(&run.name),
            escaped(run.split.word()),
            count(run.n)
        )?;
        if let Some(guesses) = guesses(run) {
            writeln!(out, "<p class=\"soft wrap\">{}</p>", escaped(&guesses))?;
        }
        writeln!(
            out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Metrics\"><table><thead><tr><th>Metric</th><th class=\"number\">Value</th><th>95 % interval</th></tr></thead><tbody>"
        )?;
        for (name, metric) in &run.metrics {
            let interval = match (metric.low, metric.high) {
                (Some(low), Some(high)) => format!("{} to {}", number(low), number(high)),
                _ => String::new(),
            };
            writeln!(
                out,
                "<tr><td>{}</td><td class=\"number\">{}</td><td>{interval}</td></tr>",
                escaped(name),
                number(metric.value)
            )?;
        }
        writeln!(out, "</tbody></table></div>")?;
    }
    Ok(())
}

fn inputs(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    writeln!(
        out,
        "<h2>Inputs</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Inputs\"><table><thead><tr><th>Role</th><th>File</th><th class=\"number\">Rows</th><th class=\"number\">Columns</th><th>SHA-256</th></tr></thead><tbody>"
    )?;
    for input in &diagnosis.inputs {
        let notes: String =
            input.notes.iter().map(|note| format!("<br><span class=\"soft\">{}</span>", escaped(note))).collect();
        writeln!(
            out,
            "<tr><td>{}</td><td class=\"wrap\">{}{notes}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"wrap\">{}</td></tr>",
            input.role.words(),
            escaped(&input.name),
            count(input.rows),
            count(input.columns),
            escaped(&input.sha256)
        )?;
    }
    writeln!(out, "</tbody></table></div>")
}
