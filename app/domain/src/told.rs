//! What a file of another tool says by itself, whether or not a check can use it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Layer;

/// A file of another tool as a diagnosis read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToldFile {
    /// The file's name.
    pub file: String,
    /// The tool that wrote it.
    pub tool: String,
    /// Absent where the file does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tool_version: Option<String>,
    /// Where its tool works.
    pub layer: Layer,
    /// The first facts of each kind, as sentences to show. What another tool judged is among the findings instead.
    pub facts: Vec<String>,
    /// How many facts there are in all.
    pub count: u64,
}

impl ToldFile {
    /// Such as `Docker 27.1`.
    pub fn source(&self) -> String {
        let version = self.tool_version.as_ref().map_or_else(String::new, |version| format!(" {version}"));
        format!("{}{version}", self.tool)
    }
}
