//! Observations as lines to look at, before anything is judged.

use domain::learning_curve::LearningCurve;
use domain::number::{count, counted, number};
use domain::observation::{Environment, MetricSeries, Observations};
use domain::plot::format::time;
use domain::snapshot::Preview;
use domain::tool_check::{CheckOutcome, ToolCheck};
use domain::tool_facts::{Importance, ToolFacts};
use serde::Serialize;

use crate::{Brought, BroughtTable};

/// One line: what it is, its name, what was read.
type Fact = [String; 3];

pub(super) fn preview(brought: &Brought, rows: usize) -> Preview {
    let curves = brought.curves.iter().map(curve);
    // First: there are few, and what they hold is more than one line.
    let tables = brought.tables.iter().map(table);
    let facts = tables.chain(told(&brought.facts)).chain(lines(&brought.observations)).chain(curves).take(rows);
    Preview {
        columns: ["observation", "name", "value"].map(str::to_owned).to_vec(),
        rows: facts.map(|fact| fact.into_iter().map(|cell| (!cell.is_empty()).then_some(cell)).collect()).collect(),
    }
}

/// Failed checks first: they are what a person looks for.
fn told(facts: &ToolFacts) -> impl Iterator<Item = Fact> {
    let failed = |one: &&ToolCheck| matches!(one.outcome, CheckOutcome::Failed | CheckOutcome::Warned);
    let others = facts.checks.iter().filter(move |one| !failed(one));
    let checks = facts.checks.iter().filter(failed).chain(others).map(check);
    let settings = facts.settings.iter().map(|one| {
        let of = one.stage.map(|stage| format!("setting, {}", word(&stage)));
        [of.unwrap_or_else(|| "setting".to_owned()), one.name.clone(), one.value.clone()]
    });
    let metrics = facts.metrics.iter().map(|one| {
        let of = joined([one.model.clone(), one.version.clone()]);
        [
            "metric".to_owned(),
            joined([Some(of).filter(|of| !of.is_empty()), Some(one.metric.clone())]),
            number(one.value),
        ]
    });
    let importances = facts.importances.iter().map(importance);
    let feature_names = facts.feature_names.iter().map(|one| {
        let number = counted(one.names.len() as u64, "name");
        ["names of features".to_owned(), number, listed(one.names.iter().map(String::as_str))]
    });
    let digests = facts.digests.iter().map(|one| {
        let rows = one.rows.map(|rows| counted(rows, "row"));
        ["data".to_owned(), one.name.clone(), joined([one.digest.clone(), rows])]
    });
    let signatures = facts.signatures.iter().map(|one| {
        let inputs: Vec<&str> = one.inputs.iter().map(|(name, _)| name.as_str()).collect();
        ["inputs of a model".to_owned(), joined([one.model.clone(), one.version.clone()]), inputs.join(", ")]
    });
    let constraints = facts
        .constraints
        .iter()
        .map(|one| ["constraint".to_owned(), one.column.clone().unwrap_or_default(), one.rule.words()]);
    checks
        .chain(constraints)
        .chain(settings)
        .chain(metrics)
        .chain(importances)
        .chain(feature_names)
        .chain(digests)
        .chain(signatures)
}

fn lines(observations: &Observations) -> impl Iterator<Item = Fact> {
    let environments = observations.environments.iter().flat_map(environment);
    let artifacts = observations.artifacts.iter().map(|one| {
        let said = [&one.version, &one.digest].into_iter().flatten().cloned().collect::<Vec<_>>();
        [format!("model file, {}", word(&one.place)), one.model.clone().unwrap_or_default(), said.join(", ")]
    });
    let deployments = observations.deployments.iter().map(|one| {
        let parts = [
            one.version.clone(),
            one.digest.clone(),
            one.previous_version.as_ref().map(|version| format!("before it {version}")),
            one.at_ms.map(time),
        ];
        ["deployment".to_owned(), one.model.clone().unwrap_or_default(), joined(parts)]
    });
    let resources = observations.resources.iter().map(|one| {
        let megabytes = |bytes: f64| (bytes / 1e6).round();
        let parts = [
            one.memory_peak_bytes.map(|bytes| format!("memory peak {} MB", megabytes(bytes))),
            one.memory_limit_bytes.map(|bytes| format!("memory limit {} MB", megabytes(bytes))),
            one.cpu_throttled_share.map(|share| format!("throttled {:.0} %", share * 100.0)),
            one.out_of_memory_kills.map(|kills| format!("out-of-memory kills {kills}")),
            one.restarts.map(|restarts| format!("restarts {restarts}")),
        ];
        ["resources".to_owned(), one.name.clone(), joined(parts)]
    });
    let rules = observations.alert_rules.iter().map(|one| {
        let told = match one.breach {
            domain::observation::Breach::Absent => format!("{} absent", one.signal),
            ref breach => format!("{} {} {}", one.signal, word(breach), one.threshold),
        };
        ["alert rule".to_owned(), one.name.clone(), if one.muted { format!("{told}, muted") } else { told }]
    });
    let costs = observations
        .cost_matrices
        .iter()
        .map(|one| ["costs of predictions".to_owned(), one.unit.clone().unwrap_or_default(), one.labels.join(", ")]);
    let series = observations.series.iter().map(series);
    environments.chain(artifacts).chain(deployments).chain(resources).chain(series).chain(rules).chain(costs)
}

