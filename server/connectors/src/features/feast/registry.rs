//! The registry: which features there are, how long their values live, and which a model takes.

use domain::Problem;
use domain::constraint::{Constraint, Rule};
use domain::number::{counted, number};
use domain::plot::format;
use domain::snapshot::ColumnKind;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use domain::tool_facts::{Setting, Signature};
use serde_json::Value;

use super::registry_model::{Feature, Registry, Service, View};
use super::{TOOL, registry_file};
use crate::given::Given;
use crate::seen::{Seen, text_of};
use crate::{Brought, Connector, json, numbers};

pub(in crate::features) static REGISTRY: Connector = Connector {
    id: "feast_registry",
    tool: TOOL,
    words: "Feast registry, file or JSON of feast registry-dump",
    proven_on: "0.67",
    takes: "feature views with types, time to live, the online flag and last materialisation; inputs of feature services",
    leaves: "on-demand views, data sources, permissions",
    recognise: |seen| of_json(seen) || seen.text.is_empty() && registry_file::is_one(seen.bytes),
    read,
};

fn of_json(seen: &Seen<'_>) -> bool {
    let views = ["featureViews", "streamFeatureViews", "onDemandFeatureViews"];
    let has_view = views.iter().any(|views| seen.json.has(&format!("{views}[].spec.name")));
    has_view
        || seen.json.has("entities[].spec.joinKey")
        || seen.json.has("dataSources[].timestampField") && seen.json.has("project")
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let is_text =
        text_of(given.bytes).is_some_and(|text| text.trim_start_matches('\u{feff}').trim_start().starts_with('{'));
    let registry = if is_text { registry(&given.json()?) } else { registry_file::read(given)? };
    let mut brought = Brought::default();
    registry.views.iter().for_each(|view| of_view(view, &mut brought));
    brought.facts.signatures = registry.services.into_iter().map(signature).collect();
    if registry.on_demand > 0 {
        brought.left.push(counted(registry.on_demand, "on-demand feature view"));
    }
    if brought.count() == 0 {
        brought.warnings.push("It has no feature view and no feature service.".to_owned());
    }
    Ok(brought)
}

fn of_view(view: &View, brought: &mut Brought) {
    let source = |field: &str| Source::of(TOOL, None, format!("{}.{field}", view.place));
    let time_to_live = view.ttl_seconds.map_or_else(|| "unlimited".to_owned(), duration);
    let settings = [
        ("ttl", Some(time_to_live)),
        ("online", Some(view.is_online.to_string())),
        ("entities", Some(view.entities.join(", ")).filter(|names| !names.is_empty())),
        ("materialized until", view.materialized_until_ms.map(format::time)),
    ];
    brought.facts.settings.extend(settings.into_iter().filter_map(|(field, value)| {
        Some(Setting { source: source(field), stage: None, name: format!("{}.{field}", view.name), value: value? })
    }));
    let names = view.features.iter().map(|feature| feature.name.clone()).collect();
    if !view.is_online {
        let check =
            ToolCheck::new(source("online"), "online", CheckSubject::OnlineOffline, names, CheckOutcome::Warned);
        brought.facts.checks.push(check.with_observed(format!("the feature view {} is not served online", view.name)));
    }
    brought.facts.constraints.extend(view.features.iter().filter_map(|feature| {
        let kind = column_kind(feature.kind.as_deref()?)?;
        let name = format!("{}: {}", view.name, feature.kind.as_deref()?);
        Some(Constraint {
            source: source("features"),
            name,
            column: Some(feature.name.clone()),
            rule: Rule::Type { of: kind },
        })
    }));
}

/// A text may be a category, a text or an identifier, so it asks for nothing.
fn column_kind(kind: &str) -> Option<ColumnKind> {
    match kind {
        "INT32" | "INT64" | "DOUBLE" | "FLOAT" => Some(ColumnKind::Numeric),
        "BOOL" => Some(ColumnKind::Boolean),
        "UNIX_TIMESTAMP" => Some(ColumnKind::Datetime),
        _ => None,
    }
}

