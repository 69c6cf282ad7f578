//! The `.wandb` file of a run: a log of records in blocks of 32 kB, as LevelDB has it, each record a protobuf message:
//! <https://github.com/wandb/wandb/blob/main/wandb/sdk/internal/datastore.py>. The history of an offline run is nowhere else.

use domain::Problem;
use domain::observation::Stage;
use domain::tool_check::Source;
use domain::tool_facts::Setting;
use prost::Message;
use serde_json::{Map, Value};

use super::{Rows, TOOL, settings, summary, warn};
use crate::given::Given;
use crate::{Brought, Connector, numbers};

pub(crate) static LOG: Connector = Connector {
    id: "wandb_log",
    tool: TOOL,
    words: "Weights & Biases run file (.wandb)",
    proven_on: "0.16 and 0.31",
    takes: "the learning curve, the configuration, the last figures",
    leaves: "media, console output, statistics of the system; checksums are not verified",
    recognise: |seen| seen.bytes.starts_with(MAGIC),
    read,
};

const MAGIC: &[u8] = b":W&B";
/// The magic word, its check and a version.
const FILE_HEAD: usize = 7;
const BLOCK: usize = 32 << 10;
/// Checksum, length and kind of a chunk.
const CHUNK_HEAD: usize = 7;
/// One record at most; a longer one is damaged.
const LONGEST: usize = 64 << 20;

/// The fields of a record that are read here; the numbers are those of `wandb_internal.proto`.
#[derive(Clone, PartialEq, Message)]
struct Record {
    #[prost(message, optional, tag = "2")]
    history: Option<Items>,
    #[prost(message, optional, tag = "3")]
    summary: Option<Items>,
    #[prost(message, optional, tag = "5")]
    config: Option<Items>,
    #[prost(message, optional, tag = "11")]
    telemetry: Option<Telemetry>,
    #[prost(message, optional, tag = "17")]
    run: Option<Run>,
    #[prost(message, optional, tag = "21")]
    header: Option<Header>,
}

/// History, summary and configuration all are lists of items.
#[derive(Clone, PartialEq, Message)]
struct Items {
    #[prost(message, repeated, tag = "1")]
    item: Vec<Item>,
}

#[derive(Clone, PartialEq, Message)]
struct Item {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(string, repeated, tag = "2")]
    nested_key: Vec<String>,
    #[prost(string, tag = "16")]
    value_json: String,
}

#[derive(Clone, PartialEq, Message)]
struct Run {
    #[prost(string, tag = "1")]
    run_id: String,
    #[prost(message, optional, tag = "4")]
    config: Option<Items>,
    #[prost(string, tag = "8")]
    display_name: String,
}

/// Versions as 0.16 writes them.
#[derive(Clone, PartialEq, Message)]
struct Telemetry {
    #[prost(string, tag = "4")]
    python_version: String,
    #[prost(string, tag = "5")]
    cli_version: String,
}

#[derive(Clone, PartialEq, Message)]
struct Header {
    #[prost(message, optional, tag = "1")]
    version: Option<Version>,
}

#[derive(Clone, PartialEq, Message)]
struct Version {
    #[prost(string, tag = "1")]
    producer: String,
}

impl Items {
    fn into_map(self) -> Map<String, Value> {
        self.item.into_iter().filter_map(Item::into_pair).collect()
    }
}

impl Item {
    /// The name, of a nested one with dots, and the value; NaN and Infinity become texts.
    fn into_pair(self) -> Option<(String, Value)> {
        let name = if self.nested_key.is_empty() { self.key } else { self.nested_key.join(".") };
        Some((name, serde_json::from_str(&numbers::quoted(&self.value_json)).ok()?))
    }
}

/// All that a run file says.
#[derive(Default)]
struct Told {
    version: Option<String>,
    run: Option<String>,
    python: Option<String>,
    config: Map<String, Value>,
    summary: Map<String, Value>,
    rows: Rows,
}

