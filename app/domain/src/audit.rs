//! What was done with accounts and models, what was refused, and what was deleted.

mod refused;

use serde::{Deserialize, Serialize};

use crate::Actor;
use crate::account::{Role, Scope};
use crate::model_access::Openness;

pub use refused::{CameWith, Refused, WhyRefused};

/// What happened to accounts, what was refused or deleted, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuditKind {
    SetUp,
    Joined {
        role: Role,
    },
    SignedIn,
    /// With a wrong password, or as somebody without an account.
    SignInRefused {
        login: String,
    },
    /// A request of somebody who is known by something, and may not send it.
    Refused {
        what: Refused,
    },
    /// The same request, in the minutes after the line that has it.
    RefusedAgain {
        what: Refused,
        times: u64,
    },
    /// Refused requests that have no line of their own.
    RefusedUnlisted {
        times: u64,
    },
    SignedOut,
    SessionEnded,
    PasswordChanged,
    Invited {
        role: Role,
    },
    InvitationRevoked,
    RoleGiven {
        of: String,
        role: Role,
    },
    Disabled {
        of: String,
    },
    Enabled {
        of: String,
    },
    /// The person's name was taken out of everything but this log.
    Erased {
        now: String,
    },
    TokenMade {
        name: String,
        scope: Scope,
    },
    TokenRevoked {
        name: String,
    },
    InvestigationDeleted {
        title: String,
    },
    FileDeleted {
        name: String,
    },
    /// Who sees a model.
    ModelOpened {
        model: String,
        to: Openness,
    },
    MemberMade {
        of: String,
        model: String,
        role: Role,
    },
    MemberRemoved {
        of: String,
        model: String,
    },
    /// What arrived for a model was taken out, with what was found of it.
    ArrivalRemoved {
        model: String,
        file: String,
    },
    /// Where alerts go.
    ChannelMade {
        name: String,
        host: String,
    },
    ChannelRemoved {
        name: String,
        host: String,
    },
}

impl AuditKind {
    /// What happened, after the name of who did it.
    pub fn words(&self) -> String {
        match self {
            AuditKind::SetUp => "set this installation up".to_owned(),
            AuditKind::Joined { role } => format!("joined as {role}"),
            AuditKind::SignedIn => "signed in".to_owned(),
            AuditKind::SignInRefused { login } => format!("was refused at sign-in as {login}"),
            AuditKind::Refused { what } => format!("was refused {}", what.words()),
            AuditKind::RefusedAgain { what, times } => format!("was refused {} {}", more_times(*times), what.words()),
            AuditKind::RefusedUnlisted { times } => {
                format!("was refused {}: the lines before this one were enough", more_times(*times))
            }
            AuditKind::SignedOut => "signed out".to_owned(),
            AuditKind::SessionEnded => "ended a session".to_owned(),
            AuditKind::PasswordChanged => "changed the password".to_owned(),
            AuditKind::Invited { role } => format!("invited somebody as {role}"),
            AuditKind::InvitationRevoked => "took an invitation back".to_owned(),
            AuditKind::RoleGiven { of, role } => format!("made {of} {role}"),
            AuditKind::Disabled { of } => format!("disabled the account of {of}"),
            AuditKind::Enabled { of } => format!("enabled the account of {of}"),
            AuditKind::Erased { now } => format!("erased who {now} was"),
            AuditKind::TokenMade { name, scope } => format!("made the token \u{201c}{name}\u{201d} ({})", scope.id()),
            AuditKind::TokenRevoked { name } => format!("revoked the token \u{201c}{name}\u{201d}"),
            AuditKind::InvestigationDeleted { title } => format!("deleted the investigation \u{201c}{title}\u{201d}"),
            AuditKind::FileDeleted { name } => format!("deleted the file {name}"),
            AuditKind::ModelOpened { model, to } => {
                format!("opened the model \u{201c}{model}\u{201d} to {}", to.words())
            }
            AuditKind::MemberMade { of, model, role } => {
                format!("made {of} {role} of the model \u{201c}{model}\u{201d}")
            }
            AuditKind::MemberRemoved { of, model } => format!("took {of} out of the model \u{201c}{model}\u{201d}"),
            AuditKind::ArrivalRemoved { model, file } => {
                format!("took the arrival {file} out of the model \u{201c}{model}\u{201d}")
            }
            AuditKind::ChannelMade { name, host } => format!("made the channel \u{201c}{name}\u{201d} to {host}"),
            AuditKind::ChannelRemoved { name, host } => format!("removed the channel \u{201c}{name}\u{201d} to {host}"),
        }
    }
}

fn more_times(times: u64) -> String {
    match times {
        1 => "once more".to_owned(),
        times => format!("{times} more times"),
    }
}

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// From 1, without a gap.
    pub seq: i64,
    pub at_ms: i64,
    pub actor: Actor,
    /// The network address that it came from; empty for the command line.
    pub from: String,
    pub what: AuditKind,
}
