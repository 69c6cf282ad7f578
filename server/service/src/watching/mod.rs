//! Watches: places that are looked at on a schedule, each time for what is new there.
//!
//! What was taken is noted in one transaction with what arrived, so that a restart neither loses nor doubles anything.

mod places;
mod running;
mod schedule;
mod watches;
