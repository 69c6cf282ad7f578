//! Secrets of people: passwords, random secrets, and how often one may be tried.
//!
//! Architecture invariant: no disk, no network, no clock. What is secret leaves this crate once, when it is made; what is kept
//! of it can't be turned back.

mod password;
mod secret;
mod throttle;

pub use password::{PasswordHash, check, hash, spend_as_much, unknown_to_everybody, verify};
pub use secret::{Secret, hash_of};
pub use throttle::{Key, Throttle, Tried};
