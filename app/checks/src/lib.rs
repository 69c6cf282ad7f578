//! What judges and explains: the detectors, the limits they decide by, and the suspects.
//!
//! Architecture invariant: measurements come in, findings go out. Nothing in this crate does I/O, waits, reads a clock or
//! draws randomness that was not handed in.

pub mod against;
pub mod curve_reading;
pub mod decisions;
pub mod detectors;
pub mod fall;
pub mod guards;
pub mod judge;
pub mod mutes;
pub mod offer;
pub mod over_time;
pub mod running;
pub mod sights;
pub mod since;
pub mod suspects;
pub mod thresholds;
pub mod tools;
pub mod unwatched;
pub mod windows;
