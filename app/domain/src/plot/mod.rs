//! What every chart shares, whether the browser or the server draws it: scales, ticks, numbers in words, regrouped bins.

pub mod format;
pub mod regroup;
pub mod scale;
pub mod ticks;
