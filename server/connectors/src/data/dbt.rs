//! dbt: results of tests and runs, and freshness of sources:
//! <https://docs.getdbt.com/reference/artifacts/run-results-json>, <https://docs.getdbt.com/reference/artifacts/sources-json>.

use domain::Problem;
use domain::number::counted;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use serde_json::Value;

use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json, numbers};

const TOOL: &str = "dbt";

pub(super) static RESULTS: Connector = Connector {
    id: "dbt_run_results",
    tool: TOOL,
    words: "run_results.json of dbt",
    proven_on: "1.8, schema v6; the layout of v1 to v5",
    takes: "each test with its column and failing rows, models that could not be built",
    leaves: "models, seeds and snapshots that were built, timings, queries",
    recognise: |seen| {
        // Without its head, as some programs pass it on.
        let bare = ["results[].unique_id", "results[].status", "results[].failures", "results[].execution_time"];
        is_of(seen, "run-results") || seen.json.has_all(&bare)
    },
    read: read_results,
};

pub(super) static SOURCES: Connector = Connector {
    id: "dbt_sources",
    tool: TOOL,
    words: "sources.json of dbt source freshness",
    proven_on: "1.8, schema v3",
    takes: "the age of each source against its limits",
    leaves: "timings",
    recognise: |seen| is_of(seen, "sources"),
    read: read_sources,
};

fn is_of(seen: &Seen<'_>, artifact: &str) -> bool {
    let schema = seen.json.word("metadata.dbt_schema_version").unwrap_or_default();
    schema.contains(&format!("/dbt/{artifact}/")) && seen.json.has("results")
}

/// What the head of both artifacts says.
struct Head<'v> {
    version: Option<&'v str>,
    at_ms: Option<i64>,
}

impl<'v> Head<'v> {
    fn of(document: &'v Value) -> Self {
        let version = json::text(document, &["metadata", "dbt_version"]);
        Self { version, at_ms: json::at(document, &["metadata", "generated_at"]).and_then(numbers::time) }
    }

    fn check(&self, place: usize, name: &str, about: CheckSubject, what: String, outcome: CheckOutcome) -> ToolCheck {
        let source = Source::of(TOOL, self.version, format!("results[{place}]"));
        ToolCheck::new(source, name, about, vec![what], outcome).with_time(self.at_ms)
    }
}

fn read_results(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let head = Head::of(&document);
    let mut brought = Brought { tool_version: head.version.map(str::to_owned), ..Brought::default() };
    let (mut built, mut skipped, mut odd) = (0_u64, 0_u64, 0_u64);
    for (place, result) in json::list(&document, &["results"]).enumerate() {
        // `test.project.name.hash`, `model.project.name`; versions before 1.0 have the node in the place of its id.
        let id = json::text(result, &["unique_id"]).or_else(|| json::text(result, &["node", "unique_id"]));
        let (Some(id), Some(status)) = (id, json::text(result, &["status"])) else {
            odd += 1;
            continue;
        };
        let mut parts = id.split('.');
        let kind = parts.next().unwrap_or_default();
        let name = parts.nth(1).unwrap_or(id);
        match (kind, status) {
            ("test" | "unit_test", _) => brought.facts.checks.push(test(&head, place, name, status, result)),
            (_, "error" | "fail" | "partial success") => {
                brought.facts.checks.push(node(&head, place, kind, name, result))
            }
            (_, "skipped") => skipped += 1,
            _ => built += 1,
        }
    }
    let left = [(built, "built node"), (skipped, "skipped node"), (odd, "result without a name or a status")];
    brought.left.extend(left.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| counted(count, what)));
    if brought.count() == 0 {
        brought.warnings.push("No test was run and everything was built, so there is nothing to show. The file of dbt test has the tests.".to_owned());
    }
    Ok(brought)
}

