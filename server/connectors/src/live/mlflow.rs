//! MLflow's tracking server: <https://mlflow.org/docs/latest/rest-api.html>. A link to an experiment, a run or a model asks
//! for that; without one, the newest experiments are asked.

use domain::markup::percent_encoded;
use serde_json::{Value, json};

use super::{Answer, Asked, LiveSource, Question};
use crate::json as values;

pub(super) static MLFLOW: LiveSource = LiveSource {
    id: "mlflow",
    tool: "MLflow",
    proven_on: "3.17",
    takes: "runs with parameters, figures and learning curves, registered models with versions and aliases",
    leaves: "artifacts, traces, prompts",
    pages: &["/experiments", "/models", "/ajax-api"],
    knock: "/api/2.0/mlflow/experiments/search?max_results=1",
    is_it: |answer| {
        let experiments = answer.json().and_then(|found| found.get("experiments").cloned());
        experiments.is_some_and(|list| list.get(0).is_some_and(|one| one.get("experiment_id").is_some()))
    },
    version: |answer| {
        let is_version = answer.question.name == "version" && answer.is_ok() && answer.body.len() < 40;
        is_version.then(|| answer.body.trim().trim_matches('"').to_owned())
    },
    questions,
    joined,
};

const MOST_EXPERIMENTS: usize = 10;
const MOST_RUNS: usize = 50;
/// Runs whose learning curves are asked, and metrics of each of them.
const RUNS_WITH_CURVES: usize = 8;
const CURVES_OF_RUN: usize = 8;

fn questions(asked: &Asked<'_>) -> Vec<Question> {
    let at = |path: &str| format!("/api/2.0/mlflow/{path}");
    let mut all = vec![Question::planning("version", "/version")];
    match asked.address.after("runs") {
        Some(run) => all.push(Question::evidence("run", at(&format!("runs/get?run_id={}", percent_encoded(&run))))),
        None => {
            let search = at(&format!("experiments/search?max_results={MOST_EXPERIMENTS}&view_type=ACTIVE_ONLY"));
            all.push(Question::planning("experiments", search));
            all.extend(runs(asked).map(|body| Question::evidence("runs", at("runs/search")).posting(&body)));
        }
    }
    all.push(Question::evidence("models", at(&models("registered-models/search", asked))));
    all.push(Question::evidence("model_versions", at(&models("model-versions/search", asked))));
    all.extend(curves(asked).map(|(run, metric)| {
        let query = format!("{HISTORY}?run_id={}&metric_key={}", percent_encoded(&run), percent_encoded(&metric));
        Question::evidence(run, at(&query))
    }));
    all
}

const HISTORY: &str = "metrics/get-history";

/// The histories of one run are one curve: what training and validation do is seen together only.
fn joined(answers: &[Answer]) -> Vec<Answer> {
    let is_history = |answer: &&Answer| answer.question.path.contains(HISTORY);
    let mut all: Vec<Answer> = answers.iter().filter(|answer| !is_history(answer)).cloned().collect();
    for history in answers.iter().filter(is_history) {
        let same =
            |known: &&mut Answer| known.question.path.contains(HISTORY) && known.question.name == history.question.name;
        match all.iter_mut().find(same).and_then(|known| Some((metrics(known)?, metrics(history)?, known))) {
            Some((before, more, known)) => {
                let together = [before, more].concat();
                known.body = json!({ "metrics": together }).to_string();
            }
            None => all.push(history.clone()),
        }
    }
    all
}

/// The values of a history.
fn metrics(answer: &Answer) -> Option<Vec<Value>> {
    answer.json()?.get("metrics")?.as_array().cloned()
}

/// The search for runs, once the experiments are known.
fn runs(asked: &Asked<'_>) -> Option<Value> {
    let of_link = asked.address.after("experiments").map(|id| vec![id]);
    let listed = || {
        let found = asked.json("experiments")?;
        let ids = values::list(&found, &["experiments"]).filter_map(|one| values::text(one, &["experiment_id"]));
        Some(ids.map(str::to_owned).collect())
    };
    let ids: Vec<String> = of_link.or_else(listed)?;
    (!ids.is_empty())
        .then(|| json!({ "experiment_ids": ids, "max_results": MOST_RUNS, "order_by": ["attributes.start_time DESC"] }))
}

fn models(search: &str, asked: &Asked<'_>) -> String {
    let path = format!("{search}?max_results=100");
    match asked.address.after("models").filter(|name| !name.contains('\'')) {
        Some(name) => format!("{path}&filter={}", percent_encoded(&format!("name='{name}'"))),
        None => path,
    }
}

/// The metrics of runs that have a value at a later step than the first: each has a curve.
fn curves(asked: &Asked<'_>) -> impl Iterator<Item = (String, String)> {
    let single = asked.json("run").and_then(|found| found.get("run").cloned());
    let several = asked.json("runs").map(|found| values::list(&found, &["runs"]).cloned().collect::<Vec<_>>());
    let runs: Vec<Value> = single.into_iter().chain(several.into_iter().flatten()).collect();
    let with_steps = runs.into_iter().filter_map(|run| {
        let id = values::text(&run, &["info", "run_id"])?.to_owned();
        let has_steps = |metric: &&Value| metric.get("step").and_then(values::finite).is_some_and(|step| step > 0.0);
        let metrics = values::list(&run, &["data", "metrics"]).filter(has_steps);
        let keys: Vec<String> = metrics
            .filter_map(|metric| values::text(metric, &["key"]).map(str::to_owned))
            .take(CURVES_OF_RUN)
            .collect();
        (!keys.is_empty()).then_some((id, keys))
    });
    with_steps.take(RUNS_WITH_CURVES).flat_map(|(run, keys)| keys.into_iter().map(move |key| (run.clone(), key)))
}
