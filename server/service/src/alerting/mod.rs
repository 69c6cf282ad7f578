//! Alerts: rules decide what is one when a window was judged, channels are told, and what could not be sent is tried again.
//!
//! What is decided follows from what is kept of the windows alone: a window that is judged again after a restart makes the same
//! alerts, once.

mod changes;
mod channels;
mod deciding;
mod digest;
mod hours;
mod rules;
mod sending;
mod telling;

pub(crate) use deciding::Decided;
pub use rules::LOOKED_BACK_DAYS;
