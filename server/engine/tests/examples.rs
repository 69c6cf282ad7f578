//! The examples that the Reference shows: what the engine finds in small files of the repository. With `BLESS=1` they are
//! made anew.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "examples/cut.rs"]
mod cut;
#[path = "examples/scenarios.rs"]
mod scenarios;

use std::collections::BTreeMap;
use std::path::PathBuf;

use checks::detectors;
use domain::worked_example::Example;
use domain::{Diagnosis, Finding, Verdict};
use rayon::prelude::*;
use scenarios::Scenario;

/// At most this many bytes are part of the program.
const MOST_BYTES: usize = 300_000;

fn kept() -> PathBuf {
    scenarios::repository().join("app/src/pages/reference/examples.json")
}

fn diagnosed(scenarios: Vec<Scenario>) -> Vec<(Scenario, Diagnosis)> {
    scenarios
        .into_par_iter()
        .map(|scenario| {
            let found = scenario.diagnosed();
            (scenario, found)
        })
        .collect()
}

/// How clear a finding is: its verdict, how far it is over its limit (as far as that counts), and whether its files were made
/// for its item. Where two are alike, the first.
fn clearness(scenario: &Scenario, finding: &Finding) -> (Verdict, f64, bool) {
    let of_item = format!("_{}.", finding.item.code().to_lowercase());
    (finding.verdict, finding.effect.relative(), scenario.name.contains(&of_item))
}

fn clearest<'a>(
    all: &'a [(Scenario, Diagnosis)],
    detector: &str,
) -> Option<(&'a Scenario, &'a Diagnosis, &'a Finding)> {
    let found = all
        .iter()
        .flat_map(|(scenario, diagnosis)| diagnosis.findings.iter().map(move |finding| (scenario, diagnosis, finding)));
    let of_detector = found.filter(|(scenario, _, finding)| {
        finding.detector.as_str() == detector && scenario.only.is_none_or(|only| only == detector)
    });
    of_detector.reduce(|best, next| {
        let (is, was) = (clearness(next.0, next.2), clearness(best.0, best.2));
        if is.partial_cmp(&was) == Some(std::cmp::Ordering::Greater) { next } else { best }
    })
}

fn bless() {
    let all = diagnosed(scenarios::all());
    let examples: Vec<Example> = detectors::all()
        .map(|detector| {
            let found = clearest(&all, detector.id.as_str());
            let (scenario, diagnosis, finding) = found.unwrap_or_else(|| panic!("no fixture shows {}", detector.id));
            cut::example(scenario, diagnosis, finding)
        })
        .collect();
    // One a line, so that a difference is read example by example.
    let lines: Vec<String> =
        examples.iter().map(|example| cut::rounded(serde_json::to_value(example).unwrap()).to_string()).collect();
    std::fs::write(kept(), format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
}

#[test]
fn each_detector_has_an_example_and_the_engine_still_says_so() {
    if std::env::var_os("BLESS").is_some() {
        bless();
    }
    let text = std::fs::read_to_string(kept()).unwrap();
    assert!(text.len() <= MOST_BYTES, "{} bytes", text.len());
    let examples: Vec<Example> = serde_json::from_str(&text).unwrap();
    let ids: Vec<&str> = examples.iter().filter_map(|one| Some(one.finding()?.detector.as_str())).collect();
    assert_eq!(ids, detectors::all().map(|detector| detector.id.as_str()).collect::<Vec<_>>());
    let mut by_scenario: BTreeMap<&str, Vec<&Example>> = BTreeMap::new();
    examples.iter().for_each(|one| by_scenario.entry(&one.scenario).or_default().push(one));
    let again = diagnosed(by_scenario.keys().map(|name| Scenario::of(name)).collect());
    for (scenario, diagnosis) in &again {
        for example in &by_scenario[scenario.name.as_str()] {
            let kept = example.finding().unwrap();
            let said = diagnosis.findings.iter().find(|finding| finding.id == kept.id);
            let said = said
                .unwrap_or_else(|| panic!("{} no longer finds {} ({})", scenario.name, kept.statement, kept.detector));
            assert_eq!(
                (&said.statement, said.verdict, &said.n),
                (&kept.statement, kept.verdict, &kept.n),
                "{}",
                scenario.name
            );
            let apart = (said.effect.value - kept.effect.value).abs();
            assert!(apart <= 1e-4 * kept.effect.value.abs().max(1e-6), "{}: {:?}", kept.detector, said.effect);
        }
    }
}
