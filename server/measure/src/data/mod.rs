//! What is measured of the data layer.

pub mod calendar;
pub mod gained_levels;
pub mod joint_shift;
pub mod leakage;
pub mod over_time;
mod row_order;
pub mod train_variation;
