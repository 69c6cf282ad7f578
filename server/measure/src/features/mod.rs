//! What is measured of the features layer.

pub mod edge_rows;
pub mod group_shifts;
pub mod row_join;
