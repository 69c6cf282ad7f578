//! Every format of an ordinary guard and of one whose strings are hostile.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;

use domain::constraint::Rule;
use domain::guard::{AlertLimit, GuardProof, GuardRule, GuardedColumn};
use domain::observation::Breach;
use domain::snapshot::ColumnKind;
use domain::{Guard, Item};

use super::{all, find};

fn rule(column: Option<&str>, rule: Rule, on_serve: Option<&str>) -> GuardRule {
    let proof =
        GuardProof { on_train: "as it was".into(), on_serve: on_serve.map(str::to_owned), catches: on_serve.is_some() };
    GuardRule {
        column: column.map(str::to_owned),
        rule,
        proof,
        findings: on_serve.map(|_| "f1".into()).into_iter().collect(),
    }
}

fn alert(signal: &str, breach: Breach, limit: f64) -> AlertLimit {
    AlertLimit {
        signal: signal.into(),
        breach,
        limit,
        unit: Some("s".into()),
        for_ms: 300_000,
        before: 0.09,
        after: 0.27,
        findings: vec!["f2".into()],
    }
}

/// A number, a category with these values, a truth value and a label that has no rules.
fn guard(title: &str, names: [&str; 3], values: &[&str]) -> Guard {
    let [number, words, truth] = names;
    let kinds = [
        (number, ColumnKind::Numeric),
        (words, ColumnKind::Categorical),
        (truth, ColumnKind::Boolean),
        ("label", ColumnKind::Numeric),
    ];
    let one_of = Rule::OneOf { values: values.iter().map(|value| (*value).to_owned()).collect(), share: 0.96 };
    Guard {
        title: title.into(),
        investigation: title.into(),
        columns: kinds
            .into_iter()
            .map(|(name, kind)| GuardedColumn { name: name.into(), kind, whole: name == "label" })
            .collect(),
        rules: vec![
            rule(None, Rule::Rows { low: Some(100), high: None }, None),
            rule(None, Rule::Columns { low: Some(3), high: None }, None),
            rule(Some(number), Rule::Present, None),
            rule(Some(number), Rule::Type { of: ColumnKind::Numeric }, None),
            rule(Some(number), Rule::Missing { most: 0.03 }, Some("20 % missing")),
            rule(Some(number), Rule::Between { low: Some(0.0), high: Some(36.2), share: 0.95 }, Some("0 to 36,000")),
            rule(Some(number), Rule::Between { low: Some(-108.6), high: Some(144.8), share: 1.0 }, None),
            rule(Some(number), Rule::Mean { low: Some(2.29), high: Some(9.36) }, None),
            rule(Some(words), Rule::Present, None),
            rule(Some(words), Rule::Type { of: ColumnKind::Categorical }, None),
            rule(Some(words), one_of, Some("“TURKU” in 25 % of rows")),
            rule(Some(truth), Rule::Type { of: ColumnKind::Boolean }, None),
        ],
        alerts: vec![
            alert("p95(latency_seconds){version=\"v4\"}", Breach::Above, 0.18),
            alert("roc auc of the week", Breach::Below, 0.8),
        ],
        items: vec![Item::D1, Item::P3],
    }
}

fn ordinary() -> Guard {
    guard("Fares in March", ["distance", "city", "is_new"], &["Oslo", "Bergen", "Turku"])
}

fn hostile() -> Guard {
    let long = "x".repeat(10_000);
    let values = [
        "'; drop table x; --",
        "{{ env_var('SECRET') }}",
        "${HOME}",
        "\"}\n- alert: x",
        "a\\",
        "\u{202e}abc\u{2028}",
        "#",
        "null",
        "{% raw %}",
        long.as_str(),
    ];
    guard("A \"title\"\n# {{ $labels.x }} \u{0}", ["class\"\"\"\n{{ 7 * 7 }}", "lambda", "étage 2: 'é'\t"], &values)
}

#[test]
fn formats_are_known_by_ids_that_differ() {
    let ids: BTreeSet<&str> = all().map(|format| format.id).collect();
    assert_eq!(ids.len(), all().count());
    assert!(ids.iter().all(|id| find(id).unwrap().id == *id));
    assert!(find("excel").is_none());
}

#[test]
fn an_ordinary_guard_in_every_format() {
    for format in all() {
        insta::assert_snapshot!(format.id, (format.write)(&ordinary()).unwrap());
    }
}

#[test]
fn a_hostile_guard_in_every_format() {
    for format in all() {
        let text = (format.write)(&hostile()).unwrap().replace(&"x".repeat(1_000), "(1,000 x)");
        let is_written =
            |letter: char| letter == '\n' || !letter.is_control() && !matches!(letter, '\u{202e}' | '\u{2028}');
        assert!(format.media_type == "application/json" || text.chars().all(is_written), "{}", format.id);
        insta::assert_snapshot!(format!("hostile_{}", format.id), text);
    }
}

#[test]
fn a_guard_of_nothing_is_refused_in_a_sentence() {
    for format in all() {
        let problem = (format.write)(&Guard::default()).unwrap_err();
        assert!(problem.message.starts_with(format.tool) && problem.message.ends_with('.'), "{}", problem.message);
    }
}
