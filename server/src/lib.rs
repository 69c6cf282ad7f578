//! The program's doors: the command line and the web.

pub mod cli;
pub mod http;
