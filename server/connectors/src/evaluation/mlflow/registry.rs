//! Answers of the model registry: registered models, their versions and aliases.

use std::collections::BTreeMap;

use domain::Problem;
use domain::observation::{ArtifactPlace, ModelArtifact, Stage};
use domain::tool_check::{CheckOutcome, CheckSubject, ToolCheck};
use serde_json::Value;

use super::{TOOL, pairs, setting, source};
use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

pub(crate) static REGISTRY: Connector = Connector {
    id: "mlflow_registry",
    tool: TOOL,
    words: "MLflow answer of registered-models or model-versions, JSON",
    proven_on: "3.17.2",
    takes: "versions with the stage or alias that makes them serve, whether they were validated, the run each is from",
    leaves: "descriptions and links",
    recognise: |seen| {
        let is_version = |one: &str| {
            seen.json.has(&format!("{one}.name"))
                && seen.json.has(&format!("{one}.version"))
                && (seen.json.has(&format!("{one}.current_stage"))
                    || seen.json.has(&format!("{one}.creation_timestamp")))
        };
        let is_model =
            |one: &str| seen.json.has(&format!("{one}.name")) && seen.json.has(&format!("{one}.creation_timestamp"));
        is_version("model_version")
            || is_version("model_versions[]")
            || is_model("registered_model")
            || is_model("registered_models[]")
    },
    read,
};

/// The part that a version plays by its stage or one of its aliases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// The best of those that were evaluated.
    Champion,
    /// The one that answers requests.
    Serving,
}

impl Part {
    fn of(alias: &str) -> Option<Self> {
        match alias.to_lowercase().as_str() {
            "production" | "prod" | "live" | "serving" | "deployed" | "current" => Some(Part::Serving),
            "champion" | "best" => Some(Part::Champion),
            _ => None,
        }
    }
}

/// A version with all that is said of it.
struct Version<'v> {
    path: String,
    model: &'v str,
    number: String,
    document: Option<&'v Value>,
    aliases: Vec<&'v str>,
}

impl Version<'_> {
    fn part(&self) -> Option<Part> {
        let stage = self.document.and_then(|document| json::text(document, &["current_stage"]));
        self.aliases.iter().copied().chain(stage).filter_map(Part::of).max()
    }

    fn name(&self) -> String {
        format!("{} {}", self.model, self.number)
    }

    /// What it is known as, in words.
    fn called(&self) -> String {
        if self.aliases.is_empty() { self.name() } else { format!("{} ({})", self.name(), self.aliases.join(", ")) }
    }
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let single = ["registered_model"].into_iter().filter_map(|key| Some((key.to_owned(), document.get(key)?)));
    let listed = json::list(&document, &["registered_models"]).enumerate();
    let models = single.chain(listed.map(|(place, model)| (format!("registered_models[{place}]"), model)));
    let mut versions: Vec<Version<'_>> = models.flat_map(|(path, model)| of_model(&path, model)).collect();
    let single = ["model_version"].into_iter().filter_map(|key| Some((key.to_owned(), document.get(key)?)));
    let listed = json::list(&document, &["model_versions"]).enumerate();
    let alone = single.chain(listed.map(|(place, version)| (format!("model_versions[{place}]"), version)));
    versions.extend(alone.filter_map(|(path, version)| of_version(path, version)));
    let mut brought = Brought::default();
    for version in &versions {
        add(version, &mut brought);
    }
    brought.facts.checks.extend(two_parts(&versions));
    Ok(brought)
}

/// The versions of a registered model: the latest ones, and those that only an alias names.
fn of_model<'v>(path: &str, model: &'v Value) -> Vec<Version<'v>> {
    let Some(name) = json::text(model, &["name"]) else { return Vec::new() };
    let mut by_number: BTreeMap<String, Version<'v>> = BTreeMap::new();
    let listed = json::list(model, &["latest_versions"]).enumerate();
    for version in listed.filter_map(|(place, version)| of_version(format!("{path}.latest_versions[{place}]"), version))
    {
        by_number.insert(version.number.clone(), version);
    }
    for (place, alias) in json::list(model, &["aliases"]).enumerate() {
        let Some((alias, number)) = json::text(alias, &["alias"]).zip(alias.get("version").map(json::words)) else {
            continue;
        };
        let path = format!("{path}.aliases[{place}]");
        let version = by_number.entry(number.clone()).or_insert(Version {
            path,
            model: name,
            number,
            document: None,
            aliases: Vec::new(),
        });
        version.aliases.push(alias);
    }
    by_number.into_values().collect()
}