/// A model, seed or snapshot that could not be built: what takes its values gets old ones.
fn node(head: &Head<'_>, place: usize, kind: &str, name: &str, result: &Value) -> ToolCheck {
    let check = head.check(
        place,
        &format!("{kind} {name}"),
        CheckSubject::Preprocessing,
        name.to_owned(),
        CheckOutcome::Failed,
    );
    let why = message(result).map(|message| format!(": {message}")).unwrap_or_default();
    check.with_observed(format!("the {kind} could not be built{why}"))
}

fn test(head: &Head<'_>, place: usize, name: &str, status: &str, result: &Value) -> ToolCheck {
    let query = ["compiled_code", "compiled_sql"].iter().find_map(|key| json::text(result, &[key])).unwrap_or_default();
    let about = about(name);
    let outcome = match status {
        "pass" => CheckOutcome::Passed,
        "warn" => CheckOutcome::Warned,
        "fail" => CheckOutcome::Failed,
        _ => CheckOutcome::NotRun,
    };
    let mut check = head.check(place, name, about, column(about, query).unwrap_or_else(|| name.to_owned()), outcome);
    if about == CheckSubject::NewValues {
        check.expected = between(query, "not in (", ")")
            .map(|values| format!("one of {}", json::words(&Value::String(one_line(values)))));
    }
    let failures = json::number(result, &["failures"]);
    if let Some(failures) = failures.filter(|_| outcome != CheckOutcome::NotRun) {
        check = check.with_measured("failing rows", failures, Some(0.0)).worse_when(Worse::Higher);
    }
    let of = table(query).map(|table| format!(" of {table}")).unwrap_or_default();
    check.observed = match outcome {
        CheckOutcome::NotRun => Some(message(result).unwrap_or_else(|| status.to_owned())),
        CheckOutcome::Passed => table(query).map(str::to_owned).map(|table| format!("in {table}")),
        _ => failures
            .map(|failures| format!("{}{of}", counted(failures.clamp(0.0, 1e15) as u64, "failing row")))
            .or_else(|| message(result)),
    };
    check
}

