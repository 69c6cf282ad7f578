//! The log of a container that ended by itself: the line that says why. A log is any text, so only one with a traceback of
//! Python, or whose last lines are known to end a process, is taken. What Docker's driver json-file keeps says itself that it is
//! a log: <https://docs.docker.com/engine/logging/drivers/json-file/>.

use domain::Problem;
use domain::number::{count, counted};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};

use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json, numbers};

pub(super) static LOG: Connector = Connector {
    id: "container_log",
    tool: "Docker",
    words: "log of a container that ended, plain text or Docker's json-file",
    proven_on: "docker logs 20.10, tracebacks of Python 3, messages of the kernel, CUDA and Java",
    takes: "the lines that say why it ended",
    leaves: "all other lines",
    recognise: |seen| is_json_file(seen) || !reasons(&seen.text).is_empty(),
    read,
};

/// Lines at the end in which a reason stands.
const LAST: usize = 12;
/// Reasons of one log at most.
const MOST: usize = 20;
const TRACEBACK: &str = "Traceback (most recent call last):";

/// What a line says when a process ends, in lower case, and what it is about. The first that fits counts.
const FATAL: [(&str, CheckSubject); 22] = [
    ("cuda out of memory", CheckSubject::Capacity),
    ("cuda error: out of memory", CheckSubject::Capacity),
    ("outofmemoryerror", CheckSubject::Capacity),
    ("memoryerror", CheckSubject::Capacity),
    ("std::bad_alloc", CheckSubject::Capacity),
    ("oom-kill", CheckSubject::Capacity),
    ("out of memory: killed process", CheckSubject::Capacity),
    ("cannot allocate memory", CheckSubject::Capacity),
    ("no space left on device", CheckSubject::Capacity),
    ("address already in use", CheckSubject::Configuration),
    ("no module named", CheckSubject::Configuration),
    ("no such file", CheckSubject::Configuration),
    ("permission denied", CheckSubject::Configuration),
    ("exec format error", CheckSubject::Configuration),
    ("executable file not found", CheckSubject::Configuration),
    ("cannot open shared object file", CheckSubject::Configuration),
    ("segmentation fault", CheckSubject::Health),
    ("core dumped", CheckSubject::Health),
    ("connection refused", CheckSubject::Health),
    ("unhandled exception", CheckSubject::Health),
    ("application startup failed", CheckSubject::Health),
    ("worker failed to boot", CheckSubject::Health),
];

/// A line that says why.
struct Reason {
    number: usize,
    line: String,
    about: CheckSubject,
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    if !is_json_file(&Seen::of(given.bytes)) {
        return Ok(Brought::from(reasons(&text).into_iter().map(|reason| reason.check(None)).collect::<Vec<_>>()));
    }
    let (entries, broken) = given.json_lines()?;
    let log = Log::of(&entries);
    let found = reasons_in(&numbered(&log.text));
    let checks = found.into_iter().map(|reason| {
        let at_ms = log.times.get(reason.number - 1).copied().flatten();
        reason.check(at_ms)
    });
    let mut brought = Brought::from(checks.collect::<Vec<_>>());
    if broken > 0 {
        brought.warnings.push(format!("{} could not be read.", counted(broken as u64, "line")));
    }
    if brought.count() == 0 {
        let lines = count(log.times.len() as u64);
        brought.warnings.push(format!("None of its {lines} lines says why a container ended."));
    }
    Ok(brought)
}

fn is_json_file(seen: &Seen<'_>) -> bool {
    let is_stream = seen.json.word("stream").is_some_and(|stream| matches!(stream, "stdout" | "stderr"));
    is_stream && seen.json.has_all(&["log", "time"])
}

/// The lines that a container printed, with their times.
#[derive(Default)]
struct Log {
    text: String,
    times: Vec<Option<i64>>,
}

impl Log {
    /// A long line comes in several entries, of which only the last ends it.
    fn of(entries: &[serde_json::Value]) -> Self {
        let mut log = Self::default();
        for entry in entries {
            if log.text.is_empty() || log.text.ends_with('\n') {
                log.times.push(json::text(entry, &["time"]).and_then(numbers::moment));
            }
            log.text.push_str(json::text(entry, &["log"]).unwrap_or_default());
        }
        log
    }
}

