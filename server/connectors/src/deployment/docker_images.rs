//! Docker and OCI images: `docker image inspect`, `docker images` and `docker history` with `--format json`, the manifest and
//! configuration of `docker save` and of an OCI layout, `skopeo inspect`:
//! <https://github.com/opencontainers/image-spec/blob/main/config.md>.

use domain::Problem;
use domain::number::counted;
use domain::observation::{ArtifactPlace, ModelArtifact, Stage};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use domain::tool_facts::Setting;
use serde_json::{Value, json};

use super::variables::{self, labelled_model, labelled_version, model_digest};
use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

pub(super) const TOOL: &str = "Docker";

pub(super) static IMAGE: Connector = Connector {
    id: "docker_image",
    tool: TOOL,
    words: "docker image inspect, image configuration or skopeo inspect, JSON",
    proven_on: "20.10, OCI image-spec 1.0, skopeo 1.9",
    takes: "digests, labels of the model, health check, variables",
    leaves: "layers, which are counted",
    recognise: |seen| {
        let of_inspect = |prefix: &str| {
            let has = |key: &str| seen.json.has(&format!("{prefix}{key}"));
            has("RootFS.Layers") && has("Architecture") && (has("RepoTags") || has("Config"))
        };
        of_inspect("[].")
            || of_inspect("")
            || seen.json.has_all(&["architecture", "os", "rootfs.diff_ids", "config"])
            || seen.json.has_all(&["Digest", "Layers", "Architecture", "Os", "Created"])
    },
    read: read_image,
};

pub(super) static MANIFEST: Connector = Connector {
    id: "docker_manifest",
    tool: TOOL,
    words: "manifest or repositories of docker save, OCI manifest or index, JSON",
    proven_on: "docker 20.10, OCI image-spec 1.0, Docker distribution v2",
    takes: "tags and digests, annotations",
    leaves: "layers, which are counted",
    recognise: |seen| {
        let is_version = seen.json.has("schemaVersion");
        is_version
            && (seen.json.has_all(&["config.digest", "layers[].digest"])
                || seen.json.has_all(&["manifests[].digest", "manifests[].mediaType"]))
            || seen.json.has_all(&["[].Config", "[].RepoTags", "[].Layers"])
                && seen.json.word("[].Config").is_none_or(|word| word.ends_with(".json"))
                && !seen.json.has("[].Architecture")
            || !top_layers(&seen.text).is_empty()
    },
    read: read_manifest,
};

pub(super) static LINES: Connector = Connector {
    id: "docker_images",
    tool: TOOL,
    words: "docker images or docker history with --format json, JSON Lines",
    proven_on: "20.10",
    takes: "tags and digests; variables, labels and the health check that the steps set",
    leaves: "other steps, which are counted",
    recognise: |seen| {
        seen.json.has_all(&["Repository", "Tag", "ID", "CreatedSince"])
            || seen.json.has_all(&["CreatedBy", "CreatedSince", "ID", "Size"])
    },
    read: read_lines,
};

/// The name without its tag.
pub(super) fn without_tag(image: &str) -> &str {
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

pub(super) fn broken_lines(broken: usize, brought: &mut Brought) {
    if broken > 0 {
        brought.warnings.push(format!("{} could not be read.", counted(broken as u64, "line")));
    }
}

/// `NAME=value` as settings of serving.
pub(super) fn variables<'v>(listed: impl Iterator<Item = &'v Value>, source: &Source) -> Vec<Setting> {
    let pairs = listed.filter_map(|one| one.as_str()?.split_once('='));
    pairs.filter_map(|(name, value)| variables::setting(source.clone(), name, value)).collect()
}

pub(super) fn labels<'v>(of: &'v Value, keys: &[&str]) -> Vec<(&'v str, &'v str)> {
    json::entries(of, keys).filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
}

pub(super) fn has_healthcheck(config: &Value) -> bool {
    let first = json::list(config, &["Healthcheck", "Test"]).next().and_then(Value::as_str);
    first.is_some_and(|word| word != "NONE")
}

/// `692KiB`, `1.98MB`, `0B`.
pub(super) fn bytes(text: &str) -> Option<f64> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
    let scale = match unit.trim().to_lowercase().as_str() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        "tib" => 1024.0_f64.powi(4),
        _ => return None,
    };
    Some(number * scale).filter(|bytes| bytes.is_finite())
}

/// `2026-11-23 03:25:21 +0000 UTC`.
pub(super) fn time(text: &str) -> Option<i64> {
    let mut parts = text.split_whitespace();
    let (day, clock, zone) = (parts.next()?, parts.next()?, parts.next()?);
    numbers::time(&json!(format!("{day}T{clock}{zone}")))
}

