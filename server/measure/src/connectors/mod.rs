//! Connectors: bytes of another tool in, observations out. A new one is a file here, its `mod` line and its line in
//! [`CONNECTORS`].
//!
//! Which tool wrote a file is told from its content; its name only says which stage an environment belongs to, where the
//! content does not.

mod conda_environment;
mod conda_list;
mod connector;
mod facts;
mod native;
mod packages;
mod pip_list;
mod pipfile_lock;
mod poetry_lock;
mod requirements;
mod stage;
#[cfg(test)]
mod tests;
mod uv_lock;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use domain::observation::Observations;
use domain::snapshot::{Preview, ReadNote};
use domain::{Problem, ProblemKind};
use encoding_rs::Encoding;

use crate::ingest::ReadOptions;

pub use connector::Connector;
pub use native::ObservationsFile;

use connector::bad;

/// Every connector; the first that recognises a file reads it.
pub const CONNECTORS: [&Connector; 8] = [
    &native::CONNECTOR,
    &uv_lock::CONNECTOR,
    &poetry_lock::CONNECTOR,
    &pipfile_lock::CONNECTOR,
    &conda_environment::CONNECTOR,
    &conda_list::CONNECTOR,
    &pip_list::CONNECTOR,
    &requirements::CONNECTOR,
];

/// Artifacts are small; what is larger is told so instead of being read.
const MOST_BYTES: u64 = 16 << 20;
/// Of a larger file, as much is looked at to tell what it is.
const HEAD_BYTES: u64 = 64 << 10;

/// What a connector read.
pub struct Artifact {
    pub connector: &'static Connector,
    pub observations: Observations,
}

/// Which artifact the file is; `None` when it is none that is known here, or when somebody said how it is to be read as a
/// table.
///
/// # Errors
/// When the file can't be read.
pub fn recognise(path: &Path, name: &str, options: &ReadOptions) -> Result<Option<&'static Connector>, Problem> {
    if *options != ReadOptions::default() {
        return Ok(None);
    }
    let (bytes, _) = bytes_of(path, name)?;
    Ok(text_of(&bytes).and_then(|text| by_content(&text, name)))
}

/// The observations of an artifact; `None` as for [`recognise`].
///
/// # Errors
/// One sentence naming the file and what to do, when it was recognised and can't be read, or is too large.
pub fn read(path: &Path, name: &str, options: &ReadOptions) -> Result<Option<Artifact>, Problem> {
    if *options != ReadOptions::default() {
        return Ok(None);
    }
    let (bytes, whole) = bytes_of(path, name)?;
    let Some(text) = text_of(&bytes) else { return Ok(None) };
    let Some(connector) = by_content(&text, name) else { return Ok(None) };
    if !whole {
        return Err(Problem::new(
            ProblemKind::TooLarge,
            format!(
                "{name}: it is an artifact ({}) of more than {} MB, which is not read; leave out what is not about this model.",
                connector.words,
                MOST_BYTES >> 20
            ),
        ));
    }
    let mut observations = (connector.read)(&text, name)?;
    if observations.count() == 0 {
        return Err(bad(name, "it holds no observation; export it again, or leave it out"));
    }
    complete(&mut observations, name);
    Ok(Some(Artifact { connector, observations }))
}

impl Artifact {
    /// What was read, as lines to look at; at most `rows`.
    pub fn preview(&self, rows: usize) -> Preview {
        facts::preview(&self.observations, rows)
    }

    /// What a person should know of how it was understood.
    pub fn notes(&self) -> Vec<ReadNote> {
        let unknown = self.observations.environments.iter().filter(|environment| environment.stage.is_none()).count();
        let note = "Neither the file nor its name shows whether this environment is for training or for serving. Two \
                    environments are compared anyway. For more than two, put train or serve into the file's name.";
        (unknown > 0).then(|| ReadNote { column: None, message: note.to_owned() }).into_iter().collect()
    }
}

/// What can be read, in words, for sentences.
pub fn known() -> String {
    CONNECTORS.map(|connector| connector.words).join("; ")
}

fn by_content(text: &str, name: &str) -> Option<&'static Connector> {
    CONNECTORS.into_iter().find(|connector| (connector.recognise)(text, name))
}

/// The file's bytes and whether these are all of them.
fn bytes_of(path: &Path, name: &str) -> Result<(Vec<u8>, bool), Problem> {
    let failed = |error: std::io::Error| bad(name, &format!("the file can't be read ({error})"));
    let file = File::open(path).map_err(failed)?;
    let whole = file.metadata().map_err(failed)?.len() <= MOST_BYTES;
    let mut bytes = Vec::new();
    file.take(if whole { MOST_BYTES } else { HEAD_BYTES }).read_to_end(&mut bytes).map_err(failed)?;
    Ok((bytes, whole))
}

/// UTF-8, or UTF-16 that says so (which is what some shells write); `None` for anything else. A character that was cut at
/// the end is left out.
fn text_of(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, malformed) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return (!malformed).then(|| text.into_owned());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok().map(str::to_owned)
        }
        Err(_) => None,
    }
}

/// Adds what only the file's name tells: where a fact is from, and the stage of an environment.
fn complete(observations: &mut Observations, name: &str) {
    let stage = stage::of_name(name);
    for environment in &mut observations.environments {
        environment.stage = environment.stage.or(stage);
    }
    let Observations { environments, artifacts, deployments, resources, series, alert_rules, cost_matrices } =
        observations;
    let sources = environments
        .iter_mut()
        .map(|fact| &mut fact.source)
        .chain(artifacts.iter_mut().map(|fact| &mut fact.source))
        .chain(deployments.iter_mut().map(|fact| &mut fact.source))
        .chain(resources.iter_mut().map(|fact| &mut fact.source))
        .chain(series.iter_mut().map(|fact| &mut fact.source))
        .chain(alert_rules.iter_mut().map(|fact| &mut fact.source))
        .chain(cost_matrices.iter_mut().map(|fact| &mut fact.source));
    for source in sources.filter(|source| source.is_empty()) {
        name.clone_into(source);
    }
}
