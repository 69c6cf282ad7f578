//! Feast: the registry, answers of the online store, and the store's settings:
//! <https://docs.feast.dev/getting-started/components/registry>,
//! <https://docs.feast.dev/reference/feature-servers/python-feature-server>.

mod online;
mod online_rows;
mod registry;
mod registry_file;
mod registry_model;

use domain::Problem;
use domain::tool_check::Source;
use domain::tool_facts::Setting;

use crate::given::Given;
use crate::{Brought, Connector, json};

pub(super) use online::ONLINE;
pub(super) use registry::REGISTRY;

const TOOL: &str = "Feast";

pub(super) static STORE: Connector = Connector {
    id: "feast_store",
    tool: TOOL,
    words: "feature_store.yaml of Feast",
    proven_on: "0.67",
    takes: "project, provider, kinds of the stores, time to live of keys",
    leaves: "addresses and credentials of the stores",
    recognise: |seen| {
        let has = |key: &str| seen.has_line(key);
        let stores = ["online_store:", "offline_store:", "entity_key_serialization_version:"];
        has("project:") && has("registry:") && stores.into_iter().any(has) && !has("```")
    },
    read: read_store,
};

fn read_store(given: &Given<'_>) -> Result<Brought, Problem> {
    /// What may be shown: the rest may hold passwords.
    const SHOWN: [&[&str]; 10] = [
        &["project"],
        &["provider"],
        &["registry", "registry_type"],
        &["registry", "cache_ttl_seconds"],
        &["online_store", "type"],
        &["online_store"],
        &["online_store", "key_ttl_seconds"],
        &["offline_store", "type"],
        &["offline_store"],
        &["entity_key_serialization_version"],
    ];
    let documents = given.yaml()?;
    let mut brought = Brought::default();
    for keys in SHOWN {
        let value = documents.iter().find_map(|document| json::at(document, keys));
        let plain = value.filter(|value| value.is_string() || value.is_number() || value.is_boolean());
        brought.facts.settings.extend(plain.map(|value| Setting {
            source: Source::of(TOOL, None, keys.join(".")),
            stage: None,
            name: keys.join("."),
            value: json::words(value),
        }));
    }
    Ok(brought)
}