impl Reason {
    fn check(self, at_ms: Option<i64>) -> ToolCheck {
        let source = Source::of("Docker", None, format!("line {}", self.number));
        ToolCheck::new(source, "last lines", self.about, Vec::new(), CheckOutcome::Failed)
            .with_observed(json::words(&self.line.into()))
            .with_time(at_ms)
    }
}

/// Why it ended, by the log; nothing where the text is anything else.
fn reasons(text: &str) -> Vec<Reason> {
    let plain = text.trim_start_matches('\u{feff}').trim_start();
    // A level stands in brackets too: `[ERROR] …`.
    let is_list = plain.starts_with('[') && !plain.lines().next().is_some_and(|line| line.contains("] "));
    if is_list || plain.is_empty() || plain.starts_with(['{', '<', '#']) || is_document(plain) {
        return Vec::new();
    }
    let lines = numbered(text);
    // A table is not a log, unless it holds a traceback.
    if is_table(&lines) && tracebacks(&lines).next().is_none() {
        return Vec::new();
    }
    reasons_in(&lines)
}

/// The lines that are not blank, from 1.
fn numbered(text: &str) -> Vec<(usize, &str)> {
    let lines = text.lines().enumerate().map(|(place, line)| (place + 1, line));
    lines.filter(|(_, line)| !line.trim().is_empty()).collect()
}

/// Why it ended, by the lines of a log.
fn reasons_in(lines: &[(usize, &str)]) -> Vec<Reason> {
    let reason = |(number, line): (usize, &str), about| Reason { number, line: line.trim().to_owned(), about };
    let of_tracebacks = tracebacks(lines).map(|line| reason(line, about(line.1).unwrap_or(CheckSubject::Health)));
    let found: Vec<Reason> = of_tracebacks.take(MOST).collect();
    if !found.is_empty() {
        return found;
    }
    // Without a traceback, as a shell or the kernel says it: at the end.
    let end = lines.iter().rev().take(LAST).rev();
    end.filter_map(|(number, line)| Some(reason((*number, line), fatal(line)?))).take(MOST).collect()
}

/// Sessions and listings that documents and programs show.
fn is_document(text: &str) -> bool {
    [">>> ", "```", ".. code"].iter().any(|sign| text.contains(sign))
}

