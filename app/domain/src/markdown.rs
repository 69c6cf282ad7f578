//! What people write: Markdown (CommonMark with tables, strike-through and task lists) as HTML that holds nothing but it.
//!
//! Raw HTML is shown as the text it is; a link leads to the web or to an address of mail, and a picture is a link to it: a page
//! must not load what a stranger named.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use crate::markup::escaped;

const READ: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH).union(Options::ENABLE_TASKLISTS);

/// Cells of tables beyond one for each character of the text: a row is filled up to the width of its table.
const SPARE_CELLS: usize = 500;

/// Beginnings of addresses that a link may have.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// Text as HTML. Addresses of the web that stand in the text are links too; a heading is one below those of a page.
pub fn to_html(text: &str) -> String {
    let mut out = String::new();
    if has_wide_table(text) {
        return format!("<pre>{}</pre>", escaped(text));
    }
    let events = TextMergeStream::new(Parser::new_ext(text, READ));
    html::push_html(&mut out, Reading { events, in_link: 0, in_code: false, ready: Vec::new() });
    out
}

/// Every row of a table is filled up to its width, so that a short text can be a page of megabytes.
fn has_wide_table(text: &str) -> bool {
    let is_cell = |event: &Event<'_>| matches!(event, Event::Start(Tag::TableCell));
    let most = text.len() + SPARE_CELLS;
    text.contains('|') && Parser::new_ext(text, READ).filter(is_cell).take(most + 1).count() > most
}

/// The events of a text, made safe one by one.
struct Reading<'a> {
    events: TextMergeStream<'a, Parser<'a>>,
    /// How many links the text is in: a picture in a link makes two.
    in_link: usize,
    in_code: bool,
    /// What comes next, the last first.
    ready: Vec<Event<'a>>,
}

impl<'a> Iterator for Reading<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        if let Some(event) = self.ready.pop() {
            return Some(event);
        }
        let event = self.events.next()?;
        Some(self.safe(event))
    }
}

impl<'a> Reading<'a> {
    fn safe(&mut self, event: Event<'a>) -> Event<'a> {
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                let mail = if link_type == LinkType::Email { "mailto:" } else { "" };
                self.opened(&format!("{mail}{dest_url}"))
            }
            Event::Start(Tag::Image { dest_url, .. }) => self.opened(&dest_url),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                self.in_link = self.in_link.saturating_sub(1);
                markup("</a>")
            }
            Event::Start(Tag::Heading { .. }) => markup("<p><strong>"),
            Event::End(TagEnd::Heading(_)) => markup("</strong></p>\n"),
            Event::Start(Tag::CodeBlock(kind)) => {
                self.in_code = true;
                Event::Start(Tag::CodeBlock(kind))
            }
            Event::End(TagEnd::CodeBlock) => {
                self.in_code = false;
                Event::End(TagEnd::CodeBlock)
            }
            Event::Text(text) if self.in_link == 0 && !self.in_code => self.linked(text),
            other => other,
        }
    }

    fn opened(&mut self, address: &str) -> Event<'a> {
        self.in_link += 1;
        markup(&open_link(address))
    }

    /// Text whose addresses are links.
    fn linked(&mut self, text: CowStr<'a>) -> Event<'a> {
        let (mut parts, mut rest) = (Vec::new(), text.as_ref());
        while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
            let from = &rest[start..];
            let end = from.find(|one: char| one.is_whitespace() || "<>\"'`|".contains(one)).unwrap_or(from.len());
            let address = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']);
            parts.push(Event::Text(rest[..start].to_owned().into()));
            parts.push(markup(&format!("{}{}</a>", open_link(address), escaped(address))));
            rest = &from[address.len()..];
        }
        if parts.is_empty() {
            return Event::Text(text);
        }
        parts.push(Event::Text(rest.to_owned().into()));
        self.ready.extend(parts.into_iter().rev());
        self.ready.pop().unwrap_or(Event::Text(CowStr::Borrowed("")))
    }
}