impl Told {
    fn add(&mut self, record: Record) {
        if let Some(history) = record.history {
            self.rows.0.push(history.into_map());
        }
        self.summary.extend(record.summary.map(Items::into_map).unwrap_or_default());
        self.config.extend(record.config.map(Items::into_map).unwrap_or_default());
        if let Some(run) = record.run {
            let name = if run.display_name.is_empty() { run.run_id } else { run.display_name };
            self.run = Some(name).filter(|name| !name.is_empty()).or_else(|| self.run.take());
            self.config.extend(run.config.map(Items::into_map).unwrap_or_default());
        }
        if let Some(telemetry) = record.telemetry {
            self.python = Some(telemetry.python_version).filter(|version| !version.is_empty()).or(self.python.take());
            let version = Some(telemetry.cli_version).filter(|version| !version.is_empty());
            self.version = self.version.take().or(version);
        }
        let producer = record.header.and_then(|header| header.version).map(|version| version.producer);
        // `0.31.0+15f8cbc` has the commit after the plus sign.
        let version = producer.and_then(|producer| producer.split('+').next().map(str::to_owned));
        self.version = version.filter(|version| !version.is_empty()).or_else(|| self.version.take());
    }
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let (records, broken) = records(given.bytes);
    let mut told = Told::default();
    let mut unknown = 0_u64;
    for record in records {
        match Record::decode(record.as_slice()) {
            Ok(record) => told.add(record),
            Err(_) => unknown += 1,
        }
    }
    let run = told.run.as_deref().unwrap_or(given.name);
    let mut brought = Brought { tool_version: told.version.clone(), ..Brought::default() };
    brought.curves.extend(told.rows.history().curve(run));
    brought.facts.settings = settings("config", &told.config);
    brought.facts.settings.extend(told.python.map(|python| Setting {
        source: Source::of(TOOL, None, "telemetry"),
        stage: Some(Stage::Training),
        name: "python_version".to_owned(),
        value: python,
    }));
    let not_finite = summary("summary", told.run.as_deref(), &told.summary, &mut brought.facts.metrics);
    brought.warnings.extend(warn(run, &not_finite));
    if broken {
        brought.warnings.push("The file ends within a record; what comes before it was read.".to_owned());
    }
    if unknown > 0 {
        brought.left.push(domain::number::counted(unknown, "record that is not in the known form"));
    }
    if brought.count() == 0 && brought.warnings.is_empty() {
        brought.warnings.push("The run has logged nothing yet.".to_owned());
    }
    for source in brought.facts.sources_mut() {
        source.tool_version.clone_from(&told.version);
    }
    Ok(brought)
}

/// The records of the log, and whether it breaks off. Written here, as the format is of one page and a reader of LevelDB logs
/// that takes the other head of this file is not to be had.
fn records(bytes: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let (mut records, mut open) = (Vec::new(), None::<Vec<u8>>);
    let mut at = FILE_HEAD;
    loop {
        // What is too short for a chunk at the end of a block is filled with zeros.
        let left = BLOCK - at % BLOCK;
        if left < CHUNK_HEAD {
            at += left;
        }
        let Some(head) = bytes.get(at..at + CHUNK_HEAD) else { break };
        let length = usize::from(u16::from_le_bytes([head[4], head[5]]));
        let kind = head[6];
        let Some(chunk) = bytes.get(at + CHUNK_HEAD..at + CHUNK_HEAD + length) else { return (records, true) };
        match kind {
            1 => records.push(chunk.to_vec()),
            2 => open = Some(chunk.to_vec()),
            3 | 4 => {
                if let Some(record) = open.as_mut().filter(|record| record.len() + length <= LONGEST) {
                    record.extend_from_slice(chunk);
                }
                if kind == 4 {
                    records.extend(open.take());
                }
            }
            // Zeros up to the end of the block, or something else: the next block is in order again.
            _ => {
                at += BLOCK - at % BLOCK;
                continue;
            }
        }
        at += CHUNK_HEAD + length;
    }
    (records, open.is_some() || bytes.len() > at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: u8, bytes: &[u8]) -> Vec<u8> {
        let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_le_bytes();
        [&[0, 0, 0, 0, length[0], length[1], kind], bytes].concat()
    }

    #[test]
    fn a_record_over_two_blocks_is_put_together() {
        let head = [MAGIC, &[0xe1, 0xbe, 0]].concat();
        let filled = BLOCK - FILE_HEAD - 2 * CHUNK_HEAD - 10;
        let log = [head, chunk(1, &vec![7; filled]), chunk(2, &[1; 10]), chunk(4, &[2; 3])].concat();
        let (all, broken) = records(&log);
        assert_eq!((all.len(), all[1].as_slice(), broken), (2, &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2][..], false));
        let (all, broken) = records(&log[..log.len() - 2]);
        assert_eq!((all.len(), broken), (1, true));
        assert_eq!(records(MAGIC), (Vec::new(), false));
    }
}
