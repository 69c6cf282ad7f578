//! Open Data Contract Standard: a contract with quality rules:
//! <https://bitol-io.github.io/open-data-contract-standard/v3.1.0/data-quality/>.

use std::fmt::Write;

use domain::constraint::Rule;
use domain::guard::{GuardRule, GuardedColumn};
use domain::snapshot::ColumnKind;
use domain::{Guard, Problem};

use crate::GuardFormat;
use crate::quote::{decimal, quoted};
use crate::rules::{LeftOut, head_comments, nothing, percent_outside, proof};

pub(super) static CONTRACT: GuardFormat = GuardFormat {
    id: "odcs",
    tool: "ODCS",
    words: "Data contract with quality rules, YAML. Add your servers, name the table, and run datacontract test.",
    proven_on: "3.1.0 with datacontract-cli 1.2",
    file_name: "mismatch_guard.odcs.yaml",
    media_type: "application/yaml",
    write,
};

fn write(guard: &Guard) -> Result<String, Problem> {
    if guard.rules.is_empty() {
        return Err(nothing(CONTRACT.tool, "no rules about data"));
    }
    let mut left = LeftOut::default();
    let mut properties = String::new();
    for column in &guard.columns {
        let rules: Vec<&GuardRule> = guard.rules_of(Some(&column.name)).collect();
        if rules.is_empty() {
            continue;
        }
        // Where contracts are tested, it would be replaced by a variable of the environment.
        if is_reference(&column.name) {
            rules.iter().for_each(|rule| left.add(rule, "its name would be read as a variable"));
            continue;
        }
        let _ = writeln!(properties, "      - name: {}", quoted(&column.name));
        if let Some(kind) = kind(&rules, column) {
            let _ = writeln!(properties, "        logicalType: {kind}");
        }
        let quality: String = rules.iter().filter_map(|rule| of_column(rule, &mut left)).collect();
        if !quality.is_empty() {
            let _ = write!(properties, "        quality:\n{quality}");
        }
    }
    let mut of_table = String::new();
    for rule in guard.rules_of(None) {
        match rule.rule {
            Rule::Rows { low: Some(low), high: None } => {
                let metric = format!("metric: rowCount\n        mustBeGreaterOrEqualTo: {low}");
                let _ =
                    write!(of_table, "      - type: library\n        {metric}\n        description: {}\n", words(rule));
            }
            _ => left.add(rule, "a contract names its columns and does not count them"),
        }
    }
    if !of_table.is_empty() {
        of_table.insert_str(0, "    quality:\n");
    }
    let title = if is_reference(&guard.title) { "a diagnosis" } else { guard.title.as_str() };
    let name = quoted(&format!("Mismatch guard: {title}"));
    Ok(format!(
        "{}apiVersion: v3.1.0\nkind: DataContract\nid: mismatch-guard\nname: {name}\nversion: 1.0.0\nstatus: active\nschema:\n  \
         # The table that is guarded.\n  - name: batch\n    physicalType: table\n    properties:\n{properties}{of_table}",
        head_comments("#", guard, &left)
    ))
}

fn is_reference(text: &str) -> bool {
    text.contains("${")
}

fn words(rule: &GuardRule) -> String {
    quoted(&format!("{}. {}", crate::quote::plain(&rule.rule.words()), proof(rule)))
}

fn of_column(rule: &GuardRule, left: &mut LeftOut) -> Option<String> {
    let name = rule.column.as_deref().unwrap_or_default();
    let library = |metric: &str| Some(format!("type: library\n            metric: {metric}"));
    let query =
        |sql: &str, limit: String| Some(format!("type: sql\n            query: {}\n            {limit}", quoted(sql)));
    let most = |share: f64| format!("mustBeLessOrEqualTo: {}", decimal(percent_outside(share)));
    let said = match &rule.rule {
        Rule::Present | Rule::Type { .. } => return None,
        Rule::Missing { most: share } => {
            library(&format!("nullValues\n            {}\n            unit: percent", most(1.0 - share)))
        }
        Rule::OneOf { values, .. } if values.iter().any(|value| is_reference(value)) => {
            left.add(rule, "one of its values would be read as a variable");
            None
        }
        Rule::OneOf { values, share } => {
            let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
            let values = values.join(", ");
            library(&format!(
                "invalidValues\n            arguments:\n              validValues: [{values}]\n            {}\n            \
                 unit: percent",
                most(*share)
            ))
        }
        _ if name.contains('.') => {
            left.add(rule, "a query would read the point in its name as a path");
            None
        }
        Rule::Between { low: Some(low), high: Some(high), share } => query(
            &format!(
                "SELECT COALESCE(100.0 * SUM(CASE WHEN {{property}} BETWEEN {} AND {} THEN 0 ELSE 1 END) \
                 / NULLIF(COUNT(*), 0), 0) \
                 FROM {{object}} WHERE {{property}} IS NOT NULL",
                decimal(*low),
                decimal(*high)
            ),
            most(*share),
        ),
        Rule::Mean { low: Some(low), high: Some(high) } => query(
            "SELECT AVG({property}) FROM {object}",
            format!("mustBeBetween: [{}, {}]", decimal(*low), decimal(*high)),
        ),
        _ => {
            left.add(rule, "there is no such rule");
            None
        }
    }?;
    Some(format!("          - {said}\n            description: {}\n", words(rule)))
}

/// The type that the rules of a column ask for.
fn kind(rules: &[&GuardRule], column: &GuardedColumn) -> Option<&'static str> {
    rules.iter().find_map(|rule| match &rule.rule {
        Rule::Type { of: ColumnKind::Numeric } if column.whole => Some("integer"),
        Rule::Type { of: ColumnKind::Numeric } => Some("number"),
        Rule::Type { of: ColumnKind::Boolean } => Some("boolean"),
        Rule::Type { .. } => Some("string"),
        _ => None,
    })
}
