//! One JSON object, flat: its keys and where its values are. Written here because Python's `NaN` and `Infinity` are to be
//! accepted, numbers kept digit by digit, repeated keys seen, and nesting followed without recursion.

use std::borrow::Cow;

use super::cell::Cell;
use super::number::{Notation, number};

/// A value of an object: where it stands in the record's bytes, or its text where that had to be unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Boolean(bool),
    Number(std::ops::Range<usize>),
    Text(std::ops::Range<usize>),
    Unescaped(String),
    Nested(std::ops::Range<usize>),
}

impl Value {
    /// The cell of a value in the record it was parsed from.
    pub fn cell<'a>(&'a self, record: &'a [u8]) -> Cell<'a> {
        let slice = |range: &std::ops::Range<usize>| {
            record.get(range.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
        };
        match self {
            Value::Null => Cell::Null,
            Value::Boolean(value) => Cell::Boolean(*value),
            Value::Number(range) => Cell::Number(slice(range)),
            Value::Text(range) => Cell::Text(slice(range)),
            Value::Unescaped(text) => Cell::Text(text),
            Value::Nested(range) => Cell::Nested(slice(range)),
        }
    }
}

/// What is wrong with a record, and at which byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub at: usize,
    /// Continues a sentence that begins with the record's place.
    pub what: &'static str,
}

/// Parses one object, handing each key and value to `take` in order.
pub(super) fn object<'a>(
    text: &'a str,
    max_nesting: usize,
    take: &mut dyn FnMut(Cow<'a, str>, Value),
) -> Result<(), Fault> {
    let mut scanner = Scanner { text, at: 0, max_nesting };
    scanner.space();
    scanner.expect(b'{', "is not a JSON object")?;
    scanner.space();
    if scanner.peek() != Some(b'}') {
        loop {
            scanner.space();
            let key = scanner.string()?;
            scanner.space();
            scanner.expect(b':', "lacks a ':' after a key")?;
            scanner.space();
            let value = scanner.value()?;
            take(key.text(text), value);
            scanner.space();
            match scanner.peek() {
                Some(b',') => scanner.at += 1,
                Some(b'}') => break,
                Some(_) => return scanner.fault("lacks a ',' between two values"),
                None => return scanner.fault("ends before its closing '}'"),
            }
        }
    }
    scanner.at += 1;
    scanner.space();
    if scanner.at == text.len() { Ok(()) } else { scanner.fault("goes on after its object") }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    max_nesting: usize,
}

enum Quoted {
    Plain(std::ops::Range<usize>),
    Unescaped(String),
}

impl Quoted {
    fn text(self, text: &str) -> Cow<'_, str> {
        match self {
            Quoted::Plain(range) => Cow::Borrowed(&text[range]),
            Quoted::Unescaped(text) => Cow::Owned(text),
        }
    }
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault { at: self.at, what })
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8, otherwise: &'static str) -> Result<(), Fault> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            self.fault(otherwise)
        }
    }

    fn string(&mut self) -> Result<Quoted, Fault> {
        let start = self.at;
        if start == self.text.len() {
            return self.fault("ends before its closing '}'");
        }
        self.expect(b'"', "has a key without quotes")?;
        let mut escaped = false;
        loop {
            match self.peek() {
                None => return Err(Fault { at: start, what: "has a string that never ends" }),
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(_) => self.at += 1,
            }
        }
        let inner = start + 1..self.at;
        self.at += 1;
        if !escaped {
            return Ok(Quoted::Plain(inner));
        }
        // Half a surrogate pair, which Python writes without complaint, is no text: it is then shown as it stands.
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        Ok(serde_json::from_str(quoted).map_or(Quoted::Plain(inner), Quoted::Unescaped))
    }

    fn value(&mut self) -> Result<Value, Fault> {
        match self.peek() {
            Some(b'"') => Ok(match self.string()? {
                Quoted::Plain(range) => Value::Text(range),
                Quoted::Unescaped(text) => Value::Unescaped(text),
            }),
            Some(b'{' | b'[') => self.nested(),
            Some(_) => self.word(),
            None => self.fault("lacks a value"),
        }
    }

    /// A number or one of the bare words.
    fn word(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.')) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        match word {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Boolean(true)),
            "false" => Ok(Value::Boolean(false)),
            "NaN" | "-NaN" | "Infinity" | "-Infinity" => Ok(Value::Number(start..self.at)),
            _ if word.starts_with(|first: char| first.is_ascii_digit() || first == '-')
                && number(word, Notation::Point).is_some() =>
            {
                Ok(Value::Number(start..self.at))
            }
            _ => Err(Fault { at: start, what: "has a value that is not JSON" }),
        }
    }

    /// An array or object as it stands; its brackets must match.
    fn nested(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.peek() {
                None => return Err(Fault { at: start, what: "has a bracket that never closes" }),
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(b'{') => open.push(b'}'),
                Some(b'[') => open.push(b']'),
                Some(close @ (b'}' | b']')) if open.pop() != Some(close) => {
                    return self.fault("has brackets that do not match");
                }
                Some(_) => {}
            }
            self.at += 1;
            if open.is_empty() {
                return Ok(Value::Nested(start..self.at));
            }
            if open.len() > self.max_nesting {
                return self.fault("is nested too deeply");
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn cells(text: &str) -> Result<Vec<(String, String)>, Fault> {
        let mut seen = Vec::new();
        object(text, 10, &mut |key, value| {
            seen.push((key.into_owned(), format!("{:?}", value.cell(text.as_bytes()))))
        })?;
        Ok(seen)
    }

    #[test]
    fn values_keep_their_kind_and_digits() {
        let seen = cells(r#" {"a": 18446744073709551615, "b":NaN, "c":"x\"y", "d":{"e":[1,"]"]}, "f":null,"g":true} "#)
            .unwrap();
        let values: Vec<&str> = seen.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(
            values,
            [
                r#"Number("18446744073709551615")"#,
                r#"Number("NaN")"#,
                r#"Text("x\"y")"#,
                r#"Nested("{\"e\":[1,\"]\"]}")"#,
                "Null",
                "Boolean(true)"
            ]
        );
        assert_eq!(cells("{}").unwrap(), []);
    }

    #[test]
    fn faults_say_where() {
        assert_eq!(cells(r#"{"id":2,"#).unwrap_err().what, "ends before its closing '}'");
        assert_eq!(cells(r#"{"a":1}x"#).unwrap_err(), Fault { at: 7, what: "goes on after its object" });
        assert_eq!(cells(r#"{"a":[1}"#).unwrap_err().what, "has brackets that do not match");
        assert_eq!(cells(r#"[1]"#).unwrap_err().what, "is not a JSON object");
        assert_eq!(cells(r#"{"a":"#).unwrap_err().what, "lacks a value");
        let deep = format!("{{\"a\":{}", "[".repeat(50));
        assert_eq!(cells(&deep).unwrap_err().what, "is nested too deeply");
    }

    #[test]
    fn a_half_surrogate_is_shown_as_it_stands() {
        assert_eq!(cells(r#"{"a":"\ud800"}"#).unwrap()[0].1, r#"Text("\\ud800")"#);
    }
}
