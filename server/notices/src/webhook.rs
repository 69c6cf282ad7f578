//! Plain JSON to an address of one's own, signed.

use ring::hmac;
use serde_json::{Value, json};

use crate::{Letter, Request, time};

/// The scheme that Stripe's and others' webhooks use: `t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 (RFC 2104) of
/// `SECONDS.BODY`. The time keeps an old message from being sent again by somebody else.
const SIGNATURE: &str = "Mismatch-Signature";
/// The same for each try.
const DELIVERY: &str = "Mismatch-Delivery";
/// Of this shape; raised when a field changes its meaning.
const VERSION: u32 = 1;

pub fn request(letter: &Letter<'_>) -> Request {
    let body = body(letter).to_string();
    let mut headers = vec![(DELIVERY, letter.delivery.to_owned())];
    if !letter.secret.is_empty() {
        headers.push((SIGNATURE, signature(letter.secret, letter.now_ms / 1000, &body)));
    }
    Request { address: letter.address.to_owned(), headers, body }
}

fn body(letter: &Letter<'_>) -> Value {
    let message = letter.message;
    let alerts: Vec<Value> = message
        .alerts
        .iter()
        .map(|alert| {
            json!({
                "id": alert.id,
                "rule": alert.rule,
                "when": alert.when,
                "severity": alert.severity.id(),
                "statement": alert.statement,
                "first_at": time(alert.first_at_ms),
                "windows": alert.windows,
            })
        })
        .collect();
    json!({
        "version": VERSION,
        "delivery": letter.delivery,
        "kind": message.kind,
        "title": message.title,
        "model": message.model,
        "arrival": message.arrival,
        "alerts": alerts,
        "lines": message.lines,
        "url": letter.link(),
        "at": time(message.at_ms),
    })
}

fn signature(secret: &str, seconds: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signed = hmac::sign(&key, format!("{seconds}.{body}").as_bytes());
    let hex: String = signed.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By Python: `hmac.new(b"key", b"1700000000.{}", "sha256").hexdigest()`.
    #[test]
    fn the_signature_is_that_of_time_and_body() {
        assert_eq!(
            signature("key", 1_700_000_000, "{}"),
            "t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
        );
    }
}
