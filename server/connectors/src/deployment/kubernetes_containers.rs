//! What the containers of a pod or a template say.

use domain::observation::ResourceUse;
use domain::tool_check::Source;
use domain::tool_facts::Setting;
use serde_json::Value;

use super::kubernetes_object::texts;
use super::variables::{self, Image};
use crate::json;

/// Version, model and digests of a pod or a template.
pub(super) struct Identity {
    pub version: Option<String>,
    /// Of the model's file, where a label or annotation has it.
    pub model_digest: Option<String>,
    pub image: Option<String>,
    pub image_digest: Option<String>,
}

/// The container that serves: the one whose name says so, else the first.
fn main_container(spec: &Value) -> Option<&Value> {
    let containers: Vec<&Value> = json::list(spec, &["containers"]).collect();
    let named = |word: &str| {
        containers.iter().find(|one| json::text(one, &["name"]).is_some_and(|name| name.contains(word))).copied()
    };
    ["model", "predict", "serv", "infer"].iter().find_map(|word| named(word)).or_else(|| containers.first().copied())
}

/// Of an object with `metadata` and `spec`: a pod or a template of one.
pub(super) fn identity(of: &Value) -> Identity {
    let spec = of.get("spec").unwrap_or(&Value::Null);
    let labels = || texts(of, &["metadata", "labels"]).chain(texts(of, &["metadata", "annotations"]));
    let image = main_container(spec).and_then(|one| json::text(one, &["image"]));
    let named = image.map(Image::of);
    let tag = named.as_ref().and_then(|image| image.tag).map(str::to_owned);
    Identity {
        version: variables::labelled_version(labels()).or(tag),
        model_digest: variables::model_digest(labels()),
        image: image.map(str::to_owned),
        image_digest: named.and_then(|image| image.digest).map(str::to_owned),
    }
}

/// The variables of all containers, without what is secret; those taken from elsewhere have no value here.
pub(super) fn settings(spec: &Value, source: impl Fn(&str) -> Source) -> Vec<Setting> {
    let of_container = |(number, container): (usize, &Value)| {
        let variables = json::list(container, &["env"]).filter_map(|one| {
            let value = one.get("value")?;
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let name = json::text(one, &["name"])?;
            variables::setting(source(&format!("containers[{number}].env")), name, &text)
        });
        variables.collect::<Vec<_>>()
    };
    json::list(spec, &["containers"]).enumerate().flat_map(of_container).collect()
}

/// The limits of one container.
pub(super) fn limits(container: &Value, name: String) -> ResourceUse {
    let limit = |key: &str| json::at(container, &["resources", "limits", key]).and_then(quantity);
    ResourceUse { name, memory_limit_bytes: limit("memory"), cpu_limit_cores: limit("cpu"), ..ResourceUse::default() }
}

/// The pod, with its container where it has several.
pub(super) fn process(pod: &str, container: &str, is_alone: impl FnOnce() -> bool) -> String {
    if is_alone() { pod.to_owned() } else { format!("{pod}/{container}") }
}

/// A number with a suffix of Kubernetes: `512Mi`, `250m`, `1e9`:
/// <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>.
pub(super) fn quantity(value: &Value) -> Option<f64> {
    let text = match value {
        Value::String(text) => text.trim(),
        other => return other.as_f64().filter(|number| number.is_finite() && *number >= 0.0),
    };
    let suffix = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '+');
    let scale = match suffix {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024.0 * 1024.0,
        "Gi" => 1024.0 * 1024.0 * 1024.0,
        "Ti" => 1024.0_f64.powi(4),
        "Pi" => 1024.0_f64.powi(5),
        "Ei" => 1024.0_f64.powi(6),
        _ => return text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0),
    };
    let number: f64 = text.strip_suffix(suffix)?.parse().ok()?;
    Some(number * scale).filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quantities_are_read_with_every_suffix() {
        let cases = [
            ("512Mi", 536_870_912.0),
            ("250m", 0.25),
            ("941000000n", 0.941),
            ("1e9", 1e9),
            ("2", 2.0),
            ("1.5G", 1.5e9),
        ];
        for (text, expected) in cases {
            let read = quantity(&json!(text)).unwrap_or(f64::NAN);
            assert!((read - expected).abs() < expected * 1e-12, "{text}: {read}");
        }
        assert_eq!(quantity(&json!(3)), Some(3.0));
        for odd in [json!(""), json!("Mi"), json!("-1"), json!("1x"), json!(null), json!("inf")] {
            assert_eq!(quantity(&odd), None, "{odd}");
        }
    }
}
