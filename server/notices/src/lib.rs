//! Messages about alerts in the shape of who receives them.
//!
//! Architecture invariant: pure. Facts come in ([`Message`]), parcels go out; nothing here sends, waits or reads a clock. A
//! receiver is one file and one line in [`parcels`].

mod alertmanager;
mod email;
mod pager_duty;
mod slack;
mod teams;
mod webhook;

use domain::alert::{ChannelKind, Message, MessageKind};
use domain::clock::Moment;
use domain::incident::Severity;

pub use pager_duty::ADDRESS as PAGER_DUTY_ADDRESS;

/// Alerts of one message that are shown; the page shows all of them.
const SHOWN: usize = 10;
/// Characters of a line from data.
const LINE_CHARACTERS: usize = 600;

/// One message on its way to one receiver.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    pub message: &'a Message,
    /// The id of the delivery: the same when it is tried again.
    pub delivery: &'a str,
    /// The address of this server, as browsers open it, without a slash at its end.
    pub server: &'a str,
    /// Where it goes.
    pub address: &'a str,
    /// What it is signed with, or what its receiver asks for; may be empty.
    pub secret: &'a str,
    /// Milliseconds since 1970-01-01 UTC.
    pub now_ms: i64,
}

/// A `POST` of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub address: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// An e-mail: the same in plain text and in HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// One thing to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parcel {
    Post(Request),
    /// To everybody whom the address names.
    Email(Email),
}

/// What is to be sent. Sent again after a failure, receivers take it as the same.
pub fn parcels(kind: ChannelKind, letter: &Letter<'_>) -> Vec<Parcel> {
    let posts = match kind {
        ChannelKind::Webhook => vec![webhook::request(letter)],
        ChannelKind::Slack => vec![slack::request(letter)],
        ChannelKind::Teams => vec![teams::request(letter)],
        ChannelKind::PagerDuty => pager_duty::requests(letter),
        ChannelKind::Alertmanager => alertmanager::request(letter).into_iter().collect(),
        ChannelKind::Email => return vec![Parcel::Email(email::email(letter))],
    };
    posts.into_iter().map(Parcel::Post).collect()
}

impl Letter<'_> {
    fn link(&self) -> String {
        format!("{}{}", self.server, self.message.path())
    }

    fn plain(&self, body: &serde_json::Value) -> Request {
        Request { address: self.address.to_owned(), headers: Vec::new(), body: body.to_string() }
    }

    /// The alerts as lines, and what stands below.
    fn lines(&self) -> Vec<String> {
        let alert = |alert: &domain::alert::Told| {
            let windows = domain::number::counted(u64::from(alert.windows), "window");
            let since = Moment::from_ms(alert.first_at_ms).words();
            match self.message.kind {
                MessageKind::Ended => format!("{}: over. It was so in {windows} since {since} UTC.", alert.when),
                _ => format!("{} ({}; {windows}, since {since} UTC)", line(&alert.statement), alert.severity.words()),
            }
        };
        let alerts = &self.message.alerts;
        let more = alerts.len().saturating_sub(SHOWN);
        let more = (more > 0).then(|| format!("… and {} more", domain::number::counted(more as u64, "alert")));
        alerts
            .iter()
            .take(SHOWN)
            .map(alert)
            .chain(more)
            .chain(self.message.lines.iter().map(|text| line(text)))
            .collect()
    }
}

/// Text from data on one line, within bounds, in the direction in which it is written.
fn line(text: &str) -> String {
    let plain = |letter: char| match letter {
        '\u{2028}' | '\u{2029}' => Some(' '),
        // They turn what follows around, or hide in it.
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
        letter if letter.is_control() => Some(' '),
        letter => Some(letter),
    };
    let one_line: String = text.chars().filter_map(plain).collect();
    match one_line.char_indices().nth(LINE_CHARACTERS) {
        Some((end, _)) => format!("{}…", &one_line[..end]),
        None => one_line,
    }
}

/// Receivers look for addresses and for people in plain text too: a sign that nobody sees keeps these from being found.
fn unlinked(text: &str) -> String {
    const APART: char = '\u{200b}';
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        out.push(letter);
        match letter {
            '@' | '#' | ':' => out.push(APART),
            '.' if out.to_ascii_lowercase().ends_with("www.") => out.push(APART),
            _ => {}
        }
    }
    out
}

/// RFC 3339, UTC.
fn time(ms: i64) -> String {
    let Moment { year, month, day, hour, minute, second } = Moment::from_ms(ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// A sign before the title, so that one sees how bad it is.
fn sign(message: &Message) -> &'static str {
    match (message.kind, message.severity()) {
        (MessageKind::Ended, _) => "✅",
        (MessageKind::Digest, _) => "🗓",
        (MessageKind::Test, _) => "🔔",
        (_, Some(Severity::Critical)) => "🔴",
        (_, Some(Severity::High)) => "🟠",
        _ => "🟡",
    }
}

#[cfg(test)]
mod tests;
