//! The schema: what must hold of each feature.

use domain::Problem;
use domain::constraint::{Constraint, Rule};
use domain::number::{counted, number};
use domain::observation::Stage;
use domain::snapshot::ColumnKind;
use domain::tool_check::Source;
use domain::tool_facts::Setting;
use serde_json::Value;

use super::super::rules::range;
use super::{TOOL, document, feature_name, field, figure, many, one, word};
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector};

pub(in crate::data) static SCHEMA: Connector = Connector {
    id: "tfdv_schema",
    tool: TOOL,
    words: "TensorFlow Data Validation schema, protobuf text or JSON",
    proven_on: "1.16",
    takes: "presence, types, domains, ranges and numbers of rows, evaluated on the tables here; limits of skew and drift",
    leaves: "shapes, features of some environments only or outside production",
    recognise,
    read,
};

fn recognise(seen: &Seen<'_>) -> bool {
    let of_json = ["INT", "FLOAT", "BYTES", "STRUCT"].iter().any(|kind| seen.json.says("feature[].type", kind));
    let of_text = || {
        let has = |key: &str| seen.has_line(&format!("  {key}"));
        let says = ["type: INT", "type: FLOAT", "type: BYTES", "type: STRUCT"].iter().any(|kind| has(kind));
        (seen.has_line("feature {") || seen.has_line("feature: {")) && has("name: \"") && says
    };
    of_json && seen.json.has("feature[].name") || of_text()
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let (schema, warning) = document(given)?;
    let mut brought = Brought { warnings: warning.into_iter().collect(), ..Brought::default() };
    let (mut elsewhere, mut inactive) = (0, 0);
    for (place, feature) in many(&schema, "feature").enumerate() {
        let Some(name) = feature_name(feature) else { continue };
        if matches!(
            word(feature, "lifecycle_stage"),
            Some("PLANNED" | "ALPHA" | "DEBUG_ONLY" | "DEPRECATED" | "DISABLED")
        ) {
            inactive += 1;
            continue;
        }
        brought.facts.settings.extend(limits(feature, place, &name));
        let is_everywhere = ["in_environment", "not_in_environment"].iter().all(|key| field(feature, key).is_none());
        elsewhere += u64::from(!is_everywhere);
        // A feature that some environments lack, as the label at serving, has its values checked, not its presence.
        let presence = if is_everywhere { presence(feature) } else { Vec::new() };
        let rules = presence.into_iter().chain(kind(feature)).chain(values(&schema, feature));
        brought.facts.constraints.extend(rules.map(|(field, rule)| Constraint {
            source: Source::of(TOOL, None, format!("feature[{place}].{field}")),
            name: field.to_owned(),
            column: Some(name.clone()),
            rule,
        }));
    }
    brought.facts.constraints.extend(rows(&schema));
    let left = [
        (elsewhere, "presence of a feature that only some environments have"),
        (inactive, "feature that is not in production"),
    ];
    brought.left.extend(left.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| match count {
        1 => counted(1, what),
        _ if what.starts_with("presence") => format!("presence of {count} features that only some environments have"),
        _ => format!("{count} features that are not in production"),
    }));
    Ok(brought)
}

/// The distances above which skew and drift are anomalies. They are of its own measures, so they are shown as settings.
fn limits(feature: &Value, place: usize, name: &str) -> Vec<Setting> {
    const COMPARATORS: [(&str, &str); 2] = [("skew_comparator", "skew"), ("drift_comparator", "drift")];
    const MEASURES: [(&str, &str); 2] =
        [("infinity_norm", "largest difference of shares"), ("jensen_shannon_divergence", "Jensen-Shannon divergence")];
    let mut limits = Vec::new();
    for (key, of) in COMPARATORS {
        for (measure, words) in MEASURES {
            let limit =
                one(feature, key).and_then(|one_of| one(one_of, measure)).and_then(|one| figure(one, "threshold"));
            limits.extend(limit.map(|limit| Setting {
                source: Source::of(TOOL, None, format!("feature[{place}].{key}.{measure}")),
                stage: Some(Stage::Serving),
                name: format!("limit of {of} of {name}, {words}"),
                value: number(limit),
            }));
        }
    }
    limits
}

