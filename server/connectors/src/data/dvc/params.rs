//! A params file of DVC: settings of a training in YAML. It is any YAML, so only one is taken in which several settings have
//! the names of hyperparameters: <https://dvc.org/doc/command-reference/params>.

use domain::Problem;
use domain::naming;
use domain::observation::Stage;
use domain::tool_check::Source;
use domain::tool_facts::Setting;
use serde_json::Value;

use super::TOOL;
use super::words::{flattened, stage_of};
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector};

pub(in crate::data) static PARAMS: Connector = Connector {
    id: "dvc_params",
    tool: TOOL,
    words: "params.yaml of DVC, or another YAML file of hyperparameters",
    proven_on: "3.67",
    takes: "each parameter by its path, with the stage that it begins with",
    leaves: "a file with fewer than two names of hyperparameters is not taken for one",
    recognise,
    read,
};

/// It is written by people.
const LONGEST: usize = 16 << 10;
/// Settings of one file at most, and how deep they lie.
const MOST: usize = 200;
const DEEPEST: usize = 3;
/// Names of hyperparameters in their words.
const KNOWN: [&str; 34] = [
    "learning rate",
    "lr",
    "max depth",
    "n estimators",
    "num leaves",
    "min samples leaf",
    "min samples split",
    "min child weight",
    "num boost round",
    "colsample bytree",
    "subsample",
    "reg alpha",
    "reg lambda",
    "gamma",
    "epochs",
    "num epochs",
    "batch size",
    "seed",
    "random state",
    "random seed",
    "dropout",
    "hidden size",
    "num layers",
    "weight decay",
    "momentum",
    "optimizer",
    "split",
    "test size",
    "val size",
    "threshold",
    "early stopping rounds",
    "patience",
    "max iter",
    "n neighbors",
];

fn recognise(seen: &Seen<'_>) -> bool {
    let text = seen.text.trim_start();
    // A first look that costs nothing: a mapping of plain keys, in the block style.
    let starts = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with(['#', '-']));
    let is_key = |line: &str| line.split_once(':').is_some_and(|(key, _)| naming_is_plain(key));
    text.len() <= LONGEST && starts.is_some_and(is_key) && parameters(text).is_some()
}

fn naming_is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Every parameter with its path; `None` where the text is anything else.
fn parameters(text: &str) -> Option<Vec<(String, String)>> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).ok()?;
    let [document] = documents.as_slice() else { return None };
    let is_shallow = document.is_object() && fits(document, 0);
    let mut all = Vec::new();
    if is_shallow {
        flattened(document, String::new(), 0, &mut all);
    }
    let is_known = |path: &str| {
        let last = path.rsplit('.').next().unwrap_or(path);
        KNOWN.contains(&naming::words(last).join(" ").as_str())
    };
    let known = all.iter().filter(|(path, _)| is_known(path)).count();
    // Settings of other programs may have a seed or a threshold among a hundred others.
    (all.len() <= MOST && known >= 2 && known * 5 >= all.len()).then_some(all)
}

/// Values, lists of values, and objects of these.
fn fits(value: &Value, depth: usize) -> bool {
    match value {
        Value::Object(object) => {
            depth < DEEPEST && object.iter().all(|(key, inner)| naming_is_plain(key) && fits(inner, depth + 1))
        }
        Value::Array(list) => list.iter().all(|one| !one.is_array() && !one.is_object()),
        _ => true,
    }
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let all = parameters(&given.text()?)
        .ok_or_else(|| given.bad("it holds more than parameters; give the file that the training reads"))?;
    let mut brought = Brought::default();
    brought.facts.settings = all
        .into_iter()
        .map(|(name, value)| Setting {
            source: Source::of(TOOL, None, name.as_str()),
            stage: stage_of(name.split('.').next().unwrap_or(&name)).or(Some(Stage::Training)),
            name,
            value,
        })
        .collect();
    Ok(brought)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_settings_are_not_parameters() {
        let is = |text: &str| recognise(&Seen::of(text.as_bytes()));
        assert!(is("train:\n  learning_rate: 0.1\n  max_depth: 4\nevaluate:\n  threshold: 0.5\n"));
        assert!(is("# comment\nlr: 0.1\nbatch_size: 32\n"));
        for text in [
            "apiVersion: v1\nkind: ConfigMap\n",
            "version: '3'\nservices:\n  app:\n    image: a\n",
            "seed: 1\nname: a\n",
            "a,b\n1,2\n",
            "time: 12:00\nplace: x\n",
            "lr: [[1]]\nbatch_size: 2\n",
        ] {
            assert!(!is(text), "{text}");
        }
    }
}
