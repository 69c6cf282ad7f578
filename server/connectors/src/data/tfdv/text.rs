//! Protobuf text: <https://protobuf.dev/reference/protobuf/textformat-spec/>. By hand, because the libraries for it need the
//! schemas of the messages compiled in, and here any field that is not known must be passed over.

use serde_json::{Map, Value};

/// Deeper messages end the reading.
const DEEPEST: usize = 40;

/// A message as an object in which every field is a list; with the line from which on it can't be read.
pub(super) fn parse(text: &str) -> (Value, Option<usize>) {
    let mut reader = Reader { rest: text.trim_start_matches('\u{feff}') };
    let mut fields = Map::new();
    let read = reader.message(&mut fields, None, 0);
    let line = || text.len().checked_sub(reader.rest.len()).map_or(1, |at| text[..at].lines().count().max(1));
    let broken = read.is_none().then(line);
    (Value::Object(fields), broken)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// Fields until the closing mark, or until the end. What was read stays when it is `None`.
    fn message(&mut self, fields: &mut Map<String, Value>, close: Option<char>, depth: usize) -> Option<()> {
        loop {
            self.pass_over();
            let Some(next) = self.rest.chars().next() else { return close.is_none().then_some(()) };
            if Some(next) == close {
                self.rest = &self.rest[1..];
                return Some(());
            }
            let name = self.name()?;
            self.pass_over();
            let is_value = self.take(':');
            self.pass_over();
            let values = fields.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            let Value::Array(list) = values else { return None };
            self.value(list, is_value, depth)?;
            self.pass_over();
            let _ = self.take(',') || self.take(';');
        }
    }

    fn value(&mut self, list: &mut Vec<Value>, is_value: bool, depth: usize) -> Option<()> {
        match self.rest.chars().next()? {
            open @ ('{' | '<') if depth < DEEPEST => {
                self.rest = &self.rest[1..];
                let mut inner = Map::new();
                let read = self.message(&mut inner, Some(if open == '{' { '}' } else { '>' }), depth + 1);
                list.push(Value::Object(inner));
                read
            }
            '[' if depth < DEEPEST => {
                self.rest = &self.rest[1..];
                loop {
                    self.pass_over();
                    if self.take(']') {
                        return Some(());
                    }
                    self.value(list, true, depth + 1)?;
                    self.pass_over();
                    let _ = self.take(',');
                }
            }
            '"' | '\'' if is_value => {
                list.push(Value::String(self.strings()?));
                Some(())
            }
            _ if is_value => {
                list.push(scalar(self.token()?));
                Some(())
            }
            _ => None,
        }
    }

    fn take(&mut self, mark: char) -> bool {
        let after = self.rest.strip_prefix(mark);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// Spaces and comments.
    fn pass_over(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('#') {
                return;
            }
            self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
        }
    }

    /// The name of a field; an extension stands in square brackets.
    fn name(&mut self) -> Option<String> {
        if self.rest.starts_with('[') {
            let end = self.rest.find(']')?;
            let name = self.rest[1..end].to_owned();
            self.rest = &self.rest[end + 1..];
            return Some(name);
        }
        let name = self.token()?;
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_').then(|| name.to_owned())
    }

    fn token(&mut self) -> Option<&str> {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-' | '+');
        let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!token.is_empty()).then_some(token)
    }

    /// A string, with those that follow it: they are one.
    fn strings(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        while let Some(quote) = self.rest.chars().next().filter(|first| matches!(first, '"' | '\'')) {
            self.rest = &self.rest[1..];
            self.string(quote, &mut bytes)?;
            self.pass_over();
        }
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn string(&mut self, quote: char, bytes: &mut Vec<u8>) -> Option<()> {
        loop {
            let letter = self.rest.chars().next()?;
            self.rest = &self.rest[letter.len_utf8()..];
            match letter {
                '\n' => return None,
                _ if letter == quote => return Some(()),
                '\\' => self.escape(bytes)?,
                _ => bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes()),
            }
        }
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Option<()> {
        let letter = self.rest.chars().next()?;
        let (digits, radix) = match letter {
            '0'..='7' => (self.digits(0, 3, 8), 8),
            'x' | 'X' => (self.digits(1, 2, 16), 16),
            _ => {
                self.rest = &self.rest[letter.len_utf8()..];
                let plain = match letter {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                };
                bytes.extend(plain.encode_utf8(&mut [0; 4]).bytes());
                return Some(());
            }
        };
        bytes.push((u32::from_str_radix(digits, radix).ok()? & 0xff) as u8);
        Some(())
    }

    /// At most that many digits, behind as many letters.
    fn digits(&mut self, behind: usize, most: usize, radix: u32) -> &str {
        let text = &self.rest[behind..];
        let count = text.chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
        self.rest = &text[count..];
        &text[..count]
    }
}

fn scalar(token: &str) -> Value {
    let number = || {
        let text = token.strip_suffix(['f', 'F']).filter(|text| text.parse::<f64>().is_ok()).unwrap_or(token);
        let whole = text.parse::<i64>().ok().map(Value::from);
        whole.or_else(|| text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from))
    };
    match token {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => number().unwrap_or_else(|| Value::String(token.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_lists_and_strings_have_escapes() {
        let (value, broken) = parse(
            "# a\nfeature { name: \"a\\342\\202\\254\" 'b\\x41' min: -1.5e3 type: INT }\nfeature <is: true> values: [1, 2]; x: nan",
        );
        assert_eq!(broken, None);
        let expected = json!({
            "feature": [{"name": ["a€bA"], "min": [-1500.0], "type": ["INT"]}, {"is": [true]}],
            "values": [1, 2],
            "x": ["nan"],
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn what_was_read_before_it_breaks_stays() {
        let (value, broken) = parse("a: 1\nb { c: 2\n  ) }");
        assert_eq!(value, json!({"a": [1], "b": [{"c": [2]}]}));
        assert_eq!(broken, Some(3));
        assert_eq!(parse(&"a {".repeat(10_000)).1, Some(1));
        assert_eq!(parse("a \"text\"").1, Some(1));
    }
}
