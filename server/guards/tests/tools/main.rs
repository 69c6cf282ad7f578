//! What is written, read back by the connectors of this project and by the tools themselves.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod real_tools;
mod round_trip;
mod trips;
