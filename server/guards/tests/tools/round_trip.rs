//! What is written is read back by the connectors of this project: by the right one, with the same rules.

use std::collections::BTreeSet;

use super::trips::{Fault, guard, trips};
use domain::constraint::{Constraint, Rule};
use domain::guard::AlertLimit;
use domain::observation::Breach;
use domain::{Guard, Item};

fn written() -> Guard {
    let alert = |signal: &str, breach| AlertLimit {
        signal: signal.into(),
        breach,
        limit: 0.18,
        unit: None,
        for_ms: 300_000,
        before: 0.09,
        after: 0.27,
        findings: vec!["f1".into()],
    };
    let alerts = vec![alert("p95(latency_seconds)", Breach::Above), alert("confidence{model=\"a\"}", Breach::Below)];
    Guard { alerts, items: vec![Item::D3], ..guard(&trips(1, 4_000, None), &trips(2, 1_000, Some(Fault::Category))) }
}

fn read(format: &str, connector: &str) -> Vec<Constraint> {
    let format = guards::find(format).unwrap();
    let text = (format.write)(&written()).unwrap();
    let artifact = connectors::read(text.as_bytes(), format.file_name).unwrap().unwrap();
    assert_eq!(artifact.connector.id, connector);
    artifact.brought.facts.constraints
}

/// Column and rule in words.
fn said<'r>(rules: impl Iterator<Item = (&'r Option<String>, &'r Rule)>) -> BTreeSet<String> {
    rules.map(|(column, rule)| format!("{} {}", column.as_deref().unwrap_or("-"), rule.words())).collect()
}

fn expected(keep: impl Fn(&Rule) -> bool) -> BTreeSet<String> {
    let guard = written();
    said(guard.rules.iter().filter(|rule| keep(&rule.rule)).map(|rule| (&rule.column, &rule.rule)))
}

fn of(constraints: &[Constraint]) -> BTreeSet<String> {
    said(constraints.iter().map(|one| (&one.column, &one.rule)))
}

#[test]
fn a_suite_of_great_expectations_gives_back_all_rules_but_types() {
    let back = read("great_expectations", "great_expectations_suite");
    let is_taken = |rule: &Rule| !matches!(rule, Rule::Type { .. });
    assert_eq!(of(&back), expected(is_taken));
    assert!(back.len() >= 15);
}

#[test]
fn a_schema_of_tfdv_gives_back_what_it_can_say() {
    let back = of(&read("tfdv", "tfdv_schema"));
    let is_said = |rule: &Rule| match rule {
        Rule::Between { share, .. } => *share >= 1.0,
        Rule::Mean { .. } | Rule::Columns { .. } | Rule::Type { .. } => false,
        _ => true,
    };
    let missing: Vec<String> = expected(is_said).difference(&back).cloned().collect();
    // A list of values comes back in the order of the alphabet.
    assert!(missing.is_empty(), "{missing:?} are not in {back:?}");
}

#[test]
fn a_contract_gives_back_missing_values_lists_presence_and_rows() {
    let back = of(&read("odcs", "odcs_contract"));
    let is_said =
        |rule: &Rule| matches!(rule, Rule::Present | Rule::Missing { .. } | Rule::OneOf { .. } | Rule::Rows { .. });
    let missing: Vec<String> = expected(is_said).difference(&back).cloned().collect();
    assert!(missing.is_empty(), "{missing:?} are not in {back:?}");
}

#[test]
fn alert_rules_give_back_signals_and_limits() {
    let format = guards::find("prometheus").unwrap();
    let text = (format.write)(&written()).unwrap();
    let artifact = connectors::read(text.as_bytes(), format.file_name).unwrap().unwrap();
    assert_eq!(artifact.connector.id, "prometheus_rules_file");
    let rules = &artifact.brought.observations.alert_rules;
    let said: Vec<_> =
        rules.iter().map(|rule| (rule.signal.as_str(), rule.breach, rule.threshold, rule.for_ms)).collect();
    assert_eq!(
        said,
        [
            ("p95(latency_seconds)", Breach::Above, 0.18, 300_000),
            ("confidence", Breach::Below, 0.18, 300_000),
            ("mismatch_verdict", Breach::Above, 3.0, 0),
        ]
    );
}
