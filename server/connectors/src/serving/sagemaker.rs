//! Amazon SageMaker: answers of DescribeEndpoint, DescribeEndpointConfig, DescribeModel and the lists, as the AWS command line
//! and boto3 write them: <https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html>.

use std::collections::BTreeMap;

use domain::number::{counted, number, percent};
use domain::observation::{ArtifactPlace, Deployment, ModelArtifact, Stage};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use domain::tool_facts::Setting;
use domain::{Problem, observation::Observations};
use serde_json::Value;

use crate::deployment::variables::{self, Image};
use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

pub(super) const TOOL: &str = "SageMaker";

pub(super) static DESCRIBED: Connector = Connector {
    id: "sagemaker",
    tool: TOOL,
    words: "SageMaker describe-endpoint, describe-endpoint-config, describe-model or a list of them, JSON",
    proven_on: "boto3 1.44",
    takes: "variants with their share of the traffic, status, data capture, how a new version is released, images and variables",
    leaves: "roles, networks",
    recognise: |seen| {
        let has_arn = |arn: &str| seen.json.has(arn);
        has_arn("EndpointArn") && seen.json.has("EndpointName")
            || has_arn("EndpointConfigArn") && seen.json.has("ProductionVariants")
            || has_arn("ModelArn") && seen.json.has("ModelName")
            || has_arn("Endpoints[].EndpointArn")
            || has_arn("Models[].ModelArn")
            || seen.json.has_all(&["Message", "Code"]) && seen.text.contains(":sagemaker:")
    },
    read,
};

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    if let Some(message) = json::text(&document, &["Message"]).filter(|_| document.get("Code").is_some()) {
        return Err(given.bad(&format!(
            "SageMaker answered with an error ({message}); name what exists and save its answer again"
        )));
    }
    let mut brought = Brought::default();
    if document.get("EndpointArn").is_some() || document.get("EndpointConfigArn").is_some() {
        endpoint(&document, &mut brought);
    } else if document.get("ModelArn").is_some() {
        model(&document, "", &mut brought);
    }
    for (place, one) in json::list(&document, &["Endpoints"]).enumerate() {
        brought.facts.checks.extend(status(one, &format!("Endpoints[{place}]")));
    }
    for (place, one) in json::list(&document, &["Models"]).enumerate() {
        model(one, &format!("Models[{place}]"), &mut brought);
    }
    if brought.count() == 0 {
        return Err(given.bad("it describes no endpoint and no model; save the answer again"));
    }
    Ok(brought)
}

fn source(place: &str) -> Source {
    Source::of(TOOL, None, place)
}

/// Some versions of the command line write seconds since 1970.
fn time(value: &Value) -> Option<i64> {
    /// As milliseconds that is in 1973.
    const SECONDS: f64 = 1e11;
    match value.as_f64().filter(|seconds| (0.0..SECONDS).contains(seconds)) {
        Some(seconds) => Some((seconds * 1_000.0).round() as i64),
        None => numbers::time(value),
    }
}

fn name_of(document: &Value) -> &str {
    ["EndpointName", "EndpointConfigName"].iter().find_map(|key| json::text(document, &[key])).unwrap_or("endpoint")
}

fn check(document: &Value, place: &str, name: &str, about: CheckSubject, outcome: CheckOutcome) -> ToolCheck {
    ToolCheck::new(source(place), name, about, vec![name_of(document).to_owned()], outcome)
}

/// Whether the endpoint serves.
fn status(document: &Value, place: &str) -> Option<ToolCheck> {
    let status = json::text(document, &["EndpointStatus"])?;
    let (about, outcome) = match status {
        "InService" => (CheckSubject::Health, CheckOutcome::Passed),
        "Creating" | "Updating" | "SystemUpdating" => (CheckSubject::Health, CheckOutcome::NotRun),
        "RollingBack" => (CheckSubject::Release, CheckOutcome::Failed),
        "UpdateRollbackFailed" => (CheckSubject::Rollback, CheckOutcome::Failed),
        _ => (CheckSubject::Health, CheckOutcome::Failed),
    };
    let reason = json::text(document, &["FailureReason"]).map(|reason| format!(": {reason}")).unwrap_or_default();
    let at_ms = document.get("LastModifiedTime").and_then(time);
    let check = check(document, place, "EndpointStatus", about, outcome);
    Some(check.with_expected("InService").with_observed(format!("{status}{reason}")).with_time(at_ms))
}