/// The error below each traceback: the first line that is not indented.
fn tracebacks<'t>(lines: &'t [(usize, &'t str)]) -> impl Iterator<Item = (usize, &'t str)> {
    let starts = lines.iter().enumerate().filter(|(_, (_, line))| line.trim_end().ends_with(TRACEBACK));
    starts.filter_map(|(place, (_, first))| {
        let prefix = &first[..first.find(TRACEBACK)?];
        // A text that shows one has it indented.
        let is_shown = !prefix.is_empty() && prefix.trim().is_empty();
        let is_indented = |line: &str| line.get(prefix.len()..).unwrap_or_default().starts_with([' ', '\t']);
        let rest = lines.get(place + 1..)?;
        let has_frame = rest.first().is_some_and(|(_, line)| line.contains("File \""));
        let error = rest.iter().find(|(_, line)| !is_indented(line))?;
        // The log may prefix each line anew, with another time.
        let class = without_prefix(error.1).split([':', '(']).next()?.trim();
        let is_error =
            ["Error", "Exception", "Interrupt", "Exit", "Warning", "Failure"].iter().any(|end| class.ends_with(end));
        (!is_shown && has_frame && is_error && !class.contains(' ')).then_some(*error)
    })
}

/// Without the time and the level that a log puts before a message.
fn without_prefix(line: &str) -> &str {
    let is_prefix = |word: &str| {
        let plain = word.trim_matches(['[', ']', ':', '|', '-']);
        let is_level = ["debug", "info", "warning", "warn", "error", "fatal", "critical"];
        plain.is_empty()
            || plain.starts_with(|first: char| first.is_ascii_digit()) && plain.contains([':', '-'])
            || is_level.contains(&plain.to_lowercase().as_str())
    };
    let mut rest = line.trim();
    while let Some((_, more)) = rest.split_once(' ').filter(|(word, _)| is_prefix(word)) {
        rest = more.trim_start();
    }
    rest
}

fn about(line: &str) -> Option<CheckSubject> {
    let lower = line.to_lowercase();
    FATAL.iter().find(|(words, _)| lower.contains(words)).map(|(_, about)| *about)
}

/// A line that is about nothing else: it begins with the words, or with who says them.
fn fatal(line: &str) -> Option<CheckSubject> {
    /// A sentence of an article is longer before it comes to that.
    const BEFORE: usize = 60;
    let message = without_prefix(line);
    if message.trim_end_matches('.') == "Killed" {
        return Some(CheckSubject::Capacity);
    }
    let lower = message.to_lowercase();
    let (words, about) = FATAL.iter().find(|(words, _)| lower.contains(words))?;
    let before = &lower[..lower.find(words)?];
    let is_speaker = before.trim().is_empty() || before.trim_end().ends_with([':', '(', '[', '\'', ']']);
    (before.len() <= BEFORE && is_speaker).then_some(*about)
}

/// Whether the lines have the same number of separators, as those of a table do.
fn is_table(lines: &[(usize, &str)]) -> bool {
    [',', ';', '\t', '|'].iter().any(|separator| {
        let mut counts = lines.iter().take(20).map(|(_, line)| line.matches(*separator).count());
        let first = counts.next().unwrap_or_default();
        first > 0 && lines.len() > 1 && counts.all(|count| count == first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(usize, String, CheckSubject)> {
        reasons(text).into_iter().map(|one| (one.number, one.line, one.about)).collect()
    }

    #[test]
    fn the_line_that_ended_it_is_found() {
        let log = "INFO started\nTraceback (most recent call last):\n  File \"serve.py\", line 3, in <module>\n    import x\nModuleNotFoundError: No module named 'x'\n";
        assert_eq!(
            told(log),
            [(5, "ModuleNotFoundError: No module named 'x'".to_owned(), CheckSubject::Configuration)]
        );
        let stamped = "2026-01-01T00:00:00Z Traceback (most recent call last):\n2026-01-01T00:00:00Z   File \"a.py\", line 1\n2026-01-01T00:00:01Z torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\n";
        assert_eq!(told(stamped)[0].2, CheckSubject::Capacity);
        assert_eq!(told("no such file: /model/encoder.pkl\n").len(), 1);
        assert_eq!(told("loading model\nKilled\n"), [(2, "Killed".to_owned(), CheckSubject::Capacity)]);
        assert_eq!(told("[ERROR] Error: bind: address already in use\n").len(), 1);
    }

    #[test]
    fn articles_and_tables_are_not_logs() {
        for text in [
            "When a file is missing the shell prints no such file, and the user has to look.\n",
            "id,message\n1,no such file: a\n2,Killed\n",
            "# Notes\nKilled\n",
            "Traceback (most recent call last): is the first line of an error.\nThen come the frames.\n",
            "{\"message\": \"no such file\"}",
            "all is well\n",
            "    >>> f(0)\n    Traceback (most recent call last):\n      File \"a.py\", line 1\n    ValueError: zero\n",
            "def f():\n    Traceback (most recent call last):\n        ...\n    ValueError: zero\n",
        ] {
            assert!(told(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_docker_keeps_of_a_log_is_read_like_the_log() {
        let entry = |log: &str, second: u32| {
            serde_json::json!({"log": log, "stream": "stderr", "time": format!("2026-01-01T00:00:0{second}.5Z")})
                .to_string()
        };
        let brought = |entries: &[String]| {
            let text = entries.join("\n");
            assert!(is_json_file(&Seen::of(text.as_bytes())));
            read(&Given::of(text.as_bytes(), "a")).unwrap_or_default()
        };
        // The service logs JSON itself, and one line is kept in two parts.
        let ended = brought(&[
            entry("{\"level\": \"info\"}\n", 0),
            entry("Traceback (most recent call last):\n", 1),
            entry("  File \"serve.py\", ", 1),
            entry("line 3, in <module>\n", 1),
            entry("FileNotFoundError: [Errno 2] No such file or directory: 'm.pkl'\n", 2),
        ]);
        let check = ended.facts.checks.first().map(|check| (check.about, check.source.path.as_str(), check.at_ms));
        assert_eq!(check, Some((CheckSubject::Configuration, "line 4", Some(1_767_225_602_500))));
        let quiet = brought(&[entry("started\n", 0), entry("GET /predict 200\n", 1)]);
        assert_eq!(quiet.warnings, ["None of its 2 lines says why a container ended."]);
    }
}
