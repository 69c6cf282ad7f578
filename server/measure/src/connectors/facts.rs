//! Observations as lines to look at, before anything is judged.

use domain::observation::{Environment, MetricSeries, Observations};
use domain::plot::format::time;
use domain::snapshot::Preview;
use serde::Serialize;

/// One line: what it is, its name, what was read.
type Fact = [String; 3];

pub(super) fn preview(observations: &Observations, rows: usize) -> Preview {
    let facts = lines(observations).take(rows);
    Preview {
        columns: ["observation", "name", "value"].map(str::to_owned).to_vec(),
        rows: facts.map(|fact| fact.into_iter().map(|cell| (!cell.is_empty()).then_some(cell)).collect()).collect(),
    }
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
