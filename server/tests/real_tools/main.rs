//! Tools as they run: each test starts one on loopback, fills it, and has the program ask it. `cargo xtask test` installs the
//! tools and runs these; by themselves they are left out, and said to be.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod mlflow;
mod pipelines;
mod prometheus;
mod running;
mod s3;
mod watches;
