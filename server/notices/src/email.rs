//! An e-mail for people: plain text, and HTML that needs no pictures and no styles from elsewhere.

use domain::markup::escaped;

use crate::{Email, Letter, line, sign};

/// Longer subjects are cut by most programs.
const SUBJECT_CHARACTERS: usize = 150;

pub fn email(letter: &Letter<'_>) -> Email {
    let title = line(&letter.message.title);
    let subject: String = format!("{} {title}", sign(letter.message)).chars().take(SUBJECT_CHARACTERS).collect();
    let (lines, link) = (letter.lines(), letter.link());
    let listed: Vec<String> = lines.iter().map(|line| format!("- {line}\n")).collect();
    let items: Vec<String> = lines.iter().map(|line| format!("<li>{}</li>", escaped(line))).collect();
    let list = if items.is_empty() { String::new() } else { format!("<ul>{}</ul>", items.concat()) };
    let from = format!("Sent by Mismatch at {}. An admin can remove this channel there.", letter.server);
    Email {
        subject,
        text: format!("{title}\n\n{}\nOpen in Mismatch: {link}\n\n{from}\n", listed.concat()),
        html: format!(
            "<!doctype html><html lang=\"en\"><body style=\"font-family: sans-serif; line-height: 1.5\"><h1 style=\"font-size: \
             1.25em\">{}</h1>{list}<p><a href=\"{}\">Open in Mismatch</a></p><p style=\"color: #666\">{}</p></body></html>",
            escaped(&title),
            escaped(&link),
            escaped(&from)
        ),
    }
}
