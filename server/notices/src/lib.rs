//! Messages about alerts in the shape of who receives them.
//!
//! Architecture invariant: pure. Facts come in ([`Message`]), requests go out; nothing here sends, waits or reads a clock. A
//! receiver is one file and one line in [`requests`].

mod alertmanager;
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

/// What is to be sent. Sent again after a failure, receivers take it as the same.
pub fn requests(kind: ChannelKind, letter: &Letter<'_>) -> Vec<Request> {
    match kind {
        ChannelKind::Webhook => vec![webhook::request(letter)],
        ChannelKind::Slack => vec![slack::request(letter)],
        ChannelKind::Teams => vec![teams::request(letter)],
        ChannelKind::PagerDuty => pager_duty::requests(letter),
        ChannelKind::Alertmanager => alertmanager::request(letter).into_iter().collect(),
    }
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

/// Text from data on one line, within bounds.
fn line(text: &str) -> String {
    let one_line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    match one_line.char_indices().nth(LINE_CHARACTERS) {
        Some((end, _)) => format!("{}…", &one_line[..end]),
        None => one_line,
    }
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
