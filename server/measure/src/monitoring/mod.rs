//! What is measured of the monitoring layer.

pub mod performance;
pub mod time_windows;
