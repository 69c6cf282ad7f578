//! The test cases of a JUnit XML document. Whatever a message holds is text here, markup too.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Of one message as much is kept: a trace may be long, what matters stands at its beginning.
const MOST_BYTES: usize = 8 << 10;

#[derive(Default)]
pub(super) struct Document {
    pub cases: Vec<Case>,
    /// The names of the suites.
    pub suites: Vec<String>,
    /// Whether it has what only Java's runners write.
    pub has_java: bool,
    /// Where it is not XML any more.
    pub broken: Option<String>,
}

pub(super) struct Case {
    pub class: String,
    pub name: String,
    pub verdict: Verdict,
    /// When its suite began.
    pub at_ms: Option<i64>,
}

/// A message is the attribute of that name, the text stands within the element.
pub(super) enum Verdict {
    Passed,
    Failure { message: String, text: String },
    Error { message: String, text: String },
    Skipped { message: String, text: String, kind: String },
}

impl Verdict {
    fn of(element: &BytesStart<'_>) -> Option<Self> {
        let (message, text) = (attribute(element, "message"), String::new());
        match element.name().as_ref() {
            b"failure" => Some(Verdict::Failure { message, text }),
            b"error" => Some(Verdict::Error { message, text }),
            b"skipped" => Some(Verdict::Skipped { message, text, kind: attribute(element, "type") }),
            _ => None,
        }
    }

    fn text_mut(&mut self) -> Option<&mut String> {
        match self {
            Verdict::Passed => None,
            Verdict::Failure { text, .. } | Verdict::Error { text, .. } | Verdict::Skipped { text, .. } => Some(text),
        }
    }
}

impl Document {
    /// Reads until the end, or until it is not XML any more.
    pub fn of(text: &str) -> Self {
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        let mut document = Self::default();
        let mut started = None;
        let mut within_verdict = false;
        loop {
            match reader.read_event() {
                Ok(Event::Eof) => break,
                Err(error) => {
                    document.broken = Some(error.to_string());
                    break;
                }
                Ok(Event::Start(element)) => {
                    within_verdict = document.enter(&element, &mut started);
                }
                Ok(Event::Empty(element)) => {
                    document.enter(&element, &mut started);
                    within_verdict = false;
                }
                Ok(Event::End(_)) => within_verdict = false,
                Ok(Event::Text(part)) if within_verdict => document.add(&part.decode().unwrap_or_default()),
                Ok(Event::CData(part)) if within_verdict => document.add(&part.decode().unwrap_or_default()),
                Ok(Event::GeneralRef(part)) if within_verdict => {
                    let letter = part.resolve_char_ref().ok().flatten();
                    let named = || match part.decode().unwrap_or_default().as_ref() {
                        "lt" => "<",
                        "gt" => ">",
                        "amp" => "&",
                        "quot" => "\"",
                        "apos" => "'",
                        _ => "",
                    };
                    document.add(&letter.map_or_else(|| named().to_owned(), String::from));
                }
                Ok(_) => {}
            }
        }
        document
    }

    /// Takes in the beginning of an element; true when the text in it belongs to a verdict.
    fn enter(&mut self, element: &BytesStart<'_>, started: &mut Option<i64>) -> bool {
        match element.name().as_ref() {
            b"testsuites" | b"testsuite" => {
                self.suites.push(attribute(element, "name"));
                *started = time(&attribute(element, "timestamp")).or(*started);
                self.has_java |= attribute(element, "xsi:noNamespaceSchemaLocation").contains("surefire");
            }
            b"property" => self.has_java |= attribute(element, "name").starts_with("java."),
            b"testcase" => self.cases.push(Case {
                class: attribute(element, "classname"),
                name: attribute(element, "name"),
                verdict: Verdict::Passed,
                at_ms: *started,
            }),
            _ => {
                let verdict = Verdict::of(element);
                let case = self.cases.last_mut();
                // An error at the end of a test that failed does not take the failure away.
                if let (Some(verdict), Some(case)) =
                    (verdict, case.filter(|case| !matches!(case.verdict, Verdict::Failure { .. })))
                {
                    case.verdict = verdict;
                    return true;
                }
            }
        }
        false
    }

    fn add(&mut self, part: &str) {
        if let Some(text) = self.cases.last_mut().and_then(|case| case.verdict.text_mut()) {
            let room = MOST_BYTES.saturating_sub(text.len());
            text.push_str(&part[..part.floor_char_boundary(room.min(part.len()))]);
        }
    }
}

/// The attribute as text; as it stands where its references are none.
fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let Ok(Some(attribute)) = element.try_get_attribute(name) else { return String::new() };
    let raw = || String::from_utf8_lossy(&attribute.value).into_owned();
    let text = attribute.unescape_value().map_or_else(|_| raw(), std::borrow::Cow::into_owned);
    text[..text.floor_char_boundary(MOST_BYTES.min(text.len()))].to_owned()
}

/// RFC 3339, or a time without a zone, which is taken for UTC.
fn time(text: &str) -> Option<i64> {
    let zoned = || text.parse::<Timestamp>().ok();
    let plain = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp());
    zoned().or_else(plain).map(|time| time.as_millisecond())
}
