//! The real router over a real service, a real SQLite file and real bytes on disk. One file per noun of the addresses.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod access;
mod alerts;
mod arrivals;
mod artifacts;
mod assets;
mod attacked;
mod attacked_at_once;
mod attacked_watching;
mod author;
mod by_the_document;
mod connections;
mod contract;
#[path = "../../service/tests/data_folder/mod.rs"]
mod data_folder;
mod deleting;
mod elsewhere;
mod email;
mod erasing;
mod exploring;
mod faults;
mod figures;
mod first_use;
mod forms;
mod guard;
mod harness;
mod hostile_requests;
mod investigations;
mod isolation;
mod known;
mod links;
mod listing;
mod models;
mod moving;
mod mutes;
mod names;
mod openapi;
mod present;
mod questions;
mod refused;
mod repairs;
mod reports;
mod reviewing;
mod search;
mod selections;
mod sharing;
mod snapshots;
mod stored_script;
mod team;
mod watches;
mod weekly;
