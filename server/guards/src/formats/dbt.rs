//! dbt: a singular data test, which is a query that returns what is wrong. Tests in a schema.yml count rows and know no shares of
//! rows without packages: <https://docs.getdbt.com/docs/build/data-tests#singular-data-tests>.

use std::fmt::Write;

use domain::constraint::Rule;
use domain::guard::GuardRule;
use domain::snapshot::ColumnKind;
use domain::{Guard, Problem};

use crate::GuardFormat;
use crate::quote::{decimal, plain, quoted_without};
use crate::rules::{LeftOut, head_comments, least, nothing, proof};

pub(super) static TEST: GuardFormat = GuardFormat {
    id: "dbt",
    tool: "dbt",
    words: "Singular data test, SQL. Put it into tests/ and \
            name the model in the variable mismatch_model; it returns one row for each broken rule.",
    proven_on: "1.10 with DuckDB",
    file_name: "mismatch_guard.sql",
    media_type: "application/sql",
    write,
};

/// Marks that open or close a template of Jinja, even within a string of it.
const TEMPLATE: [char; 4] = ['{', '}', '%', '#'];

fn write(guard: &Guard) -> Result<String, Problem> {
    let mut left = LeftOut::default();
    let mut measures = Vec::new();
    let mut verdicts = Vec::new();
    for rule in &guard.rules {
        let Some(measure) = measure(rule, &mut left) else { continue };
        let name = format!("measure_{}", measures.len());
        measures.push(format!("        -- {}\n        {} as {name}", proof(rule), measure.sql));
        verdicts.extend(measure.broken.map(|broken| {
            let words = literal(&plain(&rule.words()));
            let broken = broken.replace("measured", &name);
            format!("select {words} as broken_rule, {name} as measured from measures where {broken}")
        }));
    }
    if verdicts.is_empty() {
        return Err(nothing(TEST.tool, "no rules about data"));
    }
    let head = head_comments("--", guard, &left);
    let model = "{% set rows_to_guard = ref(var('mismatch_model', 'serving_rows')) %}";
    let about =
        "-- Name the model in dbt_project.yml (vars: mismatch_model) or with --vars '{mismatch_model: your_model}'.";
    Ok(format!(
        "{head}{about}\n{model}\n\nwith measures as (\n    select\n{}\n    from {{{{ rows_to_guard }}}}\n)\n\n{}\n",
        measures.join(",\n"),
        verdicts.join("\nunion all\n")
    ))
}

/// What is measured, and when that breaks the rule; without that, what can't be measured is an error of the test.
struct Measure {
    sql: String,
    broken: Option<String>,
}

fn measure(rule: &GuardRule, left: &mut LeftOut) -> Option<Measure> {
    let column = match &rule.column {
        // dbt puts quotes around a name and does not look into it.
        Some(name) if name.contains(['"', '`', '[', ']', '\\']) || name.chars().any(char::is_control) => {
            left.add(rule, "its column has a name that can't be quoted in SQL");
            return None;
        }
        Some(name) => format!("{{{{ adapter.quote({}) }}}}", jinja(name)),
        None => "*".to_owned(),
    };
    let share_outside = |inside: String, share: f64| {
        let sql = format!("avg(case when {column} is null then null when {inside} then 0.0 else 1.0 end)");
        Measure { sql, broken: Some(format!("measured > {}", decimal(least(share)))) }
    };
    Some(match &rule.rule {
        Rule::Present => Measure { sql: format!("count({column})"), broken: None },
        Rule::Missing { most } => Measure {
            sql: format!("avg(case when {column} is null then 1.0 else 0.0 end)"),
            broken: Some(format!("measured > {}", decimal(*most))),
        },
        Rule::Between { low, high, share } => {
            let ends = [(">=", low), ("<=", high)];
            let parts: Vec<String> = ends
                .into_iter()
                .filter_map(|(sign, end)| Some(format!("{column} {sign} {}", decimal((*end)?))))
                .collect();
            share_outside(parts.join(" and "), *share)
        }
        Rule::OneOf { values, share } => {
            let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
            share_outside(format!("{column} in ({})", values.join(", ")), *share)
        }
        Rule::Mean { low, high } => Measure { sql: format!("avg({column})"), broken: outside(*low, *high) },
        Rule::Rows { low, high } => Measure {
            sql: "count(*)".to_owned(),
            broken: outside(low.map(|low| low as f64), high.map(|high| high as f64)),
        },
        Rule::Unique => Measure {
            sql: format!("count({column}) - count(distinct {column})"),
            broken: Some("measured > 0".to_owned()),
        },
        Rule::Matches { .. } => {
            left.add(rule, "patterns are written in another way in each database");
            return None;
        }
        Rule::Type { of } => {
            let why = match of {
                ColumnKind::Numeric => "a number is what can be compared with one, which the ranges do",
                _ => "types have other names in each database",
            };
            left.add(rule, why);
            return None;
        }
        Rule::Columns { .. } => {
            left.add(rule, "a query does not count columns");
            return None;
        }
    })
}

fn outside(low: Option<f64>, high: Option<f64>) -> Option<String> {
    let mut out = String::new();
    if let Some(low) = low {
        let _ = write!(out, "measured < {}", decimal(low));
    }
    if let Some(high) = high {
        let or = if out.is_empty() { "" } else { " or " };
        let _ = write!(out, "{or}measured > {}", decimal(high));
    }
    (!out.is_empty()).then_some(out)
}

/// A string of Jinja.
fn jinja(text: &str) -> String {
    quoted_without(text, &TEMPLATE)
}

/// A string of the database, by what dbt knows of its quotes.
fn literal(text: &str) -> String {
    format!("{{{{ dbt.string_literal(dbt.escape_single_quotes({})) }}}}", jinja(text))
}