fn importance(one: &Importance) -> Fact {
    let shown = if one.is_unnamed() {
        let rows = one.rows.map(|rows| format!("{} and ", counted(rows, "row"))).unwrap_or_default();
        let features = counted(one.by_place.len() as u64, "feature");
        format!("{rows}{features} without names; add the list of feature names")
    } else {
        let mut ranked = one.by_feature.clone();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        joined(ranked.iter().take(5).map(|(feature, value)| Some(format!("{feature} {}", number(*value)))))
    };
    ["importance of features".to_owned(), one.method.clone(), shown]
}

fn check(one: &ToolCheck) -> Fact {
    let measured = one.measured.as_ref().map(|figure| {
        let limit = figure.limit.map(|limit| format!(", limit {}", number(limit))).unwrap_or_default();
        format!("{} {}{limit}", figure.name, number(figure.value))
    });
    let expected = one.expected.as_ref().map(|words| format!("expected {words}"));
    let parts = [Some(word(&one.outcome)), measured, expected, one.observed.clone()];
    [format!("check of {}", one.about.words()), one.columns.join(", "), joined(parts)]
}

fn curve(one: &LearningCurve) -> Fact {
    let series: Vec<&str> = one.series.iter().map(|series| series.name.as_str()).collect();
    let epochs = format!("{} epochs", one.epochs.len());
    ["learning curve".to_owned(), one.name.clone(), joined([Some(series.join(", ")), Some(epochs)])]
}

fn table(one: &BroughtTable) -> Fact {
    let part = one.role.map(|role| format!("table, {}", role.words().to_lowercase()));
    let rows = counted(one.rows() as u64, "row");
    let columns = Some(listed(one.columns())).filter(|columns| !columns.is_empty());
    [part.unwrap_or_else(|| "table".to_owned()), one.name.clone(), joined([Some(rows), columns])]
}

/// As many names as fit on a line.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const SHOWN: usize = 12;
    let names: Vec<&str> = names.collect();
    let more = names.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| format!("and {} more", count(more as u64)));
    joined(names.iter().take(SHOWN).map(|name| Some((*name).to_owned())).chain([more]))
}

fn environment(one: &Environment) -> impl Iterator<Item = Fact> {
    let stage = one.stage.map_or("stage unknown".to_owned(), |stage| word(&stage));
    let packages = format!("{} packages", one.packages.len());
    let python = one.python.as_ref().map(|python| format!("Python {python}"));
    let head = ["environment".to_owned(), stage, joined([python, Some(packages)])];
    let line = |(package, version): (&String, &String)| {
        let version = if version.is_empty() { "not pinned" } else { version };
        ["package".to_owned(), package.clone(), version.to_owned()]
    };
    std::iter::once(head).chain(one.packages.iter().map(line))
}

fn series(one: &MetricSeries) -> Fact {
    let span = one.points.first().zip(one.points.last());
    let parts = [
        Some(format!("{} points", one.points.len())),
        span.map(|((from, _), (to, _))| format!("{} to {}", time(*from), time(*to))),
        one.unit.clone(),
    ];
    [format!("series, {}", word(&one.kind)), one.signal.clone(), joined(parts)]
}

fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The word of a closed set, as the artifact writes it.
fn word(of: &impl Serialize) -> String {
    let written = serde_json::to_value(of).unwrap_or_default();
    written.as_str().unwrap_or_default().replace('_', " ")
}
