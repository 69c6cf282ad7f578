//! What is measured of the monitoring layer.

pub mod drift_windows;
pub mod performance;
pub mod time_windows;
