//! Facts of other tools that should agree with each other, compared.

use super::named;
use crate::thresholds::IMPORTANCE_MOVED;
use std::collections::BTreeSet;

use domain::naming::{name, names};
use domain::number::{number, percent};
use domain::observation::{Stage, base_metric};
use domain::plot::format::shortened;
use domain::tool_check::{CheckOutcome, CheckSubject, CheckedBy, ToolCheck, Worse};
use domain::tool_facts::{DataDigest, Importance, NamedBy, ReportedMetric, Setting, Signature, ToolFacts};

/// Every disagreement, given the features of train for what has no names.
pub(super) fn all(facts: &ToolFacts, features: &[String]) -> Vec<ToolCheck> {
    let mut found = settings(&facts.settings);
    found.extend(digests(&facts.digests));
    found.extend(signatures(&facts.signatures));
    found.extend(metrics(&facts.metrics));
    found.extend(importances(&named::importances(facts, features)));
    found.extend(panels(facts));
    found.into_iter().map(|check| check.made_by(CheckedBy::Comparison)).collect()
}

/// The last part of a dotted name: `threshold` of `evaluate.threshold`.
fn last_part(name: &str) -> String {
    name.rsplit(['.', '/', ':']).next().unwrap_or(name).trim_start_matches('-').to_ascii_lowercase()
}

/// A threshold and a time zone must be the same everywhere; other settings may differ for a reason.
fn must_agree(name: &str) -> Option<CheckSubject> {
    match last_part(name).as_str() {
        "threshold" | "decision_threshold" | "cutoff" | "cut_off" => Some(CheckSubject::Threshold),
        "tz" | "timezone" | "time_zone" => Some(CheckSubject::Configuration),
        _ => None,
    }
}

fn same_value(one: &str, other: &str) -> bool {
    let numbers = one.trim().parse::<f64>().ok().zip(other.trim().parse::<f64>().ok());
    one.trim() == other.trim() || numbers.is_some_and(|(one, other)| one == other)
}

/// Settings of one name with two values, in two stages that are known, or where the name must agree wherever it is.
fn settings(settings: &[Setting]) -> Vec<ToolCheck> {
    let mut found: Vec<ToolCheck> = Vec::new();
    for (place, one) in settings.iter().enumerate() {
        for other in &settings[place + 1..] {
            if last_part(&one.name) != last_part(&other.name) || same_value(&one.value, &other.value) {
                continue;
            }
            let strict = must_agree(&one.name);
            let stages_differ = one.stage.zip(other.stage).is_some_and(|(one, other)| one != other);
            let apart = one.source.file != other.source.file;
            if !(apart && (stages_differ || strict.is_some())) {
                continue;
            }
            let outcome = if strict.is_some() { CheckOutcome::Failed } else { CheckOutcome::Warned };
            let about = strict.unwrap_or(CheckSubject::Configuration);
            let columns = vec![last_part(&one.name)];
            let is_said = found.iter().any(|check| check.about == about && check.columns == columns);
            if !is_said {
                let observed = told(settings, &last_part(&one.name));
                found.push(
                    ToolCheck::new(other.source.clone(), &other.name, about, columns, outcome).with_observed(observed),
                );
            }
        }
    }
    found
}

/// Each value of a setting with the files that have it: `0.5 in dvc.lock (evaluation), and 0.6 in deployments.json (serving)`.
fn told(settings: &[Setting], name: &str) -> String {
    let mut values: Vec<(&str, Vec<String>)> = Vec::new();
    for one in settings.iter().filter(|one| last_part(&one.name) == name) {
        let place = format!("{}{}", one.source.file, one.stage.map(stage_words).unwrap_or_default());
        match values.iter_mut().find(|(value, _)| same_value(value, &one.value)) {
            Some((_, places)) if places.contains(&place) => {}
            Some((_, places)) => places.push(place),
            None => values.push((&one.value, vec![place])),
        }
    }
    let value = |(value, places): &(&str, Vec<String>)| format!("{} in {}", shortened(value, 40), places.join(" and "));
    values.iter().map(value).collect::<Vec<_>>().join(", and ")
}

fn stage_words(stage: Stage) -> &'static str {
    match stage {
        Stage::Training => " (training)",
        Stage::Evaluation => " (evaluation)",
        Stage::Serving => " (serving)",
    }
}

