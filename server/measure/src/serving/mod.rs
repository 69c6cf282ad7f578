//! What is measured of the serving layer.

pub mod serving_log;
