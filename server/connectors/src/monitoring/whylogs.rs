//! whylogs: profiles (`WHY1` and protobuf), their summaries, drift scores and reports of constraints:
//! <https://whylogs.readthedocs.io/en/latest/>.

mod profile;

use std::collections::BTreeMap;

use domain::Problem;
use domain::number::{count, counted, number};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use serde_json::Value;

use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json};

pub(crate) use profile::PROFILE;

const TOOL: &str = "whylogs";

pub(crate) static SUMMARY: Connector = Connector {
    id: "whylogs_summary",
    tool: TOOL,
    words: "whylogs summary of a profile, JSON or CSV",
    proven_on: "1.6.4",
    takes: "missing values, types, and the mean with the range of each column",
    leaves: "quantiles and frequent values",
    recognise: |seen| {
        let head = if seen.json.is_list() || seen.text.trim_start().starts_with('{') {
            seen.text.as_ref()
        } else {
            seen.text.lines().next().unwrap_or_default()
        };
        let has = |metric: &str, of: &str| {
            head.contains(&format!("{metric}/{of}")) || head.contains(&format!("{metric}\\/{of}"))
        };
        has("counts", "n") && has("counts", "null") && has("types", "integral") && has("types", "string")
    },
    read: read_summary,
};

pub(crate) static DRIFT: Connector = Connector {
    id: "whylogs_drift",
    tool: TOOL,
    words: "whylogs drift scores, JSON",
    proven_on: "1.6.4",
    takes: "the verdict of each column with its statistic",
    leaves: "the other limits",
    recognise: |seen| {
        let has = |key: &str| seen.text.contains(&format!("\"{key}\""));
        seen.text.trim_start().starts_with('{') && has("drift_category") && has("algorithm") && has("thresholds")
    },
    read: read_drift,
};

pub(crate) static CONSTRAINTS: Connector = Connector {
    id: "whylogs_constraints",
    tool: TOOL,
    words: "whylogs report of constraints, JSON",
    proven_on: "1.6.4",
    takes: "each constraint and whether it held",
    leaves: "summaries of the metrics",
    recognise: is_report,
    read: read_constraints,
};

/// The words before and after the column in the names that the factories of whylogs give, each with what it is about.
const PHRASES: [(&str, &str, CheckSubject); 17] = [
    ("", " has no missing values", CheckSubject::MissingValues),
    ("null percentage of ", " lower than ", CheckSubject::MissingValues),
    ("null values of ", " lower than ", CheckSubject::MissingValues),
    ("count of ", " lower than ", CheckSubject::RowCount),
    ("", " smaller than ", CheckSubject::Range),
    ("", " greater than ", CheckSubject::Range),
    ("", " is in range ", CheckSubject::Range),
    ("", " is non negative", CheckSubject::Range),
    ("", " mean between ", CheckSubject::Summary),
    ("", " standard deviation between ", CheckSubject::Summary),
    ("", " distinct values estimate ", CheckSubject::Summary),
    ("", " values in set ", CheckSubject::NewValues),
    ("", "-most common items in set ", CheckSubject::NewValues),
    ("", "-th quantile value between ", CheckSubject::Summary),
    ("", " is nullable ", CheckSubject::Types),
    ("", " types count ", CheckSubject::Types),
    ("", " is probably unique", CheckSubject::Duplicates),
];

/// The column of a constraint, and what it is about.
fn of_name(name: &str) -> Option<(&str, CheckSubject)> {
    let (column, counted, about) = PHRASES.iter().find_map(|(before, after, about)| {
        let (column, _) = name.strip_prefix(before)?.split_once(after)?;
        Some((column, after.starts_with('-'), *about))
    })?;
    // A number stands between the column and these words: `a 5-most common items in set`.
    let column = if counted { column.rsplit_once(' ').map_or(column, |(column, _)| column) } else { column };
    Some((column, about))
}

/// Rows of a name with counts may be anybody's: at least one name has to be one of the constraints that come with whylogs.
fn is_report(seen: &Seen<'_>) -> bool {
    let keys = ["[].name", "[].passed", "[].failed", "[].summary"];
    seen.json.is_list() && seen.json.has_all(&keys) && PHRASES.iter().any(|(_, after, _)| seen.text.contains(after))
}

