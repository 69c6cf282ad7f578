//! SageMaker Model Monitor: `constraints.json`, `statistics.json` and `constraint_violations.json`
//! (<https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-byoc-constraints.html>).

use domain::Problem;
use domain::constraint::{Constraint, Rule};
use domain::number::number;
use domain::observation::{AlertRule, Breach, SignalKind};
use domain::snapshot::ColumnKind;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use domain::tool_facts::{DataDigest, ReportedMetric};
use serde_json::Value;

use super::sagemaker::TOOL;
use crate::given::Given;
use crate::{Brought, Connector, json};

pub(super) static MONITOR: Connector = Connector {
    id: "sagemaker_monitor",
    tool: TOOL,
    words: "SageMaker Model Monitor constraints, statistics or violations, JSON",
    proven_on: "the described schema, version 0",
    takes: "constraints, evaluated on the tables here; violations; missing values, means and figures of the model",
    leaves: "sketches of distributions",
    recognise: |seen| {
        let feature = |key: &str| seen.json.has(&format!("features[].{key}"));
        let of_quality = ["binary_classification", "multiclass_classification", "regression"].iter();
        let mut of_quality = of_quality.flat_map(|kind| [format!("{kind}_constraints"), format!("{kind}_metrics")]);
        feature("inferred_type") && feature("name")
            || seen.json.has("violations[].constraint_check_type")
            || seen.json.has("version") && of_quality.any(|key| seen.json.has(&key))
    },
    read,
};

fn source(place: impl Into<String>) -> Source {
    Source::of(TOOL, None, place)
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    let checks = json::list(&document, &["violations"]).enumerate().filter_map(|(place, one)| violation(one, place));
    brought.facts.checks.extend(checks);
    let share = |key: &str| json::number(&document, &["monitoring_config", key]).unwrap_or(1.0).clamp(0.0, 1.0);
    for (place, feature) in json::list(&document, &["features"]).enumerate() {
        brought.facts.constraints.extend(constraints(feature, place, share("domain_content_threshold")));
        brought.facts.checks.extend(statistics(feature, place));
    }
    if let Some(rows) = json::number(&document, &["dataset", "item_count"]).filter(|rows| *rows >= 0.0) {
        brought.facts.digests.push(DataDigest {
            source: source("dataset"),
            name: "monitored rows".to_owned(),
            stage: None,
            digest: None,
            bytes: None,
            rows: Some(rows as u64),
        });
    }
    quality(&document, &mut brought);
    if brought.count() == 0 {
        brought.warnings.push("It holds no violation, no constraint and no statistic.".to_owned());
    }
    Ok(brought)
}

/// A violation is about a feature, a metric of the model, or a group.
fn violation(one: &Value, place: usize) -> Option<ToolCheck> {
    let kind = json::text(one, &["constraint_check_type"])?;
    let description = json::text(one, &["description"]).unwrap_or_default();
    let metric = json::text(one, &["metric_name"]);
    let about = match kind {
        "data_type_check" => CheckSubject::Types,
        "completeness_check" => CheckSubject::MissingValues,
        "baseline_drift_check" => CheckSubject::Drift,
        "missing_column_check" | "extra_column_check" => CheckSubject::Columns,
        "categorical_values_check" => CheckSubject::NewValues,
        "feature_attribution_drift_check" => CheckSubject::FeatureImportance,
        "bias_drift_check" => CheckSubject::Consistency,
        _ if metric.is_some() => CheckSubject::Performance,
        _ => CheckSubject::Consistency,
    };
    let columns = ["feature_name", "facet", "label", "metric_name"].iter().filter_map(|key| json::text(one, &[key]));
    // For a number of columns that differs, the name is these words.
    let columns = columns.filter(|name| !["Extra columns", "Missing columns"].contains(name));
    let columns = columns.take(2).map(str::to_owned).collect();
    let check = ToolCheck::new(source(format!("violations[{place}]")), kind, about, columns, CheckOutcome::Failed);
    let check = check.with_observed(json::words(&Value::String(description.to_owned())));
    let after = |word: &str| number_after(description, word);
    Some(match kind {
        "baseline_drift_check" => match (after("distance:"), after("threshold:")) {
            (Some(distance), limit) => {
                check.with_measured("baseline drift distance", distance, limit).worse_when(Worse::Higher)
            }
            _ => check,
        },
        "completeness_check" | "data_type_check" | "categorical_values_check" => {
            match (after("Observed:"), after("Expected match:")) {
                (Some(observed), limit) => check.with_measured("share in %", observed, limit).worse_when(Worse::Lower),
                _ => check,
            }
        }
        _ => check,
    })
}