fn of_version(path: String, version: &Value) -> Option<Version<'_>> {
    let model = json::text(version, &["name"])?;
    let number = version.get("version").map(json::words)?;
    let aliases = json::list(version, &["aliases"]).filter_map(Value::as_str).collect();
    Some(Version { path, model, number, document: Some(version), aliases })
}

fn add(version: &Version<'_>, brought: &mut Brought) {
    let place = match version.part() {
        Some(Part::Serving) => ArtifactPlace::Deployed,
        Some(Part::Champion) => ArtifactPlace::Evaluated,
        None => ArtifactPlace::Registered,
    };
    brought.observations.artifacts.push(ModelArtifact {
        source: String::new(),
        place,
        model: Some(version.model.to_owned()),
        version: Some(version.number.clone()),
        digest: None,
    });
    let Some(document) = version.document else { return };
    let stage = (version.part() == Some(Part::Serving)).then_some(Stage::Serving);
    let facts = &mut brought.facts;
    let run = json::text(document, &["run_id"]).filter(|run| !run.is_empty());
    facts.settings.extend(run.map(|run| setting(&version.path, stage, &format!("run_id of {}", version.name()), run)));
    for (key, value) in pairs(document, &["tags"]) {
        match key {
            "validation_status" | "validation" => facts.checks.push(validation(version, key, value)),
            _ => facts.settings.push(setting(&version.path, stage, &format!("{key} of {}", version.name()), value)),
        }
    }
    facts.checks.extend(registration(version, document));
}

/// Whether a version was validated, as its tag says. A version that serves without that is worse than one that waits.
fn validation(version: &Version<'_>, key: &str, value: &str) -> ToolCheck {
    let serves = version.part() == Some(Part::Serving);
    let outcome = match value.to_lowercase().as_str() {
        "approved" | "passed" | "pass" | "validated" | "ok" | "success" | "true" => CheckOutcome::Passed,
        "rejected" | "failed" | "fail" | "false" if serves => CheckOutcome::Failed,
        _ if serves => CheckOutcome::Warned,
        "rejected" | "failed" | "fail" | "false" => CheckOutcome::Warned,
        _ => CheckOutcome::NotRun,
    };
    let changed = version.document.and_then(|document| document.get("last_updated_timestamp")).and_then(numbers::time);
    let observed = if serves { format!("{value}, and this version serves") } else { value.to_owned() };
    ToolCheck::new(source(version.path.as_str()), key, CheckSubject::ModelVersion, vec![version.called()], outcome)
        .with_expected("approved")
        .with_observed(observed)
        .with_time(changed)
}

/// A version whose registration did not end well.
fn registration(version: &Version<'_>, document: &Value) -> Option<ToolCheck> {
    let status = json::text(document, &["status"]).filter(|status| *status == "FAILED_REGISTRATION")?;
    let message = json::text(document, &["status_message"]).unwrap_or(status);
    let source = source(version.path.as_str());
    let check =
        ToolCheck::new(source, "status", CheckSubject::ModelVersion, vec![version.called()], CheckOutcome::Failed);
    Some(check.with_observed(message))
}

/// A champion that is another version than the one that serves.
fn two_parts(versions: &[Version<'_>]) -> Vec<ToolCheck> {
    let of_part = |part: Part| versions.iter().filter(move |version| version.part() == Some(part));
    let serving: BTreeMap<&str, &Version<'_>> =
        of_part(Part::Serving).map(|version| (version.model, version)).collect();
    let other = |champion: &Version<'_>| {
        let serving = serving.get(champion.model).filter(|serving| serving.number != champion.number)?;
        let source = source(serving.path.as_str());
        let columns = vec![champion.model.to_owned()];
        let check = ToolCheck::new(source, "aliases", CheckSubject::ModelVersion, columns, CheckOutcome::Warned);
        Some(check.with_expected(champion.called()).with_observed(serving.called()))
    };
    of_part(Part::Champion).filter_map(other).collect()
}
