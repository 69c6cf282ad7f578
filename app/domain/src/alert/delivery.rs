//! What is on its way to a channel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One message to one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    pub id: String,
    pub channel: String,
    /// What it says, in one line.
    pub title: String,
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// Milliseconds since 1970-01-01 UTC.
    pub created_at_ms: i64,
    /// When it is tried next, while it waits; when it ended, afterwards.
    pub at_ms: i64,
    /// Why the last try failed; empty where none did.
    pub error: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Waiting,
    Delivered,
    /// Tried as often as it is tried; somebody can send it again.
    GivenUp,
}

impl DeliveryState {
    pub fn words(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Delivered => "delivered",
            DeliveryState::GivenUp => "given up",
        }
    }
}
