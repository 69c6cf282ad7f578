//! Strings from data, written so that no tool takes a part of them for anything else than text.

use std::fmt::Write;

/// Letters, digits and the marks of ASCII stand as they are; anything that could end a line, turn the direction of the text or
/// can't be seen does not.
fn is_plain(letter: char) -> bool {
    matches!(letter, ' '..='~') || !letter.is_ascii() && letter.is_alphanumeric()
}

/// A string in double quotes, the same for Python, YAML, PromQL and Jinja: their escapes agree in these forms. (`\x80` and above
/// is a byte in some and a letter in others, so it is only written below.)
pub(crate) fn quoted(text: &str) -> String {
    quoted_without(text, &[])
}

/// The same, with these marks escaped as well: those that open a template inside of strings.
pub(crate) fn quoted_without(text: &str, marks: &[char]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        let code = u32::from(letter);
        // Writing to a string does not fail.
        let _ = match letter {
            '"' | '\\' => write!(out, "\\{letter}"),
            '\n' => write!(out, "\\n"),
            '\t' => write!(out, "\\t"),
            '\r' => write!(out, "\\r"),
            _ if is_plain(letter) && !marks.contains(&letter) => write!(out, "{letter}"),
            _ if code < 0x80 => write!(out, "\\x{code:02x}"),
            _ if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    }
    out.push('"');
    out
}

/// A string of protobuf text: what is not plain is written as its bytes, in octal.
pub(crate) fn of_protobuf(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            _ if is_plain(letter) => out.push(letter),
            _ => {
                for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(out, "\\{byte:03o}");
                }
            }
        }
    }
    out.push('"');
    out
}

/// Text for a comment or a description: on one line, bounded, and without the pairs of marks that open or close a template.
pub(crate) fn plain(text: &str) -> String {
    const LONGEST: usize = 160;
    let letters: Vec<char> = text.chars().take(LONGEST + 1).collect();
    let is_one_of = |place: Option<usize>, marks: &[char]| {
        place.and_then(|place| letters.get(place)).is_some_and(|letter| marks.contains(letter))
    };
    let visible = |place: usize, letter: char| {
        let (before, after) = (place.checked_sub(1), Some(place + 1));
        match letter {
            '{' if is_one_of(before, &['{', '$']) || is_one_of(after, &['{', '%', '#']) => '(',
            '}' if is_one_of(after, &['}']) || is_one_of(before, &['}', '%', '#']) => ')',
            _ if is_plain(letter) || matches!(letter, '“' | '”' | '…' | '–') => letter,
            _ => ' ',
        }
    };
    let mut line: String =
        (0..).zip(letters.iter().take(LONGEST)).map(|(place, letter)| visible(place, *letter)).collect();
    if letters.len() > LONGEST {
        line.push('…');
    }
    line
}

/// A number that every tool reads: plain decimals, no exponent.
pub(crate) fn decimal(value: f64) -> String {
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_string_or_a_line_or_opens_a_template() {
        assert_eq!(quoted("a\"b\\c\nd"), r#""a\"b\\c\nd""#);
        assert_eq!(quoted("\u{0}\u{7f}\u{85}\u{2028}\u{202e}å😀"), r#""\x00\x7f\u0085\u2028\u202eå\U0001f600""#);
        assert_eq!(quoted_without("{{ x }}", &['{', '}']), r#""\x7b\x7b x \x7d\x7d""#);
        assert_eq!(of_protobuf("a\"å\n€"), r#""a\"å\012\342\202\254""#);
        assert_eq!(plain("a\n# {{ b }} */ \"\"\""), "a # (( b )) */ \"\"\"");
        assert_eq!(plain("{% a %} {# b #} ${c} {d=\"e\"}"), "(% a %) (# b #) $(c} {d=\"e\"}");
        assert_eq!(plain(&"x".repeat(500)).chars().count(), 161);
    }
}
