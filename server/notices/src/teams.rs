//! Microsoft Teams by a workflow's webhook: a message with an adaptive card.

use serde_json::{Value, json};

use crate::{Letter, Request, line, sign, unlinked};

/// The version of cards that Teams shows everywhere.
const CARD_VERSION: &str = "1.4";

pub fn request(letter: &Letter<'_>) -> Request {
    let message = letter.message;
    let text = |text: String, weight: &str| json!({"type": "TextBlock", "text": text, "weight": weight, "wrap": true});
    let title = format!("{} {}", sign(message), escaped(&unlinked(&line(&message.title))));
    let mut body: Vec<Value> = vec![text(title, "Bolder")];
    body.extend(letter.lines().iter().map(|line| text(escaped(&unlinked(line)), "Default")));
    letter.plain(&json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": CARD_VERSION,
                "body": body,
                "actions": [{"type": "Action.OpenUrl", "title": "Open in Mismatch", "url": letter.link()}],
            },
        }],
    }))
}

/// Text blocks read a part of Markdown: links, emphasis and lists. A backslash makes each of its characters plain.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if "\\[]()*_`#".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