/// An image by name, as a setting: what stands behind it at this moment.
fn identified(source: &Source, name: &str, digest: &str) -> Setting {
    Setting {
        source: source.clone(),
        stage: Some(Stage::Serving),
        name: format!("image {name}").trim().to_owned(),
        value: digest.to_owned(),
    }
}

/// The model that labels name, as it lies in an image.
fn labelled(labels: &[(&str, &str)], tag: Option<&str>) -> Option<ModelArtifact> {
    Some(ModelArtifact {
        source: String::new(),
        place: ArtifactPlace::Registered,
        model: labelled_model(labels.iter().copied()),
        version: labelled_version(labels.iter().copied()).or_else(|| tag.map(str::to_owned)),
        digest: Some(model_digest(labels.iter().copied())?),
    })
}

fn healthcheck(source: &Source, config: &Value, name: &str) -> ToolCheck {
    let (outcome, said) = match has_healthcheck(config) {
        true => (CheckOutcome::Passed, "a HEALTHCHECK"),
        false => (CheckOutcome::Warned, "no HEALTHCHECK"),
    };
    let columns = (!name.is_empty()).then(|| name.to_owned()).into_iter().collect();
    ToolCheck::new(source.clone(), "HEALTHCHECK", CheckSubject::Health, columns, outcome).with_observed(said)
}

fn read_image(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let all = document.as_array().cloned().unwrap_or_else(|| vec![document.clone()]);
    let mut brought = Brought::default();
    let mut layers = 0;
    for (place, image) in all.iter().enumerate() {
        let source = Source::of(TOOL, None, format!("[{place}]"));
        let config = image.get("Config").or_else(|| image.get("config")).unwrap_or(image);
        let name = json::list(image, &["RepoTags"]).find_map(Value::as_str).unwrap_or_default();
        let told = labels(config, &["Labels"]);
        let version = labelled_version(told.iter().copied());
        let title = told.iter().find(|(key, _)| key.ends_with(".title")).map(|(_, title)| (*title).to_owned());
        let shown =
            [name.to_owned(), title.unwrap_or_default()].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let digest = ["Id", "Digest"].iter().find_map(|key| json::text(image, &[key]));
        brought.facts.settings.extend(digest.map(|digest| identified(&source, &shown, digest)));
        let pushed =
            json::list(image, &["RepoDigests"]).filter_map(Value::as_str).filter_map(|text| text.split_once('@'));
        brought
            .facts
            .settings
            .extend(pushed.map(|(name, digest)| identified(&source, &format!("{name} in its registry"), digest)));
        brought.facts.settings.extend(variables(json::list(config, &["Env"]), &source));
        let tag = variables::Image::of(name).tag;
        brought.observations.artifacts.extend(labelled(&told, version.as_deref().or(tag)));
        // What skopeo writes does not say whether there is a health check.
        if image.get("Digest").is_none() {
            brought.facts.checks.push(healthcheck(&source, config, &shown));
        }
        let of_root = ["RootFS", "rootfs"].iter().find_map(|key| image.get(key));
        layers +=
            of_root.map_or(0, |root| json::list(root, &["Layers"]).chain(json::list(root, &["diff_ids"])).count());
        layers += json::list(image, &["Layers"]).count();
    }
    let version = all
        .first()
        .and_then(|image| json::text(image, &["DockerVersion"]).or_else(|| json::text(image, &["docker_version"])));
    brought.tool_version = version.filter(|version| !version.is_empty()).map(str::to_owned);
    if layers > 0 {
        brought.left.push(counted(layers as u64, "layer"));
    }
    Ok(brought)
}

fn read_manifest(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    let settings = &mut brought.facts.settings;
    for (place, image) in json::list(&document, &[]).enumerate() {
        let source = Source::of(TOOL, None, format!("[{place}]"));
        let config = json::text(image, &["Config"]).unwrap_or_default();
        let hex = config.trim_start_matches("blobs/sha256/").trim_end_matches(".json");
        for tag in json::list(image, &["RepoTags"]).filter_map(Value::as_str) {
            settings.push(identified(&source, tag, &format!("sha256:{hex}")));
        }
    }
    settings.extend(top_layers(&given.text()?).into_iter().map(|(name, layer)| {
        let source = Source::of(TOOL, None, name.as_str());
        Setting { name: format!("top layer of {name}"), ..identified(&source, &name, &format!("sha256:{layer}")) }
    }));
    for (place, manifest) in json::list(&document, &["manifests"]).enumerate() {
        let source = Source::of(TOOL, None, format!("manifests[{place}]"));
        let named = labels(manifest, &["annotations"]).into_iter().find(|(key, _)| key.ends_with("ref.name"));
        let platform = json::text(manifest, &["platform", "architecture"]);
        let name = named.map(|(_, name)| name).or(platform).unwrap_or_default();
        settings.extend(json::text(manifest, &["digest"]).map(|digest| identified(&source, name, digest)));
    }
    let source = Source::of(TOOL, None, "config");
    settings.extend(
        json::text(&document, &["config", "digest"]).map(|digest| identified(&source, "configuration", digest)),
    );
    let told = labels(&document, &["annotations"]);
    brought.observations.artifacts.extend(labelled(&told, None));
    let layers = json::list(&document, &["layers"]).count()
        + json::list(&document, &[]).map(|image| json::list(image, &["Layers"]).count()).sum::<usize>();
    if layers > 0 {
        brought.left.push(counted(layers as u64, "layer"));
    }
    Ok(brought)
}

