//! What is read of a registry, whether from its file or from JSON.

/// A feature with its type, as Feast names it.
pub(super) struct Feature {
    pub name: String,
    pub kind: Option<String>,
}

/// What is read of a feature view.
#[derive(Default)]
pub(super) struct View {
    pub place: String,
    pub name: String,
    pub features: Vec<Feature>,
    pub entities: Vec<String>,
    pub ttl_seconds: Option<f64>,
    pub is_online: bool,
    pub materialized_until_ms: Option<i64>,
}

/// What is read of a feature service: the features that one model takes.
pub(super) struct Service {
    pub place: String,
    pub name: String,
    pub features: Vec<Feature>,
}

#[derive(Default)]
pub(super) struct Registry {
    pub views: Vec<View>,
    pub services: Vec<Service>,
    pub on_demand: u64,
}
