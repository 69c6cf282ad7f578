//! MLflow's `python_env.yaml`: <https://mlflow.org/docs/latest/ml/model/dependencies/>.

use domain::Problem;
use domain::observation::Observations;
use serde_json::Value;

use super::packages::Packages;
use super::requirements::{Line, parse};
use crate::given::Given;
use crate::{Brought, Connector, json};

pub(super) static CONNECTOR: Connector = Connector {
    id: "python_env",
    tool: "MLflow",
    words: "python_env.yaml of MLflow",
    proven_on: "3.17.2",
    takes: "Python, packages",
    leaves: "what it is built with, and the requirements that it refers to: give requirements.txt too",
    recognise: |seen| {
        let only = ["python:", "build_dependencies:", "dependencies:"];
        let mut lines = seen.text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let has = |key: &str| seen.has_line(key);
        has("python:")
            && has("build_dependencies:")
            && lines.all(|line| line.starts_with([' ', '-']) || only.iter().any(|key| line.starts_with(key)))
    },
    read,
};

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let documents = given.yaml()?;
    let document = documents.first().cloned().unwrap_or_default();
    let python = document.get("python").map(json::words);
    let mut packages = Packages::of(given.name);
    let mut referred = Vec::new();
    for item in json::list(&document, &["dependencies"]).filter_map(Value::as_str) {
        match parse(item) {
            Some(Line::Package { name, version, .. }) => packages.add(&name, &version)?,
            _ => referred.push(item.to_owned()),
        }
    }
    let observations: Observations = packages.into_observations(python);
    Ok(Brought { left: referred, ..Brought::from(observations) })
}