/// The file `repositories` of docker save: by name and tag the top layer, which is not the digest of the image. Nothing where
/// the text is anything else.
fn top_layers(text: &str) -> Vec<(String, String)> {
    /// It lists the images of one archive.
    const LONGEST: usize = 64 << 10;
    type Repositories = std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>;
    let is_id = |id: &str| id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let read = if text.len() > LONGEST { None } else { serde_json::from_str::<Repositories>(text).ok() };
    let all = read.unwrap_or_default();
    let named = all
        .into_iter()
        .flat_map(|(name, tags)| tags.into_iter().map(move |(tag, layer)| (format!("{name}:{tag}"), layer)));
    let named: Vec<(String, String)> = named.collect();
    if named.iter().all(|(_, layer)| is_id(layer)) { named } else { Vec::new() }
}

fn read_lines(given: &Given<'_>) -> Result<Brought, Problem> {
    let (lines, broken) = given.json_lines()?;
    let mut brought = Brought::default();
    broken_lines(broken, &mut brought);
    let steps: Vec<(usize, &str)> =
        lines.iter().enumerate().filter_map(|(place, line)| Some((place, json::text(line, &["CreatedBy"])?))).collect();
    for (place, line) in lines.iter().enumerate() {
        let Some((name, tag)) = json::text(line, &["Repository"]).zip(json::text(line, &["Tag"])) else { continue };
        let source = Source::of(TOOL, None, format!("line {}", place + 1));
        let digest =
            json::text(line, &["Digest"]).filter(|digest| digest.contains(':')).or_else(|| json::text(line, &["ID"]));
        brought.facts.settings.extend(digest.map(|digest| identified(&source, &format!("{name}:{tag}"), digest)));
    }
    history(&steps, &mut brought);
    Ok(brought)
}

/// The steps that say how the image runs, the newest first as Docker lists them.
fn history(steps: &[(usize, &str)], brought: &mut Brought) {
    if steps.is_empty() {
        return;
    }
    let mut others = 0_u64;
    let mut check = None;
    for (place, step) in steps {
        let step = step.trim_start_matches("/bin/sh -c").trim_start().trim_start_matches("#(nop)").trim_start();
        let source = Source::of(TOOL, None, format!("line {}", place + 1));
        let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
        let pairs = || rest.split_whitespace().filter_map(|pair| pair.split_once('='));
        match word {
            "ENV" => {
                let unquoted = pairs().map(|(name, value)| (name, value.trim_matches('"')));
                let read = unquoted.filter_map(|(name, value)| variables::setting(source.clone(), name, value));
                brought.facts.settings.extend(read);
            }
            "LABEL" => brought.observations.artifacts.extend(labelled(&pairs().collect::<Vec<_>>(), None)),
            "HEALTHCHECK" if check.is_none() => check = Some((source, !rest.contains("NONE"))),
            _ => others += 1,
        }
    }
    let (source, has) = check.unwrap_or_else(|| (Source::of(TOOL, None, ""), false));
    let config = if has { json!({"Healthcheck": {"Test": ["CMD"]}}) } else { Value::Null };
    brought.facts.checks.push(healthcheck(&source, &config, ""));
    if others > 0 {
        brought.left.push(counted(others, "other step"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_read_as_docker_writes_them() {
        assert_eq!(bytes("692KiB "), Some(708_608.0));
        assert_eq!(bytes("1.5MB"), Some(1.5e6));
        for odd in ["", "MB", "1.2.3MB", "N/A", "5 parsecs"] {
            assert_eq!(bytes(odd), None, "{odd}");
        }
        assert_eq!(time("1970-01-02 00:00:00 +0000 UTC"), Some(86_400_000));
        assert_eq!(time("2 days ago"), None);
        assert_eq!(without_tag("registry:5000/a/b:v1"), "registry:5000/a/b");
        assert_eq!(without_tag("registry:5000/a/b"), "registry:5000/a/b");
    }
}
