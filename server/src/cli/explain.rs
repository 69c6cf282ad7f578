//! `mismatch explain`: the map, its items and its detectors, in the words that the pages show.

use std::fmt::Write;
use std::process::ExitCode;

use checks::detectors::{self, Detector};
use clap::Args;
use domain::symptom::Symptom;
use domain::{Cause, Item, Layer, Problem};

/// Explains an item (`F2`), a detector (`D1.column_drift`), a layer (`data`) or a cause (`unit_scale`); without a code, lists them all.
#[derive(Debug, Args)]
pub struct Explain {
    /// The item, detector, layer or cause to explain.
    code: Option<String>,
}

impl Explain {
    /// # Errors
    /// When there is no such code.
    pub fn run(self) -> Result<ExitCode, Problem> {
        let text = match &self.code {
            None => everything(),
            Some(code) => explain(code).ok_or_else(|| unknown(code))?,
        };
        super::print(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn explain(code: &str) -> Option<String> {
    if let Some(item) = Item::from_code(code) {
        return Some(item_text(item));
    }
    if let Some(detector) =
        detectors::all().chain(checks::tools::all()).find(|detector| detector.id.as_str().eq_ignore_ascii_case(code))
    {
        return Some(detector_text(detector));
    }
    if let Some(layer) = Layer::ALL.into_iter().find(|layer| layer.id().eq_ignore_ascii_case(code)) {
        return Some(layer_text(layer));
    }
    Cause::ALL.iter().find(|cause| cause.id().eq_ignore_ascii_case(code)).map(|cause| cause_text(*cause))
}

fn unknown(code: &str) -> Problem {
    let items: Vec<&str> = Item::ALL.iter().map(|item| item.code()).collect();
    let detectors: Vec<&str> = detectors::all().map(|detector| detector.id.as_str()).collect();
    Problem::bad_input(format!(
        "There is no item, detector, layer or cause `{}`; items are {}; detectors are {}.",
        code.escape_debug(),
        items.join(" "),
        if detectors.is_empty() { "none".to_owned() } else { detectors.join(" ") },
    ))
}

fn everything() -> String {
    let mut text = String::new();
    for layer in Layer::ALL {
        let words = layer.text();
        // Writing to a String can't fail.
        let _ = writeln!(text, "{} {}: {}", layer.number(), words.title, words.question);
        for item in layer.items() {
            let _ = writeln!(text, "  {}  {}", item.code(), item.question());
            for detector in detectors_of(item) {
                let _ = writeln!(text, "      {:<28} {}", detector.id.as_str(), detector.title);
            }
        }
    }
    text
}

fn detectors_of(item: Item) -> impl Iterator<Item = &'static Detector> {
    detectors::all().filter(move |detector| detector.item == item)
}

fn layer_text(layer: Layer) -> String {
    let words = layer.text();
    let mut text = format!("{} {}\n{}\n\nSymptoms\n", layer.number(), words.title, words.question);
    for symptom in Symptom::of_layer(layer) {
        let _ = writeln!(text, "  - {}", symptom.words);
    }
    text.push_str("\nItems\n");
    for item in layer.items() {
        let _ = writeln!(text, "  {}  {}", item.code(), item.question());
    }
    let _ = writeln!(text, "\nTools: {}\n\n{}", words.tools.join(", "), words.advice);
    text
}

fn item_text(item: Item) -> String {
    let mut text = format!(
        "{} {}\nLayer: {}\nNeeds {}.\n",
        item.code(),
        item.question(),
        item.layer().text().title,
        item.needs().words()
    );
    let mut any = false;
    for detector in detectors_of(item) {
        any = true;
        let _ = write!(text, "\n{}", detector_text(detector));
    }
    if !any {
        text.push_str("\nNo detector checks this item yet.\n");
    }
    text
}

fn detector_text(detector: &Detector) -> String {
    let causes: Vec<&str> = detector.causes.iter().map(|cause| cause.id()).collect();
    format!(
        "{}  {}\n  Checks for:     {}\n  Why it matters: {}\n  How it decides: {}\n  Try next:       {}\n  Supports:       {}\n",
        detector.id,
        detector.title,
        detector.looks_for,
        detector.why_it_matters,
        detector.decision(),
        detector.try_next,
        causes.join(", "),
    )
}

fn cause_text(cause: Cause) -> String {
    let speaking: Vec<&str> = detectors::all()
        .filter(|detector| detector.causes.contains(&cause))
        .map(|detector| detector.id.as_str())
        .collect();
    let speaking = if speaking.is_empty() { "none yet".to_owned() } else { speaking.join(", ") };
    format!(
        "{}: {}\n{} {}\nDetectors that support it: {speaking}\n",
        cause.id(),
        cause.words(),
        cause.item().code(),
        cause.item().question()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_detector_layer_and_cause_is_explained() {
        let codes =
            Item::ALL.iter().map(|item| item.code()).chain(detectors::all().map(|detector| detector.id.as_str()));
        for code in codes.chain(Layer::ALL.map(Layer::id)).chain(Cause::ALL.iter().map(|cause| cause.id())) {
            assert!(explain(code).is_some_and(|text| text.lines().count() > 2), "{code}");
        }
        assert!(unknown("Z9").message.contains(" F2 "));
    }
}
