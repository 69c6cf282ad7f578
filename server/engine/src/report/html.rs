//! The diagnosis as one HTML page that needs nothing else: no script, no other file, light and dark, prints well.

use std::fmt::Write;

use domain::comparison::RowsBySide;
use domain::{Diagnosis, Suspect, Verdict};

use super::wording::{count, coverage, no_suspect, number, proof, unchecked};

const STYLE: &str = "
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a4048); --soft: light-dark(#5b6570, #a3adb8);
  --mismatch: light-dark(#a1260d, #ff9b85); --possible: light-dark(#7a5a00, #ffce6b); --clear: light-dark(#00635a, #6fd6c8); --none: var(--soft); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; } .soft { color: var(--soft); } .prime { border-left: 4px solid var(--mismatch); padding-left: 1rem; }
.mismatch { color: var(--mismatch); } .possible { color: var(--possible); } .clear { color: var(--clear); } .none { color: var(--none); }
.verdict { white-space: nowrap; font-weight: 600; } .wrap { overflow-wrap: anywhere; } @media print { body { margin: 0; max-width: none; } }
";

pub fn render(diagnosis: &Diagnosis) -> String {
    let mut page = String::new();
    // Writing to a String can't fail.
    let _ = write_all(&mut page, diagnosis);
    page
}

/// Text for an element or a quoted attribute: no character of it is markup.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

fn write_all(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">"
    )?;
    writeln!(out, "<title>Diagnosis · Mismatch</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>Diagnosis</h1>")?;
    match diagnosis.suspects.split_first() {
        None => writeln!(out, "<p>{}</p>", no_suspect(diagnosis))?,
        Some((prime, others)) => suspects(out, prime, others)?,
    }
    map(out, diagnosis)?;
    findings(out, diagnosis)?;
    comparisons(out, diagnosis)?;
    evaluations(out, diagnosis)?;
    inputs(out, diagnosis)?;
    let lacking = unchecked(diagnosis);
    if !lacking.is_empty() {
        writeln!(out, "<h2>Not (fully) checked, and the inputs needed</h2>\n<ul>")?;
        for (item, needs) in lacking {
            writeln!(out, "<li><b>{}</b> {} Needs {}.</li>", item.code(), escape(item.question()), escape(&needs))?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "<p class=\"soft\">{}</p>\n</body>\n</html>", escape(&diagnosis.tool))
}

fn verdict(verdict: Verdict) -> String {
    format!("<span class=\"verdict {}\">{} {}</span>", verdict.class(), verdict.glyph(), verdict.word())
}

fn suspects(out: &mut String, prime: &Suspect, others: &[Suspect]) -> std::fmt::Result {
    writeln!(
        out,
        "<section class=\"prime\"><p class=\"soft\">Prime suspect · {} · {} · score {}</p>",
        prime.item.code(),
        prime.cause.words(),
        number(prime.score)
    )?;
    writeln!(out, "<p class=\"wrap\"><b>{}</b></p>", escape(&prime.statement))?;
    for pointed in prime.pointed_at() {
        writeln!(out, "<p class=\"wrap\">{}</p>", escape(&pointed))?;
    }
    for against in &prime.against {
        writeln!(out, "<p class=\"wrap\">Evidence against it: {}</p>", escape(against))?;
    }
    if !prime.settle.is_empty() {
        writeln!(out, "<p class=\"wrap\">To confirm it: {}</p>", escape(&prime.settle))?;
    }
    writeln!(out, "</section>")?;
    if others.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Other suspects</h2>\n<ol start=\"2\">")?;
    for suspect in others {
        writeln!(
            out,
            "<li class=\"wrap\"><b>{}</b> ({}, score {}): {}</li>",
            suspect.cause.words(),
            suspect.item.code(),
            number(suspect.score),
            escape(&suspect.statement)
        )?;
    }
    writeln!(out, "</ol>")
}

fn map(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    writeln!(
        out,
        "<h2>The map: {}</h2>\n<table><thead><tr><th>Layer</th><th>Verdict</th><th>Items</th></tr></thead><tbody>",
        coverage(diagnosis)
    )?;
    for layer in &diagnosis.layers {
        let items: Vec<String> =
            layer.items.iter().map(|item| format!("{} {}", item.item.code(), verdict(item.verdict))).collect();
        writeln!(
            out,
            "<tr><td>{} {}</td><td>{}</td><td>{}</td></tr>",
            layer.layer.number(),
            layer.layer.text().title,
            verdict(layer.verdict),
            items.join(" &nbsp; ")
        )?;
    }
    writeln!(out, "</tbody></table>")
}

fn findings(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    if diagnosis.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Findings</h2>\n<table><thead><tr><th>Verdict</th><th>Finding</th></tr></thead><tbody>")?;
    for finding in &diagnosis.findings {
        writeln!(
            out,
            "<tr><td>{}<br><span class=\"soft\">{}</span></td><td class=\"wrap\">{}",
            verdict(finding.verdict),
            escape(finding.detector.as_str()),
            escape(&finding.statement)
        )?;
        writeln!(
            out,
            "<br><span class=\"soft\">{}</span><br>Try next: {}</td></tr>",
            escape(&proof(finding)),
            escape(&finding.try_next)
        )?;
    }
    writeln!(out, "</tbody></table>")
}

fn comparisons(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    if diagnosis.comparisons.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<h2>Columns, train against serve</h2>\n<table><thead><tr><th>Column</th><th>Kind</th><th>Rows</th><th>Nulls</th><th>Effects</th><th class=\"number\">q</th></tr></thead><tbody>"
    )?;
    for comparison in diagnosis.comparisons.iter() {
        let sides = |sides: &RowsBySide| {
            sides.iter().rev().map(|(side, n)| format!("{} {}", side.id(), count(*n))).collect::<Vec<_>>().join("<br>")
        };
        let effects: Vec<String> =
            comparison.effects.iter().map(|(name, value)| format!("{} {}", escape(name), number(*value))).collect();
        let q = comparison.q.map_or_else(String::new, number);
        writeln!(
            out,
            "<tr><td class=\"wrap\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{q}</td></tr>",
            escape(&comparison.column),
            comparison.kind.word(),
            sides(&comparison.n),
            sides(&comparison.nulls),
            effects.join("<br>")
        )?;
    }
    writeln!(out, "</tbody></table>")
}

