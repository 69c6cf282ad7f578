//! A profile as a file: the word `WHY1`, two messages that head it, and a chunk of metrics for each column.

use std::collections::{BTreeMap, HashMap};

use domain::Problem;
use prost::Message;
use prost::encoding::decode_varint;

use super::{Column, TOOL};
use crate::given::Given;
use crate::{Brought, Connector};

pub(crate) static PROFILE: Connector = Connector {
    id: "whylogs_profile",
    tool: TOOL,
    words: "whylogs profile (.bin)",
    proven_on: "1.6.4",
    takes: "missing values, types, and the mean of each column",
    leaves: "sketches of distributions and of frequent values",
    recognise: |seen| seen.bytes.starts_with(MAGIC),
    read,
};

const MAGIC: &[u8] = b"WHY1";
/// Columns of one profile at most.
const MOST_COLUMNS: usize = 5_000;

/// The fields that are read here; their numbers are those of `whylogs_messages.proto`.
#[derive(Clone, PartialEq, Message)]
struct Header {
    #[prost(message, optional, tag = "1")]
    properties: Option<Properties>,
    #[prost(map = "string, message", tag = "2")]
    column_offsets: HashMap<String, Offsets>,
    #[prost(map = "uint32, string", tag = "5")]
    metric_paths: HashMap<u32, String>,
}

#[derive(Clone, PartialEq, Message)]
struct Properties {
    #[prost(int64, tag = "5")]
    dataset_timestamp: i64,
    #[prost(map = "string, string", tag = "7")]
    metadata: HashMap<String, String>,
}

#[derive(Clone, PartialEq, Message)]
struct Offsets {
    #[prost(uint64, repeated, tag = "1")]
    offsets: Vec<u64>,
}

#[derive(Clone, PartialEq, Message)]
struct ChunkHeader {
    #[prost(uint64, tag = "3")]
    length: u64,
}

#[derive(Clone, PartialEq, Message)]
struct Chunk {
    #[prost(map = "uint32, message", tag = "1")]
    components: HashMap<u32, Component>,
}

#[derive(Clone, PartialEq, Message)]
struct Component {
    #[prost(int64, optional, tag = "2")]
    whole: Option<i64>,
    #[prost(double, optional, tag = "3")]
    real: Option<f64>,
}

/// A message with its length before it, and what follows.
fn delimited(mut bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::try_from(decode_varint(&mut bytes).ok()?).ok()?;
    bytes.split_at_checked(length)
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let damaged = || given.bad("its head is damaged; write the profile again");
    let body = given.bytes.get(MAGIC.len()..).ok_or_else(damaged)?;
    let (_, body) = delimited(body).ok_or_else(damaged)?;
    let (header, body) = delimited(body).ok_or_else(damaged)?;
    let header = Header::decode(header).ok().ok_or_else(damaged)?;
    let properties = header.properties.unwrap_or_default();
    let mut brought =
        Brought { tool_version: properties.metadata.get("whylogs.version").cloned(), ..Brought::default() };
    let offsets: BTreeMap<String, Offsets> = header.column_offsets.into_iter().take(MOST_COLUMNS).collect();
    let mut budget = body.len();
    for (name, offsets) in offsets {
        let chunks = offsets.offsets.iter().filter_map(|offset| chunk(body, *offset, &mut budget));
        let column = Column(chunks.flat_map(|chunk| named(chunk, &header.metric_paths)).collect());
        if column.0.is_empty() {
            brought.warnings.push(format!("The metrics of {name} could not be read."));
        }
        brought.facts.checks.extend(column.checks(&name));
    }
    let at_ms = Some(properties.dataset_timestamp).filter(|time| *time > 0);
    for check in &mut brought.facts.checks {
        check.at_ms = at_ms;
        check.source.tool_version.clone_from(&brought.tool_version);
    }
    if brought.count() == 0 && brought.warnings.is_empty() {
        brought.warnings.push("The profile holds no column.".to_owned());
    }
    Ok(brought)
}

/// The chunk at an offset behind the head. Together they are not longer than the file, unless offsets point at the same one.
fn chunk(body: &[u8], offset: u64, budget: &mut usize) -> Option<Chunk> {
    let (header, rest) = delimited(body.get(usize::try_from(offset).ok()?..)?)?;
    let length = usize::try_from(ChunkHeader::decode(header).ok()?.length).ok()?;
    *budget = budget.checked_sub(length)?;
    Chunk::decode(rest.get(..length)?).ok()
}

/// The metrics that are numbers, by their names.
fn named(chunk: Chunk, paths: &HashMap<u32, String>) -> Vec<(String, f64)> {
    let number = |component: &Component| component.real.or(component.whole.map(|whole| whole as f64));
    let of = |(index, component): (u32, Component)| {
        Some((paths.get(&index)?.clone(), number(&component).filter(|n| n.is_finite())?))
    };
    chunk.components.into_iter().filter_map(of).collect()
}
