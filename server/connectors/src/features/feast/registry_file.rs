//! The registry as a file, a protobuf message:
//! <https://github.com/feast-dev/feast/blob/master/protos/feast/core/Registry.proto>.

use domain::Problem;
use prost::Message;

use super::registry_model::{Feature, Registry, Service, View};
use crate::given::Given;
use crate::wire::{Fields, bytes_of};

#[derive(Clone, PartialEq, Message)]
struct RegistryFile {
    #[prost(message, repeated, tag = "6")]
    feature_views: Vec<FeatureView>,
    #[prost(message, repeated, tag = "14")]
    stream_feature_views: Vec<StreamFeatureView>,
    #[prost(message, repeated, tag = "7")]
    feature_services: Vec<FeatureService>,
    #[prost(message, repeated, tag = "8")]
    on_demand_feature_views: Vec<Nothing>,
}

#[derive(Clone, PartialEq, Message)]
struct Nothing {}

#[derive(Clone, PartialEq, Message)]
struct FeatureView {
    #[prost(message, optional, tag = "1")]
    spec: Option<ViewSpec>,
    #[prost(message, optional, tag = "2")]
    meta: Option<ViewMeta>,
}

#[derive(Clone, PartialEq, Message)]
struct ViewSpec {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, repeated, tag = "3")]
    entities: Vec<String>,
    #[prost(message, repeated, tag = "4")]
    features: Vec<FeatureSpec>,
    #[prost(message, optional, tag = "6")]
    ttl: Option<Seconds>,
    #[prost(bool, tag = "8")]
    online: bool,
}

/// Its specification has the time to live and the online flag at other places.
#[derive(Clone, PartialEq, Message)]
struct StreamFeatureView {
    #[prost(message, optional, tag = "1")]
    spec: Option<StreamSpec>,
    #[prost(message, optional, tag = "2")]
    meta: Option<ViewMeta>,
}

#[derive(Clone, PartialEq, Message)]
struct StreamSpec {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, repeated, tag = "3")]
    entities: Vec<String>,
    #[prost(message, repeated, tag = "4")]
    features: Vec<FeatureSpec>,
    #[prost(message, optional, tag = "9")]
    ttl: Option<Seconds>,
    #[prost(bool, tag = "12")]
    online: bool,
}

impl From<StreamSpec> for ViewSpec {
    fn from(StreamSpec { name, entities, features, ttl, online }: StreamSpec) -> Self {
        Self { name, entities, features, ttl, online }
    }
}

#[derive(Clone, PartialEq, Message)]
struct FeatureSpec {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(int32, tag = "2")]
    value_type: i32,
}

/// Durations and times begin with their seconds.
#[derive(Clone, PartialEq, Message)]
struct Seconds {
    #[prost(int64, tag = "1")]
    seconds: i64,
}

#[derive(Clone, PartialEq, Message)]
struct ViewMeta {
    #[prost(message, repeated, tag = "3")]
    intervals: Vec<Interval>,
}

#[derive(Clone, PartialEq, Message)]
struct Interval {
    #[prost(message, optional, tag = "2")]
    end: Option<Seconds>,
}

#[derive(Clone, PartialEq, Message)]
struct FeatureService {
    #[prost(message, optional, tag = "1")]
    spec: Option<ServiceSpec>,
}

#[derive(Clone, PartialEq, Message)]
struct ServiceSpec {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, repeated, tag = "3")]
    features: Vec<Projection>,
}

#[derive(Clone, PartialEq, Message)]
struct Projection {
    #[prost(message, repeated, tag = "2")]
    columns: Vec<FeatureSpec>,
}

/// The fields of the registry and nothing else, and an entity or a view with its name and its project.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let mut named = false;
    for field in Fields(bytes) {
        let Some(field) = field.filter(|field| (1..=20).contains(&field.number)) else { return false };
        let Some(inner) = field.bytes else { return false };
        let spec = bytes_of(inner, 1);
        let text = |number: u64| {
            spec.and_then(|spec| bytes_of(spec, number))
                .is_some_and(|text| !text.is_empty() && std::str::from_utf8(text).is_ok())
        };
        // Every object has its specification first; of an entity the project is field 9, of a view and a service field 2.
        named |= match field.number {
            1 => text(1) && text(4) && bytes_of(inner, 2).is_some(),
            6 | 7 => text(1) && text(2) && bytes_of(inner, 2).is_some(),
            _ => false,
        };
    }
    named
}

pub(super) fn read(given: &Given<'_>) -> Result<Registry, Problem> {
    let broken = |error: prost::DecodeError| {
        given.bad(&format!("the registry ends early or is broken ({error}); copy it again, or use feast registry-dump"))
    };
    let file = RegistryFile::decode(given.bytes).map_err(broken)?;
    let mut registry = Registry { on_demand: file.on_demand_feature_views.len() as u64, ..Registry::default() };
    let plain = file.feature_views.into_iter().map(|view| (view.spec, view.meta));
    let streams = file.stream_feature_views.into_iter().map(|view| (view.spec.map(ViewSpec::from), view.meta));
    registry.views.extend(views("feature_views", plain));
    registry.views.extend(views("stream_feature_views", streams));
    for (place, service) in file.feature_services.into_iter().enumerate() {
        let Some(spec) = service.spec else { continue };
        registry.services.push(Service {
            place: format!("feature_services[{place}].spec"),
            name: spec.name,
            features: spec.features.into_iter().flat_map(|view| features(view.columns)).collect(),
        });
    }
    Ok(registry)
}

/// The views of one list, in both of its forms.
fn views(
    list: &str,
    entries: impl Iterator<Item = (Option<ViewSpec>, Option<ViewMeta>)>,
) -> impl Iterator<Item = View> {
    entries.enumerate().filter_map(move |(place, (spec, meta))| {
        let spec = spec?;
        Some(View {
            place: format!("{list}[{place}].spec"),
            name: spec.name,
            features: features(spec.features),
            entities: spec.entities,
            ttl_seconds: ttl(spec.ttl.as_ref()),
            is_online: spec.online,
            materialized_until_ms: until(meta.as_ref()),
        })
    })
}

fn features(specs: Vec<FeatureSpec>) -> Vec<Feature> {
    specs
        .into_iter()
        .map(|spec| Feature { kind: value_type(spec.value_type).map(str::to_owned), name: spec.name })
        .collect()
}

/// Zero seconds mean that values never expire.
fn ttl(ttl: Option<&Seconds>) -> Option<f64> {
    ttl.map(|ttl| ttl.seconds as f64).filter(|seconds| *seconds > 0.0)
}

fn until(meta: Option<&ViewMeta>) -> Option<i64> {
    meta?.intervals.iter().filter_map(|interval| interval.end.as_ref()?.seconds.checked_mul(1_000)).max()
}

/// <https://github.com/feast-dev/feast/blob/master/protos/feast/types/Value.proto>.
fn value_type(number: i32) -> Option<&'static str> {
    const NAMES: [&str; 19] = [
        "",
        "BYTES",
        "STRING",
        "INT32",
        "INT64",
        "DOUBLE",
        "FLOAT",
        "BOOL",
        "UNIX_TIMESTAMP",
        "",
        "",
        "BYTES_LIST",
        "STRING_LIST",
        "INT32_LIST",
        "INT64_LIST",
        "DOUBLE_LIST",
        "FLOAT_LIST",
        "BOOL_LIST",
        "UNIX_TIMESTAMP_LIST",
    ];
    NAMES.get(usize::try_from(number).ok()?).copied().filter(|name| !name.is_empty())
}
