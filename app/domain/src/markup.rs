//! Text in markup and in addresses: the one place where it is made safe for HTML, XML and URLs.

/// Text for an element or a quoted attribute, in HTML and in XML: no character of it is markup, and those that no XML
/// document may hold become `\u{fffd}`.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other if is_forbidden(other) => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

/// Text of one line without control characters, for a library that escapes but does not leave out what XML forbids.
pub fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() && !is_forbidden(*character)).collect()
}

/// Text as one part of an address: every byte but unreserved characters as its percent code (RFC 3986, section 2.3).
pub fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Text of which some bytes stand as their percent codes; `None` where a code is none, or the bytes are no text.
pub fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok().filter(|digits| !digits.starts_with('+'))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// What XML 1.0 forbids even when it is escaped (production `Char`), and the control characters that it discourages.
fn is_forbidden(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t')) || matches!(character, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_an_address_holds_no_character_with_a_meaning() {
        assert_eq!(percent_encoded("a b/c?d#é~-._"), "a%20b%2Fc%3Fd%23%C3%A9~-._");
        assert_eq!(percent_decoded("a%20b%2Fc%3Fd%23%C3%A9~-._").as_deref(), Some("a b/c?d#é~-._"));
        for broken in ["%", "%2", "%zz", "%+1", "%C3"] {
            assert_eq!(percent_decoded(broken), None, "{broken}");
        }
    }

    #[test]
    fn no_character_is_left_that_means_markup() {
        assert_eq!(escaped("<b id='x'>\"&\"</b>"), "&lt;b id=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/b&gt;");
    }

    #[test]
    fn what_xml_forbids_is_replaced_or_left_out() {
        assert_eq!(escaped("a\u{1}b\u{FFFE}\tc\n"), "a\u{fffd}b\u{fffd}\tc\n");
        assert_eq!(printable("a\u{1}b\u{FFFF}\tc\n<"), "abc<");
    }
}