fn endpoint(document: &Value, brought: &mut Brought) {
    brought.facts.checks.extend(status(document, "EndpointStatus"));
    brought.facts.checks.push(capture(document));
    brought.facts.checks.extend(release_policy(document));
    let variants: Vec<&Value> = json::list(document, &["ProductionVariants"]).collect();
    let shares = shares(&variants);
    brought.facts.checks.extend(versions(document, &variants, &shares));
    brought.facts.checks.extend(instances(document, &variants));
    for (variant, share) in variants.iter().zip(&shares) {
        deployed(document, variant, *share, &mut brought.observations);
    }
    for variant in json::list(document, &["ShadowProductionVariants"]) {
        let said = json::text(variant, &["VariantName"]).unwrap_or("a variant");
        let check =
            check(document, "ShadowProductionVariants", "shadow variant", CheckSubject::Shadow, CheckOutcome::Passed);
        brought.facts.checks.push(check.with_observed(format!("{said} gets a copy of the requests")));
    }
}

/// The share of the traffic of each variant, by its weight.
fn shares(variants: &[&Value]) -> Vec<Option<f64>> {
    let weights = variants.iter().map(|variant| {
        let weight = ["CurrentWeight", "InitialVariantWeight"].iter().find_map(|key| json::number(variant, &[key]));
        weight.filter(|weight| *weight >= 0.0)
    });
    let weights: Vec<Option<f64>> = weights.collect();
    let all: f64 = weights.iter().flatten().sum();
    weights.into_iter().map(|weight| weight.map(|weight| weight / all).filter(|share| share.is_finite())).collect()
}

/// The version that a variant runs: the tag of its image, else its model, else its own name.
fn version(variant: &Value) -> Option<String> {
    let image = json::list(variant, &["DeployedImages"]).find_map(|image| json::text(image, &["SpecifiedImage"]));
    let tag = image.and_then(|image| Image::of(image).tag);
    let named = || ["ModelName", "VariantName"].iter().find_map(|key| json::text(variant, &[key]));
    tag.or_else(named).map(str::to_owned)
}

fn deployed(document: &Value, variant: &Value, share: Option<f64>, observations: &mut Observations) {
    let digest = json::list(variant, &["DeployedImages"])
        .find_map(|image| Image::of(json::text(image, &["ResolvedImage"])?).digest.map(str::to_owned));
    let shown = ["VariantName", "ModelName", "InstanceType", "InitialInstanceCount", "CurrentInstanceCount"];
    let mut settings: BTreeMap<String, String> =
        shown.iter().filter_map(|key| Some(((*key).to_owned(), json::words(variant.get(key)?)))).collect();
    let traffic =
        json::text(document, &["LastDeploymentConfig", "BlueGreenUpdatePolicy", "TrafficRoutingConfiguration", "Type"]);
    settings.extend(traffic.map(|kind| ("traffic routing".to_owned(), kind.to_owned())));
    let resolved = json::list(variant, &["DeployedImages"]).find_map(|image| time(image.get("ResolutionTime")?));
    let changed = ["LastModifiedTime", "CreationTime"].iter().find_map(|key| time(document.get(key)?));
    observations.deployments.push(Deployment {
        at_ms: resolved.or(changed),
        model: Some(name_of(document).to_owned()),
        version: version(variant),
        digest,
        traffic_share: share,
        settings,
        ..Deployment::default()
    });
}

/// Which versions share the traffic.
fn versions(document: &Value, variants: &[&Value], shares: &[Option<f64>]) -> Option<ToolCheck> {
    let serving: Vec<String> = variants
        .iter()
        .zip(shares)
        .filter(|(_, share)| share.is_none_or(|share| share > 0.0))
        .filter_map(|(variant, share)| {
            let name = version(variant)?;
            Some(share.map_or_else(|| name.clone(), |share| format!("{name} {}", percent(share))))
        })
        .collect();
    let outcome = match serving.len() {
        0 => return None,
        1 => CheckOutcome::Passed,
        // It may be meant as an experiment.
        _ => CheckOutcome::Warned,
    };
    let check = check(document, "ProductionVariants", "ProductionVariants", CheckSubject::ModelVersion, outcome);
    Some(
        check
            .with_measured("variants with traffic", serving.len() as f64, Some(1.0))
            .with_expected("one version")
            .with_observed(serving.join(", ")),
    )
}

fn instances(document: &Value, variants: &[&Value]) -> Option<ToolCheck> {
    let count = |key: &str| variants.iter().filter_map(|variant| json::number(variant, &[key])).sum::<f64>();
    let (now, wanted) = (count("CurrentInstanceCount"), count("DesiredInstanceCount"));
    let outcome = if now < wanted { CheckOutcome::Failed } else { CheckOutcome::Passed };
    (wanted > 0.0).then(|| {
        let check = check(document, "ProductionVariants", "CurrentInstanceCount", CheckSubject::Capacity, outcome);
        check.with_measured("instances", now, Some(wanted)).worse_when(Worse::Lower)
    })
}