/// The first number behind a word of a description.
fn number_after(text: &str, word: &str) -> Option<f64> {
    let (_, rest) = text.split_once(word)?;
    let rest = rest.get(..rest.floor_char_boundary(60))?;
    let start = rest.find(|c: char| c.is_ascii_digit())?;
    let digits = &rest[start..];
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    digits[..end].trim_end_matches('.').parse().ok()
}

fn constraints(feature: &Value, place: usize, domain_share: f64) -> Vec<Constraint> {
    // Statistics name types too, and are no constraints.
    let is_statistic = feature.get("numerical_statistics").is_some() || feature.get("string_statistics").is_some();
    let Some(column) = json::text(feature, &["name"]).filter(|_| !is_statistic) else { return Vec::new() };
    let of = match json::text(feature, &["inferred_type"]) {
        Some("Integral" | "Fractional") => Some(ColumnKind::Numeric),
        _ => None,
    };
    let missing = json::number(feature, &["completeness"]).map(|share| (1.0 - share).clamp(0.0, 1.0));
    let positive = json::at(feature, &["num_constraints", "is_non_negative"]).and_then(Value::as_bool) == Some(true);
    let values: Vec<String> = json::list(feature, &["string_constraints", "domains"]).map(json::words).collect();
    let rules = [
        ("inferred_type", of.map(|of| Rule::Type { of })),
        ("completeness", missing.map(|most| Rule::Missing { most })),
        ("is_non_negative", positive.then_some(Rule::Between { low: Some(0.0), high: None, share: 1.0 })),
        ("domains", (!values.is_empty()).then_some(Rule::OneOf { values, share: domain_share })),
    ];
    let present = Constraint {
        source: source(format!("features[{place}]")),
        name: "name".to_owned(),
        column: Some(column.to_owned()),
        rule: Rule::Present,
    };
    let others = rules
        .into_iter()
        .filter_map(|(name, rule)| Some(Constraint { name: name.to_owned(), rule: rule?, ..present.clone() }));
    std::iter::once(present.clone()).chain(others).collect()
}

/// What was seen in a feature; nothing judges it there.
fn statistics(feature: &Value, place: usize) -> Option<ToolCheck> {
    let statistics = ["numerical_statistics", "string_statistics"].iter().find_map(|key| feature.get(key))?;
    let value = |key: &str| json::number(statistics, &[key]);
    let common = |key: &str| json::number(statistics, &["common", key]);
    let column = json::text(feature, &["name"])?.to_owned();
    let words = [
        value("mean").map(|mean| format!("mean {}", number(mean))),
        value("min").zip(value("max")).map(|(low, high)| format!("{} to {}", number(low), number(high))),
        value("distinct_count").map(|values| format!("{} different values", number(values))),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    let check = ToolCheck::new(
        source(format!("features[{place}]")),
        "statistics",
        CheckSubject::MissingValues,
        vec![column],
        CheckOutcome::Passed,
    );
    let check = check.with_observed(words.join(", "));
    Some(match common("num_present").zip(common("num_missing")) {
        Some((present, missing)) if present + missing > 0.0 => {
            check.with_measured("share of missing values", missing / (present + missing), None)
        }
        _ => check,
    })
}

/// Figures of the model and what they must not fall under.
fn quality(document: &Value, brought: &mut Brought) {
    for (key, section) in json::entries(document, &[]) {
        let limits = json::entries(section, &[]).filter(|_| key.ends_with("_constraints") && section.is_object());
        brought.observations.alert_rules.extend(limits.filter_map(|(metric, limit)| {
            let breach = match json::text(limit, &["comparison_operator"])? {
                word if word.starts_with("LessThan") => Breach::Below,
                _ => Breach::Above,
            };
            Some(AlertRule {
                source: format!("{TOOL}, {key}.{metric}"),
                name: metric.clone(),
                signal: metric.clone(),
                kind: SignalKind::Performance,
                breach,
                threshold: json::number(limit, &["threshold"])?,
                for_ms: 0,
                muted: false,
            })
        }));
        let figures = json::entries(section, &[]).filter(|_| key.ends_with("_metrics"));
        brought.facts.metrics.extend(figures.filter_map(|(metric, figure)| {
            Some(ReportedMetric {
                source: source(format!("{key}.{metric}")),
                model: None,
                version: None,
                is_deployed: None,
                metric: metric.clone(),
                value: json::number(figure, &["value"])?,
                at_ms: None,
            })
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_holds_the_figures() {
        let text = "Baseline drift distance: 0.4421 exceeds threshold: 0.1.";
        assert_eq!((number_after(text, "distance:"), number_after(text, "threshold:")), (Some(0.4421), Some(0.1)));
        let text = "Expected match: 100.0%. Observed: Only 99.7% of data is Integral.";
        assert_eq!((number_after(text, "Observed:"), number_after(text, "Expected match:")), (Some(99.7), Some(100.0)));
        assert_eq!(number_after("Observed: nothing", "Observed:"), None);
    }
}