/// The first lines of the message, on one.
fn message(result: &Value) -> Option<String> {
    let text = json::text(result, &["message"])?;
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(2).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// By the name of the generic test, which stands at the beginning.
fn about(name: &str) -> CheckSubject {
    let plain =
        name.trim_start_matches("source_").trim_start_matches("dbt_utils_").trim_start_matches("dbt_expectations_");
    let has = |word: &str| plain.contains(word);
    match () {
        () if plain.starts_with("not_null") || has("to_not_be_null") || has("at_least_one") => {
            CheckSubject::MissingValues
        }
        () if plain.starts_with("unique") || has("to_be_unique") || has("distinct_count") => CheckSubject::Duplicates,
        () if plain.starts_with("accepted_values") || has("to_be_in_set") => CheckSubject::NewValues,
        () if plain.starts_with("relationships") => CheckSubject::Consistency,
        () if has("row_count") || has("equal_rowcount") || has("fewer_rows") => CheckSubject::RowCount,
        () if has("recency") || has("fresh") => CheckSubject::Freshness,
        () if has("of_type") || has("in_type_list") => CheckSubject::Types,
        () if has("column_to_exist") || has("table_columns") || has("column_count") => CheckSubject::Columns,
        () if has("regex") || has("like_pattern") || has("value_lengths") => CheckSubject::Pattern,
        () if has("column_mean") || has("column_median") || has("column_sum") || has("stdev") || has("quantile") => {
            CheckSubject::Summary
        }
        () if has("accepted_range") || has("to_be_between") => CheckSubject::Range,
        () => CheckSubject::Consistency,
    }
}

/// The column stands in the query, as dbt's own tests write it; in the name it runs into the model's.
fn column(about: CheckSubject, query: &str) -> Option<String> {
    let lower = query.to_lowercase();
    let before = |words: &str| {
        lower
            .find(words)
            .and_then(|end| query.get(..end))
            .and_then(|before| before.split([' ', '\n', '\t', ',', '(']).next_back())
    };
    let found = match about {
        CheckSubject::MissingValues => before(" is null"),
        _ => [" as unique_field", " as value_field", " as from_field"].into_iter().find_map(before),
    }?;
    let plain = unquoted(found);
    (!plain.is_empty()).then(|| plain.to_owned())
}

/// The table behind the first `from`, without its database and schema.
fn table(query: &str) -> Option<&str> {
    let lower = query.to_lowercase();
    let starts = lower.match_indices("from").filter(|(at, _)| {
        let is_space = |letter: Option<char>| letter.is_none_or(char::is_whitespace);
        is_space(lower[..*at].chars().next_back()) && is_space(lower[at + 4..].chars().next())
    });
    let names = starts.filter_map(|(at, _)| query.get(at + 4..)?.split_whitespace().next());
    let name =
        names.map(|name| unquoted(name.rsplit('.').next().unwrap_or(name))).find(|name| !name.starts_with('('))?;
    (!name.is_empty()).then_some(name)
}

fn unquoted(name: &str) -> &str {
    name.trim_matches(['"', '`', '[', ']', ';', ')'])
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let (_, behind) = text.split_once(start)?;
    Some(behind.split_once(end)?.0)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("','", "', '")
}

fn read_sources(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let head = Head::of(&document);
    let mut checks = Vec::new();
    for (place, result) in json::list(&document, &["results"]).enumerate() {
        let Some(id) = json::text(result, &["unique_id"]) else { continue };
        // `source.project.source_name.table`.
        let name = id.splitn(3, '.').nth(2).unwrap_or(id);
        let (outcome, limit) = match json::text(result, &["status"]).unwrap_or_default() {
            "pass" => (CheckOutcome::Passed, hours(result, "warn_after").or_else(|| hours(result, "error_after"))),
            "warn" => (CheckOutcome::Warned, hours(result, "warn_after")),
            "error" => (CheckOutcome::Failed, hours(result, "error_after")),
            _ => (CheckOutcome::NotRun, None),
        };
        let mut check = head.check(place, "source freshness", CheckSubject::Freshness, name.to_owned(), outcome);
        check.at_ms = result.get("snapshotted_at").and_then(numbers::time).or(check.at_ms);
        if let Some(seconds) = json::number(result, &["max_loaded_at_time_ago_in_s"]) {
            check =
                check.with_measured("hours since the newest row", seconds / 3_600.0, limit).worse_when(Worse::Higher);
        }
        let newest = json::text(result, &["max_loaded_at"]).map(|time| format!("newest row of {time}"));
        check.observed = newest.or_else(|| json::text(result, &["error"]).map(one_line));
        checks.push(check);
    }
    let tool_version = head.version.map(str::to_owned);
    if checks.is_empty() {
        return Err(given.bad("it holds no source; run dbt source freshness again"));
    }
    Ok(Brought { tool_version, ..checks.into() })
}

/// A limit such as 12 hours.
fn hours(result: &Value, key: &str) -> Option<f64> {
    let limit = json::at(result, &["criteria", key])?;
    let hours = match json::text(limit, &["period"])? {
        "minute" => 1.0 / 60.0,
        "hour" => 1.0,
        "day" => 24.0,
        _ => return None,
    };
    Some(json::number(limit, &["count"])? * hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_tables_stand_in_the_query() {
        let query = "select `a b`\nfrom \"db\".\"main\".\"orders\"\nwhere order_id is null";
        assert_eq!(column(CheckSubject::MissingValues, query).as_deref(), Some("order_id"));
        assert_eq!(table(query), Some("orders"));
        assert_eq!(table("select * from (select 1) x"), None);
        assert_eq!(column(CheckSubject::Duplicates, "select\n    \"id\" as unique_field,"), Some("id".to_owned()));
        assert_eq!(column(CheckSubject::Range, ""), None);
        assert_eq!(about("source_not_null_raw_events_id"), CheckSubject::MissingValues);
        assert_eq!(about("dbt_utils_accepted_range_orders_price__0"), CheckSubject::Range);
    }
}