/// The file of a path, whatever folder it lies in.
fn file_of(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Data of one name with two digests of one algorithm.
fn digests(digests: &[DataDigest]) -> Vec<ToolCheck> {
    let algorithm = |digest: &str| digest.split_once(':').map(|(algorithm, _)| algorithm.to_owned());
    let mut found: Vec<ToolCheck> = Vec::new();
    for (place, one) in digests.iter().enumerate() {
        for other in &digests[place + 1..] {
            let (Some(before), Some(now)) = (&one.digest, &other.digest) else { continue };
            let comparable = algorithm(before).is_some() && algorithm(before) == algorithm(now);
            let apart = one.source.file != other.source.file;
            if !comparable || !apart || before == now || file_of(&one.name) != file_of(&other.name) {
                continue;
            }
            let columns = vec![file_of(&one.name).to_owned()];
            if found.iter().all(|check| check.columns != columns) {
                let size = |one: &DataDigest| {
                    one.bytes.map(|bytes| format!(", {}", domain::number::bytes(bytes))).unwrap_or_default()
                };
                let part = |one: &DataDigest, digest: &str| {
                    format!("{}{} in {}", shortened(digest, 16), size(one), one.source.file)
                };
                let observed = format!("{}, and {}", part(one, before), part(other, now));
                let check = ToolCheck::new(
                    other.source.clone(),
                    "digest",
                    CheckSubject::DataVersion,
                    columns,
                    CheckOutcome::Failed,
                );
                found.push(check.with_observed(observed));
            }
        }
    }
    found
}

/// The inputs of the model that serves against those of the other versions.
fn signatures(signatures: &[Signature]) -> Vec<ToolCheck> {
    let Some(deployed) = signatures.iter().find(|one| one.is_deployed == Some(true)) else { return Vec::new() };
    let has = |one: &Signature, name: &str| one.inputs.iter().any(|(known, _)| known == name);
    let lacks = |one: &Signature, of: &Signature| -> Vec<String> {
        of.inputs.iter().map(|(name, _)| name.clone()).filter(|name| !has(one, name)).collect()
    };
    let others = signatures.iter().filter(|one| one.is_deployed != Some(true) && one.version != deployed.version);
    let differing = others.map(|other| (other, lacks(deployed, other))).find(|(_, missing)| !missing.is_empty());
    let check = differing.map(|(other, missing)| {
        let version = |one: &Signature| one.version.clone().unwrap_or_else(|| "another version".to_owned());
        let observed = format!(
            "the version that serves ({}) takes no {}, which version {} takes",
            version(deployed),
            names(&missing),
            version(other)
        );
        let model = deployed.model.iter().cloned().collect();
        ToolCheck::new(deployed.source.clone(), "signature", CheckSubject::ModelVersion, model, CheckOutcome::Warned)
            .with_observed(observed)
    });
    check.into_iter().collect()
}

/// Whether less of a metric is better, by its name; `None` where the name doesn't say.
fn lower_is_better(metric: &str) -> Option<bool> {
    let metric = metric.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| metric.contains(word));
    match () {
        () if has(&["loss", "error", "mae", "mse", "rmse", "brier", "mape"]) => Some(true),
        () if has(&["accuracy", "auc", "f1", "precision", "recall", "r2", "mcc", "kappa"]) => Some(false),
        () => None,
    }
}

/// The figures of the version that serves against the same figures of another version of the same model.
fn metrics(metrics: &[ReportedMetric]) -> Vec<ToolCheck> {
    let deployed = metrics.iter().filter(|one| one.is_deployed == Some(true));
    let worse = deployed.filter_map(|one| {
        let lower = lower_is_better(&one.metric)?;
        let same = |other: &&ReportedMetric| {
            other.metric == one.metric
                && other.is_deployed != Some(true)
                && other.version != one.version
                && other.model == one.model
        };
        let by_value = |a: &&ReportedMetric, b: &&ReportedMetric| a.value.total_cmp(&b.value);
        let others = metrics.iter().filter(same);
        let best = if lower { others.min_by(by_value) } else { others.max_by(by_value) }?;
        let is_worse = if lower { one.value > best.value } else { one.value < best.value };
        let version = |of: &ReportedMetric| of.version.clone().unwrap_or_else(|| "another version".to_owned());
        let observed = format!(
            "{} {} of the version that serves ({}), {} of {}",
            one.metric,
            number(one.value),
            version(one),
            number(best.value),
            version(best)
        );
        is_worse.then(|| {
            ToolCheck::new(
                one.source.clone(),
                &one.metric,
                CheckSubject::Performance,
                vec![one.metric.clone()],
                CheckOutcome::Warned,
            )
            .with_observed(observed)
            .with_time(one.at_ms)
        })
    });
    worse.collect()
}

