//! Secrets and names of people: passwords, random secrets, how often one may be tried, and names that look alike.
//!
//! Architecture invariant: no disk, no network, no clock. What is secret leaves this crate once, when it is made; what is kept
//! of it can't be turned back.

mod names;
mod password;
mod secret;
mod throttle;

pub use names::{are_alike, begins_like, check_login, check_name, looks, without_hidden};
pub use password::{PasswordHash, check, hash, spend_as_much, unknown_to_everybody, verify};
pub use secret::{Secret, hash_of};
pub use throttle::{Key, Throttle, Tried, network};