fn evaluations(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    for run in diagnosis.evaluations.iter() {
        writeln!(
            out,
            "<h2 class=\"wrap\">Evaluation run {} · {} · n {}</h2>",
            escape(&run.name),
            escape(&run.split),
            count(run.n)
        )?;
        writeln!(
            out,
            "<table><thead><tr><th>Metric</th><th class=\"number\">Value</th><th>95 % interval</th></tr></thead><tbody>"
        )?;
        for (name, metric) in &run.metrics {
            let interval = match (metric.low, metric.high) {
                (Some(low), Some(high)) => format!("{} to {}", number(low), number(high)),
                _ => String::new(),
            };
            writeln!(
                out,
                "<tr><td>{}</td><td class=\"number\">{}</td><td>{interval}</td></tr>",
                escape(name),
                number(metric.value)
            )?;
        }
        writeln!(out, "</tbody></table>")?;
    }
    Ok(())
}

fn inputs(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    writeln!(
        out,
        "<h2>Inputs</h2>\n<table><thead><tr><th>Role</th><th>File</th><th class=\"number\">Rows</th><th class=\"number\">Columns</th><th>SHA-256</th></tr></thead><tbody>"
    )?;
    for input in &diagnosis.inputs {
        let notes: String =
            input.notes.iter().map(|note| format!("<br><span class=\"soft\">{}</span>", escape(note))).collect();
        writeln!(
            out,
            "<tr><td>{}</td><td class=\"wrap\">{}{notes}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"wrap\">{}</td></tr>",
            input.role.words(),
            escape(&input.name),
            count(input.rows),
            count(input.columns),
            escape(&input.sha256)
        )?;
    }
    writeln!(out, "</tbody></table>")
}