/// Each feature's share of all importance in training and in serving, by one method.
fn importances(importances: &[Importance]) -> Vec<ToolCheck> {
    let of = |stage: Stage| importances.iter().filter(move |one| one.stage == Some(stage));
    let pair = of(Stage::Serving)
        .find_map(|serve| of(Stage::Training).find(|train| train.method == serve.method).map(|train| (train, serve)));
    let Some((train, serve)) = pair else { return Vec::new() };
    let share = |one: &Importance, feature: &str| {
        let total: f64 = one.by_feature.iter().map(|(_, value)| value.abs()).sum();
        let value = one.by_feature.iter().find(|(name, _)| name == feature)?.1.abs();
        (total > 0.0).then_some(value / total)
    };
    let by: BTreeSet<&NamedBy> = [train, serve].into_iter().filter_map(|one| one.named_by.as_ref()).collect();
    let by: Vec<&str> = by.into_iter().map(NamedBy::words).collect();
    let by = if by.is_empty() { String::new() } else { format!(", named by {}", by.join(" and ")) };
    let moved = serve.by_feature.iter().filter_map(|(feature, _)| {
        let (before, now) = (share(train, feature)?, share(serve, feature)?);
        let observed = format!(
            "{} of all importance in training, {} in serving ({}{by})",
            percent(before),
            percent(now),
            serve.method
        );
        ((now - before).abs() >= IMPORTANCE_MOVED).then(|| {
            ToolCheck::new(
                serve.source.clone(),
                "importance",
                CheckSubject::FeatureImportance,
                vec![feature.clone()],
                CheckOutcome::Warned,
            )
            .with_measured("difference of shares", (now - before).abs(), Some(IMPORTANCE_MOVED))
            .worse_when(Worse::Higher)
            .with_observed(observed)
        })
    });
    moved.collect()
}

/// Prefixes of what the platform exports, and not the service whose metrics are here.
const OF_THE_PLATFORM: [&str; 12] = [
    "container_",
    "kube_",
    "kubelet_",
    "node_",
    "machine_",
    "istio_",
    "envoy_",
    "nginx_",
    "traefik_",
    "aws_",
    "apiserver_",
    "probe_",
];

/// The metrics that panels ask for and that are not among those that a service exports. Another service may export them, so it is
/// possible and no more.
fn panels(facts: &ToolFacts) -> Vec<ToolCheck> {
    /// Fewer are the answer to a query.
    const FEWEST: usize = 3;
    let of_prometheus = facts.metrics.iter().filter(|metric| metric.source.tool == "Prometheus");
    let exported: BTreeSet<&str> = of_prometheus.map(|metric| base_metric(&metric.metric)).collect();
    if exported.len() < FEWEST {
        return Vec::new();
    }
    let is_panel = |check: &&ToolCheck| check.about == CheckSubject::Dashboard && check.outcome == CheckOutcome::Passed;
    let panels = facts.checks.iter().filter(is_panel);
    // A recording rule makes metrics of its own, with colons in their names.
    let is_elsewhere = |metric: &str| metric.contains(':') || OF_THE_PLATFORM.iter().any(|one| metric.starts_with(one));
    let asks = panels.flat_map(|panel| panel.columns.iter().map(move |metric| (panel, base_metric(metric))));
    let mut said = BTreeSet::new();
    let lost = asks.filter(|(_, metric)| !is_elsewhere(metric) && !exported.contains(metric) && said.insert(*metric));
    let lost: Vec<ToolCheck> = lost
        .map(|(panel, metric)| {
            let observed = format!(
                "the panel {} asks for it, and it is not among the metrics that are exported here",
                name(&panel.name)
            );
            let columns = vec![metric.to_owned()];
            ToolCheck::new(panel.source.clone(), &panel.name, CheckSubject::Panel, columns, CheckOutcome::Warned)
                .with_observed(observed)
        })
        .collect();
    lost
}
