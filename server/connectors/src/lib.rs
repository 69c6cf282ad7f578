//! Connectors: bytes of another tool in, facts out. A new one is a file in the folder of its layer, its `mod` line and its line
//! in that folder's list.
//!
//! Architecture invariant: nothing here opens a file, asks the network or reads a clock. Which tool wrote a file is told from
//! its content; its name only says which stage an environment belongs to, where the content does not.

mod brought;
mod connector;
mod curves;
mod environments;
mod facts;
mod given;
mod json;
mod native;
mod numbers;
mod outline;
mod payload;
mod refusal;
mod requests;
mod seen;
mod signals;
mod table;
#[cfg(test)]
mod tests;
mod wire;
mod zipped;

mod data;
mod deployment;
mod evaluation;
mod features;
pub mod live;
mod monitoring;
mod serving;
mod training;

use domain::known_tool::KnownTool;
use domain::snapshot::{Preview, ReadNote};
use domain::{Layer, Problem};

pub use brought::Brought;
pub use connector::Connector;
pub use native::ObservationsFile;
pub use seen::HEAD_BYTES;
pub use table::BroughtTable;
pub use training::{is_shap_name, shap_table};

use given::Given;
use refusal::bad;
use seen::Seen;

/// The families, each with the layer of the map at which its tools work, in the order in which they are asked: who looks closest
/// comes first.
const FAMILIES: [(Option<Layer>, &[&Connector]); 12] = [
    (None, native::CONNECTORS),
    (None, live::CONNECTORS),
    (Some(Layer::Data), data::CONNECTORS),
    (Some(Layer::Features), features::CONNECTORS),
    (Some(Layer::Training), training::CONNECTORS),
    (Some(Layer::Evaluation), evaluation::CONNECTORS),
    (Some(Layer::Monitoring), serving::OF_MONITORING),
    (Some(Layer::Deployment), serving::OF_DEPLOYMENT),
    (Some(Layer::Serving), serving::CONNECTORS),
    (Some(Layer::Deployment), deployment::CONNECTORS),
    (Some(Layer::Monitoring), monitoring::CONNECTORS),
    (Some(Layer::Deployment), environments::CONNECTORS),
];

/// Every connector; the first that recognises a file reads it.
pub fn all() -> impl Iterator<Item = &'static Connector> {
    FAMILIES.into_iter().flat_map(|(_, connectors)| connectors.iter().copied())
}

/// The layer of the first family with such a connector.
fn layer_where(is_meant: impl Fn(&Connector) -> bool) -> Option<Layer> {
    FAMILIES
        .into_iter()
        .find_map(|(layer, connectors)| layer.filter(|_| connectors.iter().any(|connector| is_meant(connector))))
}

/// What is read, in the order of the layers.
pub fn known_tools() -> Vec<KnownTool> {
    let of_family = |(layer, connectors): (Option<Layer>, &'static [&'static Connector])| {
        connectors.iter().map(move |connector| connector.known_tool(layer))
    };
    let asked = live::SOURCES.iter().map(|source| source.known_tool());
    let mut tools: Vec<KnownTool> = FAMILIES.into_iter().flat_map(of_family).chain(asked).collect();
    tools.sort_by_key(|tool| tool.layer.map_or(0, Layer::number));
    tools
}

/// What a connector read.
pub struct Artifact {
    pub connector: &'static Connector,
    pub brought: Brought,
}

/// Which artifact the file is, by its bytes or by the first [`HEAD_BYTES`] of them; `None` when it is none that is known here.
pub fn recognise(bytes: &[u8]) -> Option<&'static Connector> {
    let seen = Seen::of(bytes);
    all().find(|connector| (connector.recognise)(&seen))
}

/// The facts of an artifact, given all its bytes; `None` when it is none that is known here.
///
/// # Errors
/// One sentence naming the file and what to do, when it was recognised and can't be read.
pub fn read(bytes: &[u8], name: &str) -> Result<Option<Artifact>, Problem> {
    let Some(connector) = recognise(bytes) else { return Ok(None) };
    let mut brought = (connector.read)(&Given::of(bytes, name))?;
    if brought.count() == 0 && brought.warnings.is_empty() {
        return Err(bad(name, "it holds no observation; export it again, or leave it out"));
    }
    brought.complete(name);
    Ok(Some(Artifact { connector, brought }))
}

impl Artifact {
    /// The tool that it is from.
    pub fn tool(&self) -> &str {
        self.brought.tool.as_deref().unwrap_or(self.connector.tool)
    }

    /// The layer of the map at which its tool works; of what no tool wrote, the one that its facts are about.
    pub fn layer(&self) -> Layer {
        let of_tool = |connector: &Connector| connector.tool == self.tool();
        let layer = layer_where(|connector| connector.id == self.connector.id).or_else(|| layer_where(of_tool));
        layer.unwrap_or_else(|| self.brought.layer())
    }

    /// What was read, as lines to look at; at most `rows`.
    pub fn preview(&self, rows: usize) -> Preview {
        facts::preview(&self.brought, rows)
    }

    /// What a person should know of how it was understood.
    pub fn notes(&self) -> Vec<ReadNote> {
        let environments = &self.brought.observations.environments;
        let unknown = environments.iter().filter(|environment| environment.stage.is_none()).count();
        let note = "Neither the file nor its name shows whether this environment is for training or for serving. Two \
                    environments are compared anyway. For more than two, put train or serve into the file's name.";
        let unknown = (unknown > 0).then(|| note.to_owned());
        let said = unknown.into_iter().chain(self.brought.warnings.iter().cloned());
        said.map(|message| ReadNote { column: None, message }).collect()
    }
}

/// The folder among these files of an archive that is read as a whole, by the parts of its name: the files of a tool that keeps
/// each value in a file of its own.
pub fn whole_folder(paths: &[Vec<String>]) -> Option<Vec<String>> {
    evaluation::mlflow::tracking_root(paths)
}

/// What can be read, in words, for sentences.
pub fn known() -> String {
    all().map(|connector| connector.words).collect::<Vec<_>>().join("; ")
}
