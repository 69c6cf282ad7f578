//! A file of another tool that is read, as the documentation and the Reference list it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Layer;

/// What one connector reads; made from what it declares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KnownTool {
    /// The connector's id.
    pub connector: String,
    /// The layer of the map at which the tool works; null for facts of every layer.
    #[schema(required)]
    pub layer: Option<Layer>,
    pub tool: String,
    /// The format in words.
    pub format: String,
    /// Versions whose files were read, or where the format is described.
    pub proven_on: String,
    pub takes: String,
    pub leaves: String,
}
