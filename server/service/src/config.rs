//! What a person decides when the service is opened.

use std::path::PathBuf;

use sources::{Mailer, Reach};

use crate::isolation::bounds::Bounds;
use crate::isolation::reading::Reading;
use crate::people::Elsewhere;
use crate::retention::Retention;

/// Largest file taken in when nothing else is said: 4 GB.
pub const DEFAULT_MAX_UPLOAD_BYTES: u64 = 4_000_000_000;

/// Whether people have to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accounts {
    /// Only where there is an account already.
    #[default]
    AsBefore,
    /// From the first start on.
    Required,
}

#[derive(Debug, Clone)]
pub struct ServiceConfig {
    /// Holds everything that is kept: the SQLite file, blobs, profiles, diagnoses.
    pub data_dir: PathBuf,
    /// How browsers open this server, for links in messages: `https://mismatch.example`, without a slash at its end.
    pub outside: String,
    /// `postgres://…`; the SQLite file in the data folder when absent.
    pub database_url: Option<String>,
    /// Only files below these folders can be linked by path.
    pub link_roots: Vec<PathBuf>,
    /// Which addresses and buckets can be linked, and with which tokens. Private, loopback and link-local hosts are refused
    /// when nothing else is said: a stranger's link must not reach what only this machine can reach.
    pub reach: Reach,
    /// How e-mail is sent; without it none is.
    pub mailer: Option<Mailer>,
    pub max_upload_bytes: u64,
    pub accounts: Accounts,
    /// Who else says who somebody is.
    pub elsewhere: Elsewhere,
    pub retention: Retention,
    /// Where strangers' files are read, and what one reading may cost there.
    pub reading: Reading,
    pub bounds: Bounds,
}

impl ServiceConfig {
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            outside: "http://127.0.0.1:3000".to_owned(),
            database_url: None,
            link_roots: Vec::new(),
            reach: Reach::default(),
            mailer: None,
            max_upload_bytes: DEFAULT_MAX_UPLOAD_BYTES,
            accounts: Accounts::default(),
            elsewhere: Elsewhere::default(),
            retention: Retention::default(),
            reading: Reading::InThisProcess,
            bounds: Bounds::default(),
        }
    }
}