type Named = (&'static str, Rule);

fn presence(feature: &Value) -> Vec<Named> {
    let Some(presence) = one(feature, "presence") else { return Vec::new() };
    let least = figure(presence, "min_fraction").filter(|share| (0.0..=1.0).contains(share) && *share > 0.0);
    let count = figure(presence, "min_count").filter(|count| *count >= 1.0);
    let there = (least.is_some() || count.is_some()).then_some(("presence", Rule::Present));
    there.into_iter().chain(least.map(|share| ("presence.min_fraction", Rule::Missing { most: 1.0 - share }))).collect()
}

/// Text may be categories or not, and a whole number with a domain of truth values may be either.
fn kind(feature: &Value) -> Option<Named> {
    let is_plain = field(feature, "bool_domain").is_none() && field(feature, "time_domain").is_none();
    let is_numeric = matches!(word(feature, "type"), Some("INT" | "FLOAT")) && is_plain;
    is_numeric.then_some(("type", Rule::Type { of: ColumnKind::Numeric }))
}

fn values(schema: &Value, feature: &Value) -> Option<Named> {
    let distribution = one(feature, "distribution_constraints");
    let share = distribution
        .and_then(|one| figure(one, "min_domain_mass"))
        .filter(|share| (0.0..=1.0).contains(share))
        .unwrap_or(1.0);
    // The domain is named, and stands in a list of its own, or stands here.
    let named = word(feature, "domain")
        .and_then(|name| many(schema, "string_domain").find(|one| word(one, "name") == Some(name)));
    if let Some(domain) = named.or_else(|| one(feature, "string_domain")) {
        let mut values: Vec<String> = many(domain, "value").filter_map(Value::as_str).map(str::to_owned).collect();
        values.sort();
        values.dedup();
        return (!values.is_empty()).then_some(("string_domain", Rule::OneOf { values, share }));
    }
    let (field, domain) = ["int_domain", "float_domain"].into_iter().find_map(|key| Some((key, one(feature, key)?)))?;
    Some((field, range(figure(domain, "min"), figure(domain, "max"))?))
}

fn rows(schema: &Value) -> Option<Constraint> {
    let dataset = one(schema, "dataset_constraints")?;
    let end = |key: &str| figure(dataset, key).filter(|count| *count >= 0.0).map(|count| count as u64);
    let (low, high) = (end("min_examples_count"), end("max_examples_count"));
    let name = "dataset_constraints";
    let rule = Rule::Rows { low, high };
    (low.is_some() || high.is_some()).then(|| Constraint {
        source: Source::of(TOOL, None, name),
        name: name.to_owned(),
        column: None,
        rule,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_ranges_and_environments() {
        let text = "feature { name: 'a' type: INT int_domain { min: 0 max: 9 } presence { min_fraction: 0.9 } }\n\
                    feature { name: 'b' type: BYTES string_domain { value: 'x' } distribution_constraints { min_domain_mass: 0.8 } }\n\
                    feature { name: 'c' type: FLOAT presence { min_count: 1 } not_in_environment: 'SERVING' }\n\
                    feature { name: 'd' type: INT lifecycle_stage: DEPRECATED }\n\
                    dataset_constraints { min_examples_count: 10 }";
        let brought = read(&Given::of(text.as_bytes(), "a")).unwrap_or_default();
        let rules: Vec<String> = brought
            .facts
            .constraints
            .iter()
            .map(|one| format!("{} {}", one.column.as_deref().unwrap_or("-"), one.rule.words()))
            .collect();
        assert_eq!(
            rules,
            [
                "a is there",
                "a at most 10 % missing",
                "a numeric",
                "a 0 to 9",
                "b one of x in 80 % of rows",
                "c numeric",
                "- at least 10 rows",
            ]
        );
        assert_eq!(
            brought.left,
            ["1 presence of a feature that only some environments have", "1 feature that is not in production"]
        );
    }
}
