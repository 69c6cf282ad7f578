//! Model cards: JSON of the Model Card Toolkit, and the front matter of a README of the Hub:
//! <https://huggingface.co/docs/hub/model-cards>.

use domain::Problem;
use domain::observation::{ArtifactPlace, ModelArtifact, Stage};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use domain::tool_facts::{ReportedMetric, Setting, Signature};
use serde_json::Value;

use crate::given::Given;
use crate::{Brought, Connector, json};

const TOOL: &str = "model card";

pub(crate) static TOOLKIT: Connector = Connector {
    id: "model_card",
    tool: TOOL,
    words: "model card of the Model Card Toolkit, JSON",
    proven_on: "schema 0.0.2, by the documented shape",
    takes: "figures of the whole and of slices, version, inputs; what is left empty",
    leaves: "owners, licences, pictures",
    recognise: |seen| {
        let parts = ["quantitative_analysis", "considerations", "model_parameters", "schema_version"];
        seen.json.has("model_details.name") && parts.iter().any(|part| seen.json.has(part))
    },
    read: read_toolkit,
};

pub(crate) static HUB: Connector = Connector {
    id: "model_card_hub",
    tool: TOOL,
    words: "model card of the Hub (README.md with front matter)",
    proven_on: "the documented shape",
    takes: "figures of model-index; digest, version and threshold in the text",
    leaves: "the rest of the text",
    recognise: |seen| {
        seen.text.trim_start_matches('\u{feff}').starts_with("---")
            && (seen.has_line("model-index:") || (seen.has_line("library_name:") && seen.has_line("---")))
            && front_matter(&seen.text).is_some()
    },
    read: read_hub,
};

fn source(path: &str) -> Source {
    Source::of(TOOL, None, path)
}

/// What a card is about.
struct Model {
    name: Option<String>,
    version: Option<String>,
}

impl Model {
    fn metric(&self, path: &str, metric: String, value: f64) -> ReportedMetric {
        let (model, version) = (self.name.clone(), self.version.clone());
        ReportedMetric { source: source(path), model, version, is_deployed: None, metric, value, at_ms: None }
    }

    /// The version that was evaluated, as a card describes it.
    fn artifact(&self, digest: Option<String>) -> Option<ModelArtifact> {
        (self.version.is_some() || digest.is_some()).then(|| ModelArtifact {
            source: String::new(),
            place: ArtifactPlace::Evaluated,
            model: self.name.clone(),
            version: self.version.clone(),
            digest,
        })
    }
}

fn read_toolkit(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let details = document.get("model_details").unwrap_or(&Value::Null);
    let version = json::text(details, &["version", "name"]).or_else(|| json::text(details, &["version"]));
    let model = Model { name: json::text(details, &["name"]).map(str::to_owned), version: version.map(str::to_owned) };
    let mut brought = Brought::default();
    for (place, metric) in json::list(&document, &["quantitative_analysis", "performance_metrics"]).enumerate() {
        let path = format!("quantitative_analysis.performance_metrics[{place}]");
        let kind = json::text(metric, &["type"]).unwrap_or("metric");
        let slice = json::text(metric, &["slice"]).filter(|slice| !slice.is_empty());
        let named = match slice.filter(|slice| !slice.eq_ignore_ascii_case("overall")) {
            Some(slice) => format!("{kind} of {slice}"),
            None => kind.to_owned(),
        };
        match json::number(metric, &["value"]) {
            Some(value) => brought.facts.metrics.push(model.metric(&path, named, value)),
            None => brought.facts.checks.push(empty(&path, kind, slice, "no value is given")),
        }
    }
    let limitations = json::at(&document, &["considerations", "limitations"]);
    if limitations.is_none_or(|list| list.as_array().is_none_or(Vec::is_empty) && !list.is_string()) {
        let path = "considerations.limitations";
        brought.facts.checks.push(empty(path, "limitations", None, "no limitation is written down"));
    }
    brought.observations.artifacts.extend(model.artifact(None));
    brought.facts.signatures.extend(inputs(&document, &model));
    Ok(brought)
}

/// A place of a card that was left empty.
fn empty(path: &str, name: &str, slice: Option<&str>, words: &str) -> ToolCheck {
    let columns = slice.map(str::to_owned).into_iter().collect();
    ToolCheck::new(source(path), name, CheckSubject::Documentation, columns, CheckOutcome::Warned).with_observed(words)
}