fn read_constraints(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let checks = json::list(&document, &[]).enumerate().filter_map(|(place, one)| {
        let name = json::text(one, &["name"])?;
        let failed = json::number(one, &["failed"]).unwrap_or_default();
        let passed = json::number(one, &["passed"]).unwrap_or_default();
        let outcome = match (failed > 0.0, passed > 0.0) {
            (true, _) => CheckOutcome::Failed,
            (false, true) => CheckOutcome::Passed,
            (false, false) => CheckOutcome::NotRun,
        };
        let found = of_name(name);
        let (column, about) = found.map_or((None, CheckSubject::Consistency), |(column, about)| (Some(column), about));
        let columns = column.map(str::to_owned).into_iter().collect();
        let check = ToolCheck::new(Source::of(TOOL, None, format!("[{place}]")), name, about, columns, outcome);
        Some(check.with_expected(name))
    });
    Ok(checks.collect::<Vec<_>>().into())
}

fn read_drift(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let checks = json::entries(&document, &[]).filter_map(|(column, score)| drift(column, score));
    Ok(checks.collect::<Vec<_>>().into())
}

/// A verdict by a p-value warns, one by a distance fails.
fn drift(column: &str, score: &Value) -> Option<ToolCheck> {
    score.get("algorithm")?;
    let category = json::text(score, &["drift_category"]).unwrap_or("not judged");
    let algorithm = json::text(score, &["algorithm"]).unwrap_or("drift score");
    let p_value = json::number(score, &["pvalue"]);
    let outcome = match category {
        "NO_DRIFT" => CheckOutcome::Passed,
        "DRIFT" if p_value.is_none() => CheckOutcome::Failed,
        "DRIFT" | "POSSIBLE_DRIFT" => CheckOutcome::Warned,
        _ => CheckOutcome::NotRun,
    };
    let ends = |key: &str| -> Vec<f64> { json::list(score, &["thresholds", key]).filter_map(json::finite).collect() };
    let statistic = json::number(score, &["statistic"]);
    let source = Source::of(TOOL, None, column);
    let mut check = ToolCheck::new(source, "drift", CheckSubject::Drift, vec![column.to_owned()], outcome);
    match (p_value, statistic) {
        // Drift is a p-value in the lower interval, or a distance in the upper one.
        (Some(p), _) => {
            let limit = ends("DRIFT").get(1).copied();
            check = check.with_measured(&format!("{algorithm} p-value"), p, limit).worse_when(Worse::Lower);
        }
        (None, Some(statistic)) => {
            let limit = ends("DRIFT").first().copied();
            check = check.with_measured(algorithm, statistic, limit).worse_when(Worse::Higher);
        }
        (None, None) => {}
    }
    let words = category.replace('_', " ").to_lowercase();
    let words = match statistic.filter(|_| p_value.is_some()) {
        Some(statistic) => format!("{words}, {algorithm} statistic {}", number(statistic)),
        None => words,
    };
    Some(check.with_observed(words))
}

fn read_summary(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    let columns: Vec<(String, Column)> = match text.trim_start().chars().next() {
        Some('{' | '[') => of_json(&given.json()?),
        _ => of_csv(&text),
    };
    let mut brought = Brought::default();
    brought.facts.checks = columns.iter().flat_map(|(name, column)| column.checks(name)).collect();
    if columns.is_empty() {
        brought.warnings.push("It holds no column.".to_owned());
    }
    Ok(brought)
}

/// An object of columns, or a list of objects each with its `column`.
fn of_json(document: &Value) -> Vec<(String, Column)> {
    let numbers = |object: &Value| -> Column {
        Column(
            json::entries(object, &[])
                .filter_map(|(metric, value)| Some((metric.clone(), json::finite(value)?)))
                .collect(),
        )
    };
    let listed =
        json::list(document, &[]).filter_map(|one| Some((json::text(one, &["column"])?.to_owned(), numbers(one))));
    json::entries(document, &[]).map(|(name, object)| (name.clone(), numbers(object))).chain(listed).collect()
}

fn of_csv(text: &str) -> Vec<(String, Column)> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let Ok(heads) = reader.headers().cloned() else { return Vec::new() };
    let rows = reader.records().filter_map(Result::ok);
    rows.filter_map(|row| {
        let cells = heads.iter().zip(row.iter());
        let numbers = cells
            .filter_map(|(head, cell)| Some((head.to_owned(), cell.parse::<f64>().ok().filter(|n| n.is_finite())?)));
        Some((row.get(0)?.to_owned(), Column(numbers.collect())))
    })
    .collect()
}

