//! What every chart shares, whether the browser or the server draws it: what it shows ([`scene`]), scales, ticks, numbers
//! in words, regrouped bins, colours.

pub mod format;
pub mod palette;
pub mod regroup;
pub mod scale;
pub mod scene;
pub mod ticks;
