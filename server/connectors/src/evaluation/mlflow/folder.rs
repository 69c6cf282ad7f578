//! A whole tracking folder (`mlruns`) in a zip: each run with its parameters, histories, tags and models.

use std::collections::BTreeMap;

use domain::number::counted;
use domain::observation::Stage;
use domain::tool_facts::{ReportedMetric, Setting};
use domain::{Problem, tool_check::Source};

use super::{TOOL, files};
use crate::curves::History;
use crate::given::Given;
use crate::seen::text_of;
use crate::zipped::{Member, is_zip, members, paths};
use crate::{Brought, Connector};

pub(crate) static FOLDER: Connector = Connector {
    id: "mlflow_folder",
    tool: TOOL,
    words: "MLflow tracking folder (mlruns), in a zip",
    proven_on: "3.17.2",
    takes: "runs with parameters, last figures and learning curves, models with their inputs, digests of data sets",
    leaves: "artifacts of runs, tags about the machine",
    recognise: |seen| is_zip(seen.bytes) && paths(seen.bytes).is_some_and(|paths| is_tracking(&paths)),
    read,
};

/// A run is a folder with `meta.yaml` and one of metrics, params or tags.
fn is_tracking(paths: &[Vec<String>]) -> bool {
    let of_run = |path: &Vec<String>| run_of(path).is_some();
    paths.iter().any(of_run) && paths.iter().any(|path| path.last().is_some_and(|name| name == "meta.yaml"))
}

/// Where the experiments are, in an archive that holds other files too.
pub(crate) fn tracking_root(paths: &[Vec<String>]) -> Option<Vec<String>> {
    if !is_tracking(paths) {
        return None;
    }
    // A run is in the folder of its experiment.
    paths.iter().find_map(|path| {
        let place = path.iter().rposition(|part| matches!(part.as_str(), "metrics" | "params" | "tags"))?;
        run_of(path)?;
        Some(path[..place.saturating_sub(2)].to_vec())
    })
}

/// What a path is of a run: the run's id, the kind of note, its name.
fn run_of(path: &[String]) -> Option<(&str, &str, String)> {
    let place = path.iter().rposition(|part| matches!(part.as_str(), "metrics" | "params" | "tags"))?;
    let (before, note) = (path.get(place.checked_sub(1)?)?, path.get(place + 1..)?);
    let is_model = place.checked_sub(2).and_then(|above| path.get(above)).is_some_and(|above| above == "models");
    (!note.is_empty() && !is_model).then(|| (before.as_str(), path[place].as_str(), note.join("/")))
}

/// The notes of one run.
#[derive(Default)]
struct Run<'m> {
    metrics: Vec<(String, &'m str)>,
    params: Vec<(String, &'m str)>,
    name: Option<&'m str>,
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let Some((members, left_out)) = members(given.bytes) else {
        return Err(given.bad("the zip can't be opened or holds too many files; pack the runs that matter again"));
    };
    let texts: Vec<(&Member, String)> =
        members.iter().filter_map(|member| Some((member, text_of(&member.bytes)?.into_owned()))).collect();
    let mut runs: BTreeMap<&str, Run<'_>> = BTreeMap::new();
    for (member, text) in &texts {
        let Some((run, kind, note)) = run_of(&member.path) else { continue };
        let run = runs.entry(run).or_default();
        match (kind, note.as_str()) {
            ("metrics", _) => run.metrics.push((note, text)),
            ("params", _) => run.params.push((note, text.trim())),
            ("tags", "mlflow.runName") => run.name = Some(text.trim()),
            _ => {}
        }
    }
    let mut brought = Brought::default();
    for (id, run) in &runs {
        bring(id, run, &mut brought);
    }
    for (member, _) in &texts {
        bring_file(member, &mut brought);
    }
    if left_out > 0 {
        brought.left.push(format!("{}, too large to be notes or unreadable", counted(left_out as u64, "file")));
    }
    Ok(brought)
}

fn bring(id: &str, run: &Run<'_>, brought: &mut Brought) {
    let name = run.name.unwrap_or(id);
    let source = |path: String| Source::of(TOOL, None, path);
    let mut history = History::default();
    for (metric, lines) in &run.metrics {
        let points: Vec<(f64, f64)> = lines.lines().filter_map(files::point).collect();
        for (value, step) in &points {
            history.add(metric, *step, *value);
        }
        let last = points.last().map(|(value, _)| *value).filter(|value| value.is_finite());
        brought.facts.metrics.extend(last.map(|value| ReportedMetric {
            source: source(format!("{id}/metrics/{metric}")),
            model: None,
            version: Some(name.to_owned()),
            is_deployed: None,
            metric: metric.clone(),
            value,
            at_ms: None,
        }));
    }
    brought.curves.extend(history.curve(name));
    brought.facts.settings.extend(run.params.iter().map(|(param, value)| Setting {
        source: source(format!("{id}/params/{param}")),
        stage: Some(Stage::Training),
        name: param.clone(),
        value: (*value).to_owned(),
    }));
}

/// Models and data sets are files of their own kinds.
fn bring_file(member: &Member, brought: &mut Brought) {
    let path = member.path.join("/");
    let given = Given::of(&member.bytes, &path);
    let read = match member.path.last().map(String::as_str) {
        Some("MLmodel") => files::read_model(&given),
        Some("meta.yaml") if member.path.iter().any(|part| part == "datasets") => files::read_meta(&given),
        _ => return,
    };
    match read {
        Ok(mut found) => {
            for source in found.facts.sources_mut() {
                source.path = format!("{path} {}", source.path).trim_end().to_owned();
            }
            brought.tool_version = brought.tool_version.take().or(found.tool_version);
            // Versions of libraries and ids repeat in each model; what the models take is what counts.
            found.facts.settings.clear();
            brought.facts.extend(found.facts);
            brought.observations.extend(found.observations);
        }
        Err(problem) => brought.warnings.push(problem.message),
    }
}