/// The inputs, where they are written as a list of names.
fn inputs(document: &Value, model: &Model) -> Option<Signature> {
    let format = json::text(document, &["model_parameters", "input_format"])?;
    let names: Vec<&str> = format.split([';', ',']).map(str::trim).filter(|name| !name.is_empty()).collect();
    let is_list = names.len() > 1 && names.iter().all(|name| !name.contains(char::is_whitespace));
    is_list.then(|| Signature {
        source: source("model_parameters.input_format"),
        model: model.name.clone(),
        version: model.version.clone(),
        is_deployed: None,
        inputs: names.into_iter().map(|name| (name.to_owned(), None)).collect(),
    })
}

/// The YAML between the two lines of dashes, and the text behind it.
fn front_matter(text: &str) -> Option<(&str, &str)> {
    let inside =
        text.trim_start_matches('\u{feff}').strip_prefix("---")?.trim_start_matches([' ', '\r']).strip_prefix('\n')?;
    let end = inside.find("\n---")?;
    Some((&inside[..end + 1], &inside[end + 4..]))
}

fn read_hub(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    let (front, body) =
        front_matter(&text).ok_or_else(|| given.bad("its front matter has no end; download it again"))?;
    let front = Given::of(front.as_bytes(), given.name).yaml()?.into_iter().next().unwrap_or_default();
    let index = json::list(&front, &["model-index"]).next().unwrap_or(&Value::Null);
    let model = Model { name: json::text(index, &["name"]).map(str::to_owned), version: version_in(body) };
    let mut brought = Brought::default();
    for (place, result) in json::list(index, &["results"]).enumerate() {
        let data = json::text(result, &["dataset", "name"]);
        for metric in json::list(result, &["metrics"]) {
            let kind = json::text(metric, &["name"]).or_else(|| json::text(metric, &["type"])).unwrap_or("metric");
            let named = data.map_or_else(|| kind.to_owned(), |data| format!("{kind} on {data}"));
            let path = format!("model-index[0].results[{place}]");
            match json::number(metric, &["value"]) {
                Some(value) => brought.facts.metrics.push(model.metric(&path, named, value)),
                None => brought.facts.checks.push(empty(&path, kind, data, "no value is given")),
            }
        }
    }
    brought.observations.artifacts.extend(model.artifact(digest_in(body)));
    brought.facts.settings.extend(threshold_in(body).map(|value| Setting {
        source: source("text"),
        stage: Some(Stage::Evaluation),
        name: "threshold".to_owned(),
        value,
    }));
    if brought.count() == 0 {
        brought.warnings.push("It has no figures under model-index.".to_owned());
    }
    Ok(brought)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| {
        letter.is_whitespace() || matches!(letter, '`' | ',' | ';' | '(' | ')' | '*' | '|' | '=' | ':' | '"')
    })
    .filter(|word| !word.is_empty())
}

/// A version in the first heading: `# name v3`.
fn version_in(body: &str) -> Option<String> {
    let heading = body.lines().find_map(|line| line.strip_prefix("# "))?;
    let is_version = |word: &&str| {
        let digits = word.strip_prefix(['v', 'V']).unwrap_or(word);
        digits.starts_with(|first: char| first.is_ascii_digit())
            && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
    };
    words(heading).filter(is_version).last().map(str::to_owned)
}

/// A digest of the model: sixty-four hexadecimal digits soon after the word.
fn digest_in(body: &str) -> Option<String> {
    let start = body.to_ascii_lowercase().find("sha256").or_else(|| body.to_ascii_lowercase().find("sha-256"))?;
    let digest = words(body.get(start..)?)
        .take(6)
        .find(|word| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some(format!("sha256:{}", digest.to_ascii_lowercase()))
}

/// A threshold in the text: `threshold 0.5`, `threshold of 0.5`.
fn threshold_in(body: &str) -> Option<String> {
    let start = body.to_ascii_lowercase().find("threshold")?;
    let mut after = words(body.get(start..)?).skip(1).take(2).map(|word| word.trim_end_matches('.'));
    after.find(|word| word.parse::<f64>().is_ok_and(|value| (0.0..=1.0).contains(&value))).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_card_tells_version_digest_and_threshold() {
        let digest = "a3f1".repeat(16);
        let body = format!("\n# loans v3\n\nsha256 `{digest}`, threshold of 0.45.\n");
        assert_eq!(version_in(&body).as_deref(), Some("v3"));
        assert_eq!(digest_in(&body), Some(format!("sha256:{digest}")));
        assert_eq!(threshold_in(&body).as_deref(), Some("0.45"));
        assert_eq!(
            (version_in("# loans"), digest_in("sha256 abc"), threshold_in("threshold high")),
            (None, None, None)
        );
        assert_eq!(front_matter("---\na: 1\n---\ntext"), Some(("a: 1\n", "\ntext")));
        assert_eq!((front_matter("--- a: 1\n---\n"), front_matter("---\na: 1\n")), (None, None));
    }
}
