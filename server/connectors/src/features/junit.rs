//! JUnit XML, as pytest, Surefire, Jest and other test runners write it:
//! <https://docs.pytest.org/en/stable/how-to/output.html#creating-junitxml-format-files>,
//! <https://github.com/testmoapp/junitxml>.

mod document;
mod message;
mod subject;

use domain::Problem;
use domain::tool_check::{CheckOutcome, Source, ToolCheck};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector};

use document::{Case, Document, Verdict};

pub(super) static CONNECTOR: Connector = Connector {
    id: "junit",
    tool: "pytest",
    words: "JUnit XML of pytest, Surefire, Jest and other test runners",
    proven_on: "pytest 9.2; the layouts of Surefire 3 and jest-junit 16",
    takes: "each test with its parameters, outcome and the first lines of its message",
    leaves: "traces, captured output, properties, durations",
    recognise,
    read,
};

/// The root element is one of the format's, and so is what stands in it.
fn recognise(seen: &Seen<'_>) -> bool {
    let text = seen.text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        return false;
    }
    let mut reader = Reader::from_str(text);
    let mut in_suites = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => match element.name().as_ref() {
                b"testsuites" if !in_suites => in_suites = true,
                b"testsuite" => return true,
                _ if in_suites => {}
                _ => return false,
            },
            Ok(Event::Eof) | Err(_) => return in_suites,
            Ok(_) => {}
        }
    }
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    let document = Document::of(&text);
    if document.cases.is_empty() {
        let why = document.broken.map_or_else(String::new, |error| format!(" ({error})"));
        return Err(given.bad(&format!("it holds no test case{why}; run the tests again, or leave it out")));
    }
    let tool = runner(&document);
    let checks: Vec<ToolCheck> =
        document.cases.iter().enumerate().map(|(place, case)| check(tool, place, case)).collect();
    let mut brought = Brought::from(checks);
    if let Some(error) = document.broken {
        let read = domain::number::counted(document.cases.len() as u64, "test");
        brought.warnings.push(format!("It is not valid XML to its end ({error}); {read} before that were read."));
    }
    Ok(brought)
}

/// Who ran the tests, by what only that runner writes.
fn runner(document: &Document) -> &'static str {
    let says = |word: &str| document.suites.iter().any(|suite| suite.to_lowercase().contains(word));
    let is_python = || document.cases.iter().all(|case| case.name.starts_with("test_"));
    match () {
        () if says("pytest") || is_python() => "pytest",
        () if says("jest") => "Jest",
        () if document.has_java => "Surefire",
        () => "JUnit XML",
    }
}

fn check(tool: &str, place: usize, case: &Case) -> ToolCheck {
    let message = message::of(&case.verdict);
    let outcome = match case.verdict {
        Verdict::Passed => CheckOutcome::Passed,
        Verdict::Failure { .. } => CheckOutcome::Failed,
        Verdict::Error { .. } | Verdict::Skipped { .. } => CheckOutcome::NotRun,
    };
    let name = if case.class.is_empty() { case.name.clone() } else { format!("{}::{}", case.class, case.name) };
    let about = subject::of(&case.name, message.first.as_deref().unwrap_or_default(), &case.class);
    let columns = columns(case, &message);
    let mut check =
        ToolCheck::new(Source::of(tool, None, format!("testcase[{place}]")), &name, about, columns, outcome)
            .with_time(case.at_ms);
    check.expected = message.expected;
    check.observed = message.observed;
    if let Some(value) = message.value {
        check = check.with_measured("asserted value", value, message.limit);
    }
    check
}

/// What the test is about: its parameter, else a column that its message names, else the test itself.
fn columns(case: &Case, message: &message::Message) -> Vec<String> {
    let bare = case.name.split('[').next().unwrap_or_default();
    let parameter = case.name.strip_suffix(']').and_then(|name| name.split_once('[')).map(|(_, inside)| inside);
    if let Some(parameter) = parameter.map(str::trim).filter(|parameter| !parameter.is_empty()) {
        let named = named(parameter, message.first.as_deref().unwrap_or_default());
        if !named.is_empty() {
            return named;
        }
    }
    if !message.columns.is_empty() {
        return message.columns.clone();
    }
    vec![bare.to_owned()]
}

/// The names in a parameter. pytest joins several with a hyphen, which names hold too: the whole counts where the message
/// has it.
fn named(parameter: &str, message: &str) -> Vec<String> {
    let is_value = |part: &str| part.parse::<f64>().is_ok() || matches!(part, "" | "True" | "False" | "None");
    let parts: Vec<&str> = parameter.split('-').collect();
    let all = if parts.len() == 1 || message.contains(parameter) { vec![parameter] } else { parts };
    all.into_iter().map(str::trim).filter(|part| !is_value(part)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_become_columns() {
        assert_eq!(named("age", ""), ["age"]);
        assert_eq!(named("age-0.5-True", ""), ["age"]);
        assert_eq!(named("low-fat", "low-fat differs"), ["low-fat"]);
        assert_eq!(named("0.5", ""), Vec::<String>::new());
    }

    #[test]
    fn other_xml_is_left_alone() {
        let is = |text: &str| recognise(&Seen::of(text.as_bytes()));
        assert!(is("<?xml version=\"1.0\"?><!-- made --><testsuites/>"));
        assert!(is("<testsuite name=\"a\"><testcase name=\"b\"/>"));
        assert!(!is("<html><testsuite/></html>"));
        assert!(!is("<project><testsuites/></project>"));
        assert!(!is("testsuite"));
    }

    #[test]
    fn what_is_read_until_the_file_breaks_counts() {
        let text = "<testsuite timestamp=\"2026-01-02T03:04:05\"><testcase classname=\"c\" name=\"test_a[x]\"/><testcase name=\"test_b\"><failure message=\"mean &lt;b&gt; differs&#10;assert 2.5 &lt;= 1\"/></testcase></oops>";
        let brought = read(&Given::of(text.as_bytes(), "a.xml")).unwrap_or_default();
        assert_eq!(brought.warnings.len(), 1);
        let [first, second] = brought.facts.checks.as_slice() else { panic!("{:?}", brought.facts.checks) };
        assert_eq!((first.outcome, first.columns.clone()), (CheckOutcome::Passed, vec!["x".to_owned()]));
        assert_eq!(first.at_ms, Some(1_767_323_045_000));
        assert_eq!(second.observed.as_deref(), Some("mean <b> differs"));
        assert_eq!(second.expected.as_deref(), Some("at most 1"));
        assert_eq!(second.measured.as_ref().map(|one| (one.value, one.limit)), Some((2.5, Some(1.0))));
    }
}
