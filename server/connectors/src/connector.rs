//! What a connector is.

use domain::known_tool::KnownTool;
use domain::{Layer, Problem};

use crate::brought::Brought;
use crate::given::Given;
use crate::seen::Seen;

/// One kind of artifact. What it declares makes the table of the docs.
pub struct Connector {
    /// Stable.
    pub id: &'static str,
    /// The tool's name, as the map has it.
    pub tool: &'static str,
    /// The format in words.
    pub words: &'static str,
    /// Versions whose files were read, or where the format is described.
    pub proven_on: &'static str,
    /// What is taken, in a few words.
    pub takes: &'static str,
    /// What is left, in a few words.
    pub leaves: &'static str,
    /// Whether the file is of this kind, by its beginning: never by its name, which it doesn't see.
    pub(crate) recognise: fn(&Seen<'_>) -> bool,
    /// Reads what was recognised: what could be read with a warning for the rest, or a sentence when nothing can.
    pub(crate) read: fn(&Given<'_>) -> Result<Brought, Problem>,
}

impl Connector {
    /// What it declares, as the documentation lists it.
    pub(crate) fn known_tool(&self, layer: Option<Layer>) -> KnownTool {
        KnownTool {
            connector: self.id.to_owned(),
            layer,
            tool: self.tool.to_owned(),
            format: self.words.to_owned(),
            proven_on: self.proven_on.to_owned(),
            takes: self.takes.to_owned(),
            leaves: self.leaves.to_owned(),
        }
    }
}