/// A link without an address where it is not one that may be followed.
fn open_link(address: &str) -> String {
    let lower = address.to_ascii_lowercase();
    if SCHEMES.iter().any(|scheme| lower.starts_with(scheme)) {
        format!("<a href=\"{}\" rel=\"noopener noreferrer nofollow\">", escaped(address))
    } else {
        "<a>".to_owned()
    }
}

fn markup<'a>(html: &str) -> Event<'a> {
    Event::InlineHtml(html.to_owned().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::to_html;

    /// What stands between angle brackets, without the slash of an end.
    fn tags(html: &str) -> impl Iterator<Item = &str> {
        html.split('<').skip(1).filter_map(|rest| rest.split('>').next()).map(|tag| tag.trim_start_matches('/'))
    }

    #[test]
    fn what_people_write_is_marked_up() {
        assert_eq!(
            to_html("**cents**, not _euros_ in `amount`\n"),
            "<p><strong>cents</strong>, not <em>euros</em> in <code>amount</code></p>\n"
        );
        assert_eq!(to_html("# Big"), "<p><strong>Big</strong></p>\n");
        assert_eq!(to_html("| a |\n|---|\n| 1 |").matches("<td>1</td>").count(), 1);
        assert_eq!(
            to_html("See https://tickets.example/1?a=1&b=2, and http://x.example."),
            "<p>See <a href=\"https://tickets.example/1?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">https://tickets.example/1?a=1&amp;b=2</a>\
             , and <a href=\"http://x.example\" rel=\"noopener noreferrer nofollow\">http://x.example</a>.</p>\n"
        );
    }

    #[test]
    fn nothing_in_it_runs_or_loads() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JAVASCRIPT:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "[x](vbscript:x)",
            "![x](https://evil.example/pixel.png)",
            "[x](\"onmouseover=alert(1))",
            "<a href=\"javascript:alert(1)\">x</a>",
            "https://x.example/\"onmouseover=\"alert(1)",
            "<style>*{display:none}</style>",
            "```<script>\nx\n```",
            "<javascript:alert(1)>",
            "[x]: javascript:alert(1)\n\n[x]",
        ] {
            let html = to_html(text);
            for tag in tags(&html) {
                let lower = tag.to_lowercase();
                let is_bad = ["script", "img", "style"].iter().any(|name| lower.starts_with(name))
                    || ["=\"javascript", "=\"data", "=\"vbscript", "\" on", "\"on", " on"]
                        .iter()
                        .any(|part| lower.contains(part));
                assert!(!is_bad, "{text} became {html}");
            }
        }
    }

    #[test]
    fn a_table_that_would_grow_to_megabytes_is_shown_as_it_was_written() {
        let wide =
            |columns: usize| format!("|{}\n|{}\n{}", "a|".repeat(columns), "-|".repeat(columns), "|b\n".repeat(2_000));
        assert!(to_html(&wide(3)).starts_with("<table>"));
        for columns in [50, 2_500] {
            let text = wide(columns);
            let html = to_html(&text);
            assert!(html.starts_with("<pre>") && html.len() < 2 * text.len(), "{columns}: {}", html.len());
        }
    }

    proptest! {
        /// Every tag is one of ours, and no attribute but those of a link, a list and a cell is there.
        #[test]
        fn any_text_has_only_our_tags(text in "(<|>|\\[|\\]|\\(|\\)|!|`|\"|'|=|on|a|href|script|javascript:|https://| |\n|\\||-|#|\\*|&|;|x3c){0,40}") {
            let html = to_html(&text);
            for tag in tags(&html) {
                let name = tag.split([' ', '/']).next().unwrap_or_default();
                let known = ["p", "a", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "br", "table",
                    "thead", "tbody", "tr", "th", "td", "del", "input"];
                prop_assert!(known.contains(&name), "{tag} of {html}");
                prop_assert!(!tag.contains(" on") && !tag.to_lowercase().contains("\"javascript"), "{tag} of {html}");
            }
        }
    }
}
