//! The diagnosis as JUnit XML: a suite per layer, a test case per item, so that a pipeline shows it like its tests.

use std::fmt::Write;

use domain::diagnosis::{ItemResult, LayerResult};
use domain::markup::escaped;
use domain::{Diagnosis, Finding, Verdict};

use super::Gate;
use super::wording::proof;

pub fn render(diagnosis: &Diagnosis, gate: Gate) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = write_all(&mut text, diagnosis, gate);
    text
}

fn write_all(out: &mut String, diagnosis: &Diagnosis, gate: Gate) -> std::fmt::Result {
    let items = || diagnosis.layers.iter().flat_map(|layer| &layer.items);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="mismatch" {}>"#, counts(items(), diagnosis, gate))?;
    for layer in &diagnosis.layers {
        suite(out, layer, diagnosis, gate)?;
    }
    writeln!(out, "</testsuites>")
}

fn counts<'a>(items: impl Iterator<Item = &'a ItemResult>, diagnosis: &Diagnosis, gate: Gate) -> String {
    let (mut tests, mut failures, mut skipped) = (0, 0, 0);
    for item in items {
        tests += 1;
        failures += u32::from(gate.fails_item(item.item, diagnosis));
        skipped += u32::from(item.verdict == Verdict::NoEvidence);
    }
    format!(r#"tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}""#)
}

fn suite(out: &mut String, layer: &LayerResult, diagnosis: &Diagnosis, gate: Gate) -> std::fmt::Result {
    writeln!(out, r#"  <testsuite name="{}" {}>"#, layer.layer.id(), counts(layer.items.iter(), diagnosis, gate))?;
    for item in &layer.items {
        let name = format!("{} {}", item.item.code(), item.item.question());
        writeln!(out, r#"    <testcase classname="mismatch.{}" name="{}">"#, layer.layer.id(), escaped(&name))?;
        outcome(out, item, diagnosis, gate)?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

fn outcome(out: &mut String, item: &ItemResult, diagnosis: &Diagnosis, gate: Gate) -> std::fmt::Result {
    let findings: Vec<&Finding> = diagnosis.findings.iter().filter(|finding| finding.item == item.item).collect();
    let details: Vec<String> = findings
        .iter()
        .map(|finding| {
            format!(
                "{} {} {}\n  {}\n  Try next: {}",
                finding.mark().word(),
                finding.detector,
                finding.statement,
                proof(finding),
                finding.try_next
            )
        })
        .collect();
    let details = escaped(&details.join("\n"));
    if let Some(first) = findings.iter().find(|finding| gate.fails(diagnosis, finding)) {
        let message = escaped(&first.statement);
        return writeln!(
            out,
            r#"      <failure type="{}" message="{message}">{details}</failure>"#,
            first.mark().word()
        );
    }
    if item.verdict == Verdict::NoEvidence {
        return writeln!(out, r#"      <skipped message="needs {}"/>"#, escaped(&item.missing.join("; ")));
    }
    if details.is_empty() { Ok(()) } else { writeln!(out, "      <system-out>{details}</system-out>") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_strangers_are_no_xml_and_no_forbidden_characters() {
        assert_eq!(escaped("a\"<b>\u{1b}\u{0}"), "a&quot;&lt;b&gt;\u{fffd}\u{fffd}");
    }
}