/// Whether requests are captured, and which share of them.
fn capture(document: &Value) -> ToolCheck {
    let config = document.get("DataCaptureConfig").unwrap_or(&Value::Null);
    let enabled = config.get("EnableCapture").and_then(Value::as_bool) == Some(true);
    let stopped = json::text(config, &["CaptureStatus"]) == Some("Stopped");
    let share =
        ["CurrentSamplingPercentage", "InitialSamplingPercentage"].iter().find_map(|key| json::number(config, &[key]));
    let (outcome, said) = match (enabled && !stopped, share) {
        (false, _) => (CheckOutcome::Failed, "requests and predictions are not captured".to_owned()),
        (true, Some(share)) if share < 100.0 => {
            (CheckOutcome::Warned, format!("{} % of the requests are captured", number(share)))
        }
        (true, Some(share)) => (CheckOutcome::Passed, format!("{} % of the requests are captured", number(share))),
        (true, None) => (CheckOutcome::Passed, "requests are captured".to_owned()),
    };
    let check =
        check(document, "DataCaptureConfig", "DataCaptureConfig", CheckSubject::Logging, outcome).with_observed(said);
    match share {
        Some(share) => {
            check.with_measured("share of captured requests", share / 100.0, Some(1.0)).worse_when(Worse::Lower)
        }
        None => check,
    }
}

/// How the last version was released: at once or in steps, and whether it goes back by itself.
fn release_policy(document: &Value) -> Vec<ToolCheck> {
    let place = "LastDeploymentConfig";
    let Some(config) = document.get(place).filter(|config| config.is_object()) else { return Vec::new() };
    let mut checks = Vec::new();
    if let Some(policy) = config.get("BlueGreenUpdatePolicy") {
        let routing = json::text(policy, &["TrafficRoutingConfiguration", "Type"]).unwrap_or_default();
        let at_once = routing == "ALL_AT_ONCE";
        let wait = json::number(policy, &["TerminationWaitInSeconds"]).unwrap_or(0.0);
        let outcome = if at_once { CheckOutcome::Warned } else { CheckOutcome::Passed };
        let said = match at_once {
            true => format!("all traffic was switched at once, the old version was kept for {} s", number(wait)),
            false => format!("traffic was switched in steps ({})", routing.to_lowercase()),
        };
        let check = check(document, place, "BlueGreenUpdatePolicy", CheckSubject::Release, outcome);
        checks.push(check.with_measured("TerminationWaitInSeconds", wait, None).with_observed(said));
    }
    let alarms = json::list(config, &["AutoRollbackConfiguration", "Alarms"]).count();
    let (outcome, said) = match alarms {
        0 => (CheckOutcome::Warned, "no alarm rolls the release back".to_owned()),
        alarms => (CheckOutcome::Passed, counted(alarms as u64, "alarm")),
    };
    let check = check(document, place, "AutoRollbackConfiguration", CheckSubject::Rollback, outcome);
    checks.push(check.with_expected("an alarm that rolls the release back").with_observed(said));
    checks
}

/// A model with its image, its file and its variables.
fn model(document: &Value, place: &str, brought: &mut Brought) {
    let Some(name) = json::text(document, &["ModelName"]) else { return };
    let containers: Vec<&Value> =
        document.get("PrimaryContainer").into_iter().chain(json::list(document, &["Containers"])).collect();
    let first = containers.first();
    let image = first.and_then(|container| json::text(container, &["Image"])).map(Image::of);
    let labels = first.map(|container| json::entries(container, &["Environment"])).into_iter().flatten();
    let labels: Vec<(&str, &str)> = labels.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect();
    let named =
        labels.iter().find(|(key, _)| key.eq_ignore_ascii_case("model_version")).map(|(_, value)| (*value).to_owned());
    brought.observations.artifacts.push(ModelArtifact {
        source: String::new(),
        place: ArtifactPlace::Registered,
        model: Some(name.to_owned()),
        version: named.or_else(|| image.as_ref().and_then(|image| image.tag).map(str::to_owned)),
        digest: variables::model_digest(labels.iter().copied()),
    });
    for (key, value) in labels {
        brought.facts.settings.extend(variables::setting(source(&format!("{place}Environment")), key, value));
    }
    let files = containers.iter().filter_map(|container| json::text(container, &["ModelDataUrl"]));
    brought.facts.settings.extend(files.map(|file| Setting {
        source: source(&format!("{place}ModelDataUrl")),
        stage: Some(Stage::Serving),
        name: "ModelDataUrl".to_owned(),
        value: file.to_owned(),
    }));
}