fn signature(service: Service) -> Signature {
    Signature {
        source: Source::of(TOOL, None, service.place),
        model: Some(service.name),
        version: None,
        is_deployed: None,
        inputs: service.features.into_iter().map(|feature| (feature.name, feature.kind)).collect(),
    }
}

fn duration(seconds: f64) -> String {
    let units = [(86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute")];
    let whole = units.iter().find(|(size, _)| seconds >= *size && seconds % size == 0.0);
    whole.map_or_else(|| format!("{} s", number(seconds)), |(size, unit)| counted((seconds / size) as u64, unit))
}

fn registry(document: &Value) -> Registry {
    let mut registry =
        Registry { on_demand: json::list(document, &["onDemandFeatureViews"]).count() as u64, ..Registry::default() };
    for list in ["featureViews", "streamFeatureViews"] {
        let keys = [list];
        let views = json::list(document, &keys).enumerate();
        registry.views.extend(views.filter_map(|(place, entry)| view(format!("{list}[{place}].spec"), entry)));
    }
    for (place, entry) in json::list(document, &["featureServices"]).enumerate() {
        let Some(name) = json::text(entry, &["spec", "name"]) else { continue };
        let features =
            json::list(entry, &["spec", "features"]).flat_map(|view| features(view, "featureColumns")).collect();
        registry.services.push(Service {
            place: format!("featureServices[{place}].spec"),
            name: name.to_owned(),
            features,
        });
    }
    registry
}

fn view(place: String, entry: &Value) -> Option<View> {
    let spec = entry.get("spec")?;
    let until = json::list(entry, &["meta", "materializationIntervals"])
        .filter_map(|interval| numbers::time(interval.get("endTime")?));
    Some(View {
        place,
        name: json::text(spec, &["name"])?.to_owned(),
        features: features(spec, "features").collect(),
        entities: json::list(spec, &["entities"]).filter_map(Value::as_str).map(str::to_owned).collect(),
        // Zero seconds, as an absent time to live, mean that values never expire.
        ttl_seconds: json::text(spec, &["ttl"])
            .and_then(|ttl| ttl.strip_suffix('s')?.parse::<f64>().ok())
            .filter(|ttl| *ttl > 0.0 && ttl.is_finite()),
        is_online: spec.get("online").and_then(Value::as_bool).unwrap_or_default(),
        materialized_until_ms: until.max(),
    })
}

fn features<'v>(spec: &'v Value, key: &'v str) -> impl Iterator<Item = Feature> + 'v {
    json::list(spec, &[key])
        .filter_map(|feature| {
            let kind = json::text(feature, &["valueType"]).map(str::to_owned);
            Some(Feature { name: json::text(feature, &["name"])?.to_owned(), kind })
        })
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_that_is_not_online_and_never_expires() {
        let text = br#"{"project": "p", "featureViews": [{"spec": {"name": "v", "features": [{"name": "a", "valueType": "BOOL"}], "ttl": "0s"},
            "meta": {"materializationIntervals": [{"endTime": "2026-01-02T00:00:00Z"}, {"endTime": "2026-01-01T00:00:00Z"}]}}]}"#;
        assert!(of_json(&Seen::of(text)));
        let brought = read(&Given::of(text, "a")).unwrap_or_default();
        let settings: Vec<_> =
            brought.facts.settings.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect();
        assert_eq!(settings[..2], [("v.ttl", "unlimited"), ("v.online", "false")]);
        assert!(settings[2].1.contains("2026-01-02"), "{settings:?}");
        assert_eq!(brought.facts.checks.len(), 1);
        assert_eq!(duration(7_776_000.0), "90 days");
        assert_eq!(duration(1.5), "1.5 s");
    }
}