/// The metrics of one column, by the names of whylogs: `counts/null`.
#[derive(Debug, Default)]
struct Column(BTreeMap<String, f64>);

impl Column {
    fn get(&self, metric: &str) -> Option<f64> {
        self.0.get(metric).copied()
    }

    fn count(&self, metric: &str) -> Option<u64> {
        self.get(metric).filter(|number| (0.0..1e15).contains(number)).map(|number| number as u64)
    }

    /// Facts without a limit: what is there warns, the course of the values is told and not judged.
    fn checks(&self, name: &str) -> Vec<ToolCheck> {
        let check = |metric: &str, about, outcome| {
            ToolCheck::new(Source::of(TOOL, None, name), metric, about, vec![name.to_owned()], outcome)
        };
        let missing = self.missing().map(|(missing, rows)| {
            let outcome = if missing > 0 { CheckOutcome::Warned } else { CheckOutcome::Passed };
            let share = if rows > 0 { missing as f64 / rows as f64 } else { 0.0 };
            check("counts/null", CheckSubject::MissingValues, outcome)
                .with_measured("share of missing values", share, None)
                .with_observed(format!("{} of {}", count(missing), counted(rows, "row")))
        });
        let types = self.types();
        let types = (!types.is_empty()).then(|| {
            let outcome = if types.len() > 1 { CheckOutcome::Warned } else { CheckOutcome::Passed };
            let words: Vec<String> = types.iter().map(|(kind, values)| format!("{} {kind}", count(*values))).collect();
            check("types", CheckSubject::Types, outcome).with_observed(words.join(", "))
        });
        let course = self
            .get("distribution/mean")
            .filter(|_| self.count("distribution/n").is_none_or(|n| n > 0) && self.is_number());
        let course = course.map(|mean| {
            let check =
                check("distribution", CheckSubject::Summary, CheckOutcome::NotRun).with_measured("mean", mean, None);
            let ends = self.get("distribution/min").zip(self.get("distribution/max"));
            let ends = ends.map_or_else(String::new, |(low, high)| format!("{} to {}, ", number(low), number(high)));
            check.with_observed(format!("{ends}without a limit to judge it by"))
        });
        missing.into_iter().chain(types).chain(course).collect()
    }

    /// Missing values of the rows. Pandas' NaN counts as null and as NaN.
    fn missing(&self) -> Option<(u64, u64)> {
        let missing = self.count("counts/null").max(self.count("counts/nan"))?;
        Some((missing, self.count("counts/n")?))
    }

    fn is_number(&self) -> bool {
        self.types().iter().any(|(kind, _)| matches!(*kind, "integral" | "fractional"))
    }

    /// The types that values have, with their counts. Whole numbers among others are of one type with them.
    fn types(&self) -> Vec<(&'static str, u64)> {
        let of =
            |kind: &'static str| Some((kind, self.count(&format!("types/{kind}"))?)).filter(|(_, values)| *values > 0);
        let mut types: Vec<(&str, u64)> =
            ["integral", "fractional", "boolean", "string", "object", "tensor"].into_iter().filter_map(of).collect();
        if types.iter().any(|(kind, _)| *kind == "fractional") {
            types.retain(|(kind, _)| *kind != "integral");
        }
        types
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_constraint_holds_its_column() {
        assert_eq!(of_name("a b has no missing values"), Some(("a b", CheckSubject::MissingValues)));
        assert_eq!(of_name("null percentage of a lower than 0.1"), Some(("a", CheckSubject::MissingValues)));
        assert_eq!(of_name("a 0.9-th quantile value between 1 and 2 (inclusive)"), Some(("a", CheckSubject::Summary)));
        assert_eq!(of_name("mine"), None);
    }

    #[test]
    fn a_column_of_two_types_and_with_missing_values_warns() {
        let metrics = [("counts/n", 10.0), ("counts/null", 2.0), ("types/string", 3.0), ("types/integral", 5.0)];
        let column = Column(metrics.into_iter().map(|(metric, value)| (metric.to_owned(), value)).collect());
        let outcomes: Vec<_> = column.checks("a").into_iter().map(|check| (check.about, check.outcome)).collect();
        assert_eq!(
            outcomes,
            [(CheckSubject::MissingValues, CheckOutcome::Warned), (CheckSubject::Types, CheckOutcome::Warned)]
        );
    }
}
