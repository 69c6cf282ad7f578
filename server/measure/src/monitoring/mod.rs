//! What is measured of the monitoring layer.

pub mod drift_windows;
pub(crate) mod expected_loss;
pub mod performance;
pub mod time_windows;
