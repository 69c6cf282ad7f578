//! pandera: a Python module with a schema, which is what people keep in their repositories. The YAML form has no shares of rows:
//! <https://pandera.readthedocs.io/en/stable/dataframe_schemas.html>.

use std::fmt::Write;

use domain::constraint::Rule;
use domain::guard::GuardRule;
use domain::snapshot::ColumnKind;
use domain::{Guard, Problem};

use crate::GuardFormat;
use crate::quote::{decimal, plain, quoted};
use crate::rules::{LeftOut, head_comments, least, nothing, proof};

pub(super) static SCHEMA: GuardFormat = GuardFormat {
    id: "pandera",
    tool: "pandera",
    words: "Python module with a DataFrameSchema. Import `schema` from it and call \
            schema.validate(frame, lazy=True) on each batch.",
    proven_on: "0.35 with pandas 3.1",
    file_name: "mismatch_guard.py",
    media_type: "text/x-python",
    write,
};

/// What the checks stand on. A share of no rows is never too small.
const FUNCTIONS: &str = r#"import pandas as pd
import pandera.pandas as pa

_TYPES = {
    "numeric": pd.api.types.is_numeric_dtype,
    "boolean": pd.api.types.is_bool_dtype,
    "text": lambda values: not pd.api.types.is_numeric_dtype(values),
}


def _share(holds):
    return holds.mean() if len(holds) else 1.0


def _check(holds, words):
    return pa.Check(lambda values: bool(holds(values)), error=words, ignore_na=False)


def _type(of, words):
    # A column without a value has no type.
    return _check(lambda values: values.isna().all() or _TYPES[of](values.dropna().infer_objects()), words)


def _filled(least, words):
    return _check(lambda values: _share(values.notna()) >= least, words)


def _between(low, high, least, words):
    return _check(lambda values: _share(values.dropna().between(low, high)) >= least, words)


def _one_of(known, least, words):
    return _check(lambda values: _share(values.dropna().isin(known)) >= least, words)


def _unique(words):
    return _check(lambda values: not values.dropna().duplicated().any(), words)


def _matches(pattern, least, words):
    return _check(lambda values: _share(values.dropna().astype(str).str.contains(pattern)) >= least, words)


def _mean(low, high, words):
    return _check(lambda values: values.isna().all() or low <= values.mean() <= high, words)


def _rows(low, high, words):
    return pa.Check(lambda frame: low <= len(frame) <= high, error=words)


def _columns(low, high, words):
    return pa.Check(lambda frame: low <= len(frame.columns) <= high, error=words)
"#;

fn write(guard: &Guard) -> Result<String, Problem> {
    if guard.rules.is_empty() {
        return Err(nothing(SCHEMA.tool, "no rules about data"));
    }
    let mut columns = String::new();
    for column in &guard.columns {
        let rules: Vec<&GuardRule> = guard.rules_of(Some(&column.name)).collect();
        if rules.is_empty() {
            continue;
        }
        let is_required = rules.iter().any(|rule| rule.rule == Rule::Present);
        let required = if is_required { "True" } else { "False" };
        let _ = writeln!(columns, "        {}: pa.Column(", quoted(&column.name));
        let _ = writeln!(columns, "            nullable=True,\n            required={required},");
        let _ = writeln!(columns, "            checks=[");
        columns.extend(rules.iter().filter_map(|rule| line(rule, "                ")));
        columns.push_str("            ],\n        ),\n");
    }
    let of_table: String = guard.rules_of(None).filter_map(|rule| line(rule, "        ")).collect();
    let head = head_comments("#", guard, &LeftOut::default());
    Ok(format!(
        "{head}\n{FUNCTIONS}\n\nschema = pa.DataFrameSchema(\n    {{\n{columns}    }},\n    \
         checks=[\n{of_table}    ],\n    strict=False,\n)\n"
    ))
}

/// A check with what it saw here; `None` where it is said in another way.
fn line(rule: &GuardRule, indent: &str) -> Option<String> {
    let check = check(rule)?;
    Some(format!("{indent}# {}\n{indent}{check},\n", proof(rule)))
}

fn check(rule: &GuardRule) -> Option<String> {
    let words = quoted(&plain(&rule.rule.words()));
    let low = |end: Option<f64>| end.map_or("float(\"-inf\")".to_owned(), decimal);
    let high = |end: Option<f64>| end.map_or("float(\"inf\")".to_owned(), decimal);
    let whole = |low: Option<u64>, high: Option<u64>| {
        (low.unwrap_or(0).to_string(), high.map_or("float(\"inf\")".to_owned(), |high| high.to_string()))
    };
    Some(match &rule.rule {
        Rule::Present => return None,
        Rule::Type { of } => {
            let of = match of {
                ColumnKind::Numeric => "numeric",
                ColumnKind::Boolean => "boolean",
                _ => "text",
            };
            format!("_type(\"{of}\", {words})")
        }
        Rule::Missing { most } => format!("_filled({}, {words})", decimal(least(*most))),
        Rule::Between { low: from, high: to, share } => {
            format!("_between({}, {}, {}, {words})", low(*from), high(*to), decimal(*share))
        }
        Rule::OneOf { values, share } => {
            let known: Vec<String> = values.iter().map(|value| quoted(value)).collect();
            format!("_one_of([{}], {}, {words})", known.join(", "), decimal(*share))
        }
        Rule::Unique => format!("_unique({words})"),
        Rule::Matches { pattern, share } => format!("_matches({}, {}, {words})", quoted(pattern), decimal(*share)),
        Rule::Mean { low: from, high: to } => format!("_mean({}, {}, {words})", low(*from), high(*to)),
        Rule::Rows { low, high } => {
            let (low, high) = whole(*low, *high);
            format!("_rows({low}, {high}, {words})")
        }
        Rule::Columns { low, high } => {
            let (low, high) = whole(*low, *high);
            format!("_columns({low}, {high}, {words})")
        }
    })
}
