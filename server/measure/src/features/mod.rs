//! What is measured of the features layer.

pub mod edge_rows;
pub mod row_join;
