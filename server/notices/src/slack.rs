//! Slack's incoming webhooks: blocks, with the plain text beside them for notifications.
//!
//! Bounds by Slack's reference of blocks: a header has at most 150 characters, the text of a section 3,000. Without `verbatim` it
//! looks for addresses, channels and people in the text itself.

use serde_json::json;

use crate::{Letter, Request, line, sign, unlinked};

const HEADER_CHARACTERS: usize = 150;
const SECTION_CHARACTERS: usize = 3_000;

pub fn request(letter: &Letter<'_>) -> Request {
    let message = letter.message;
    let title = format!("{} {}", sign(message), line(&message.title));
    let lines: Vec<String> = letter.lines().iter().map(|text| format!("• {}", escaped(&unlinked(text)))).collect();
    let link = letter.link();
    let header: String = title.chars().take(HEADER_CHARACTERS).collect();
    let mut blocks = vec![json!({"type": "header", "text": {"type": "plain_text", "text": header, "emoji": true}})];
    if !lines.is_empty() {
        blocks.push(json!({"type": "section", "text": {"type": "mrkdwn", "text": within(&lines), "verbatim": true}}));
    }
    blocks.push(json!({"type": "section", "text": {"type": "mrkdwn", "text": format!("<{link}|Open in Mismatch>")}}));
    letter.plain(&json!({"text": escaped(&unlinked(&title)), "blocks": blocks}))
}

/// As many whole lines as fit.
fn within(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        if text.chars().count() + line.chars().count() + 1 > SECTION_CHARACTERS {
            break;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }
    text
}

/// Slack's three characters, without which nothing links, mentions or calls a channel; signs of emphasis get a character without
/// width before them, so that names in data are shown as they are.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '*' | '_' | '~' | '`' => {
                out.push('\u{200b}');
                out.push(letter);
            }
            plain => out.push(plain),
        }
    }
    out
}
