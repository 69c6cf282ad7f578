//! TensorFlow Data Validation: a schema as protobuf text:
//! <https://github.com/tensorflow/metadata/blob/master/tensorflow_metadata/proto/v0/schema.proto>.

use std::fmt::Write;

use domain::constraint::Rule;
use domain::guard::GuardedColumn;
use domain::snapshot::ColumnKind;
use domain::{Guard, Problem};

use crate::GuardFormat;
use crate::quote::{decimal, of_protobuf};
use crate::rules::{LeftOut, head_comments, least, nothing, proof};

pub(super) static SCHEMA: GuardFormat = GuardFormat {
    id: "tfdv",
    tool: "TensorFlow Data Validation",
    words: "Schema, protobuf text. Read it with load_schema_text and call validate_statistics on the statistics of each batch.",
    proven_on: "1.16.1",
    file_name: "mismatch_guard.pbtxt",
    media_type: "text/plain",
    write,
};

fn write(guard: &Guard) -> Result<String, Problem> {
    if guard.rules.is_empty() {
        return Err(nothing(SCHEMA.tool, "no rules about data"));
    }
    let mut left = LeftOut::default();
    // A column that the schema does not name is an anomaly, so all are there; those without rules may be absent.
    let features: String = guard.columns.iter().map(|column| feature(guard, column, &mut left)).collect();
    let mut table = String::new();
    for rule in guard.rules_of(None) {
        match rule.rule {
            Rule::Rows { low, high } => {
                let _ = writeln!(table, "# {}\ndataset_constraints {{", proof(rule));
                let ends = [("min_examples_count", low), ("max_examples_count", high)];
                for (name, end) in ends.into_iter().filter_map(|(name, end)| Some((name, end?))) {
                    let _ = writeln!(table, "  {name}: {end}");
                }
                table.push_str("}\n");
            }
            _ => left.add(rule, "a schema names its columns and does not count them"),
        }
    }
    Ok(format!("{}\n{features}{table}", head_comments("#", guard, &left)))
}

fn feature(guard: &Guard, column: &GuardedColumn, left: &mut LeftOut) -> String {
    let is_number = column.kind == ColumnKind::Numeric;
    let kind = match column.kind {
        ColumnKind::Numeric if column.whole => "INT",
        ColumnKind::Numeric => "FLOAT",
        _ => "BYTES",
    };
    let mut out = format!("feature {{\n  name: {}\n  type: {kind}\n", of_protobuf(&column.name));
    let mut presence = String::new();
    for rule in guard.rules_of(Some(&column.name)) {
        let mut said = String::new();
        match &rule.rule {
            Rule::Present => presence.push_str(" min_count: 1"),
            Rule::Missing { most } => {
                let _ = write!(presence, " min_fraction: {}", decimal(least(*most)));
            }
            Rule::Type { .. } => {}
            Rule::Between { low, high, share } if *share >= 1.0 && is_number => said = range(column.whole, *low, *high),
            Rule::Between { .. } => left.add(rule, "a range has no share of rows"),
            Rule::OneOf { values, share } if kind == "BYTES" => said = domain(values, *share),
            _ => left.add(rule, "there is no such rule"),
        }
        if !said.is_empty() {
            let _ = write!(out, "  # {}\n{said}", proof(rule));
        }
    }
    if !presence.is_empty() {
        let _ = writeln!(out, "  presence {{{presence} }}");
    }
    out + "}\n"
}

fn range(whole: bool, low: Option<f64>, high: Option<f64>) -> String {
    let name = if whole { "int_domain" } else { "float_domain" };
    let end = |name: &str, end: Option<f64>, round: fn(f64) -> f64| {
        let end = end.map(|end| if whole { round(end) } else { end });
        // An end that no whole number of the format can hold is open.
        let end = end.filter(|end| !whole || end.abs() < 9e15);
        end.map_or(String::new(), |end| format!(" {name}: {}", decimal(end)))
    };
    format!("  {name} {{{}{} }}\n", end("min", low, f64::floor), end("max", high, f64::ceil))
}

fn domain(values: &[String], share: f64) -> String {
    let listed: String = values.iter().map(|value| format!("    value: {}\n", of_protobuf(value))).collect();
    let mass = if share < 1.0 {
        format!("  distribution_constraints {{ min_domain_mass: {} }}\n", decimal(share))
    } else {
        String::new()
    };
    format!("  string_domain {{\n{listed}  }}\n{mass}")
}
