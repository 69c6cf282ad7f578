//! How a delimited text file is laid out: delimiter, quote, lines before the header, and whether there is a header.

use domain::Problem;

use super::bytes::Source;
use super::missing::missing;
use super::moment::moment;
use super::number::{Notation, number};
use super::options::ReadOptions;

/// Records looked at to detect the layout.
const RECORDS: usize = 200;
const CANDIDATES: [u8; 5] = [b',', b';', b'\t', b'|', 0x01];

/// The layout of a delimited text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub delimiter: u8,
    pub quote: u8,
    /// Bytes of UTF-8 before the first record: Excel's `sep=` line and `#` lines.
    pub skipped_bytes: usize,
    pub skipped_lines: u64,
    pub header: Header,
}

/// Where the columns' names come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    FirstRecord,
    /// The first record has one name fewer than the others have cells: its first column, the row names, has none.
    FirstRecordWithoutRowNames,
    Absent,
}

type Rows = Vec<csv::StringRecord>;

/// Detects the layout from the beginning of the file (UTF-8). `complete` says that it is the whole file.
pub(super) fn detect(
    source: &Source<'_>,
    sample: &[u8],
    complete: bool,
    options: &ReadOptions,
) -> Result<Dialect, Problem> {
    for (what, byte) in [("delimiter", options.delimiter), ("quote", options.quote)] {
        if byte.is_some_and(|byte| !byte.is_ascii() || byte == b'\n' || byte == b'\r') {
            return Err(source.bad(format_args!("the {what} must be one ASCII character other than a line end")));
        }
    }
    let (hint, mut skipped_bytes) = excel_hint(sample);
    let mut skipped_lines = u64::from(skipped_bytes > 0);
    let (comment_bytes, comment_lines) = comments(&sample[skipped_bytes..]);
    let stated = options.delimiter.or(hint);
    let (bytes, lines) = if comment_lines > 0 && last_comment_is_header(&sample[skipped_bytes..], comment_bytes, stated)
    {
        without_last_line(&sample[skipped_bytes..], comment_bytes, comment_lines)
    } else {
        (comment_bytes, comment_lines)
    };
    skipped_bytes += bytes;
    skipped_lines += lines;
    let body = &sample[skipped_bytes..];
    let quote = options.quote.unwrap_or(b'"');
    let delimiter = stated.unwrap_or_else(|| delimiter(body, complete, quote));
    let quote = options.quote.unwrap_or_else(|| detect_quote(body, complete, delimiter));
    let rows = records(body, complete, delimiter, quote);
    let header = match options.header {
        Some(false) => Header::Absent,
        Some(true) => named(&rows),
        None if has_header(&rows) => named(&rows),
        None => Header::Absent,
    };
    Ok(Dialect { delimiter, quote, skipped_bytes, skipped_lines, header })
}

/// Excel writes `sep=;` as the first line when told which separator to use.
fn excel_hint(sample: &[u8]) -> (Option<u8>, usize) {
    let line = line_length(sample);
    match &sample[..line] {
        [s, e, p, b'=', delimiter, rest @ ..]
            if [*s, *e, *p].eq_ignore_ascii_case(b"sep")
                && delimiter.is_ascii()
                && rest.iter().all(|byte| matches!(byte, b'\r' | b'\n')) =>
        {
            (Some(*delimiter), line)
        }
        _ => (None, 0),
    }
}

/// Bytes and number of the leading lines that start with `#`.
fn comments(body: &[u8]) -> (usize, u64) {
    let (mut bytes, mut lines) = (0, 0);
    while body[bytes..].starts_with(b"#") {
        bytes += line_length(&body[bytes..]);
        lines += 1;
    }
    (bytes, lines)
}

/// Some tools write the header itself as a `#` line: it has as many cells as the line below it, which is data.
fn last_comment_is_header(body: &[u8], comment_bytes: usize, stated: Option<u8>) -> bool {
    let (without, _) = without_last_line(body, comment_bytes, 1);
    let rest = &body[comment_bytes..];
    let delimiter = stated.unwrap_or_else(|| delimiter(rest, false, b'"'));
    let head = records(&body[without..comment_bytes], true, delimiter, b'"');
    let below = records(rest, false, delimiter, b'"');
    match (head.first(), below.first()) {
        (Some(head), Some(first)) => head.len() > 1 && head.len() == first.len() && !has_header(&below),
        _ => false,
    }
}

fn without_last_line(body: &[u8], bytes: usize, lines: u64) -> (usize, u64) {
    let trimmed = body[..bytes].trim_ascii_end();
    let start = trimmed.iter().rposition(|&byte| byte == b'\n' || byte == b'\r').map_or(0, |place| place + 1);
    (start, lines - 1)
}

/// Bytes of the first line, its end included.
fn line_length(bytes: &[u8]) -> usize {
    match bytes.iter().position(|&byte| byte == b'\n' || byte == b'\r') {
        Some(end) if bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n') => end + 2,
        Some(end) => end + 1,
        None => bytes.len(),
    }
}

fn records(body: &[u8], complete: bool, delimiter: u8, quote: u8) -> Rows {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).quote(quote).from_reader(body);
    // A record that is not UTF-8 can only be the one that the end of the sample cuts through.
    let mut rows: Rows = reader.records().map_while(Result::ok).take(RECORDS + 1).collect();
    if rows.len() > RECORDS || (!complete && rows.len() > 1) {
        rows.pop();
    }
    rows
}

/// The candidate by which the records agree best on a number of cells above one.
fn delimiter(body: &[u8], complete: bool, quote: u8) -> u8 {
    let mut best = (0.0, b',');
    for candidate in CANDIDATES {
        let score = agreement(&records(body, complete, candidate, quote), candidate);
        if score > best.0 {
            best = (score, candidate);
        }
    }
    if best.0 == 0.0 && aligned_by_spaces(&records(body, complete, b' ', quote)) { b' ' } else { best.1 }
}

fn agreement(rows: &Rows, delimiter: u8) -> f64 {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for row in rows {
        match counts.iter_mut().find(|(cells, _)| *cells == row.len()) {
            Some((_, rows)) => *rows += 1,
            None => counts.push((row.len(), 1)),
        }
    }
    let Some(&(cells, agreeing)) = counts.iter().max_by_key(|(cells, rows)| (*rows, *cells)) else { return 0.0 };
    if cells < 2 {
        return 0.0;
    }
    let foreign = |cell: &str| cell.bytes().any(|byte| byte != delimiter && byte != b',' && CANDIDATES.contains(&byte));
    let all: usize = rows.iter().map(csv::StringRecord::len).sum();
    let clean = rows.iter().flat_map(csv::StringRecord::iter).filter(|cell| !foreign(cell)).count();
    let header_agrees = rows.first().is_some_and(|first| first.len() == cells);
    agreeing as f64 / rows.len() as f64 + 0.5 * clean as f64 / all as f64 + if header_agrees { 0.3 } else { 0.0 }
}

/// Words split at spaces look like cells too: only a table with a number in every data row counts.
fn aligned_by_spaces(rows: &Rows) -> bool {
    let Some(first) = rows.first() else { return false };
    rows.len() > 2
        && first.len() > 1
        && rows.iter().all(|row| row.len() == first.len())
        && rows[1..].iter().all(|row| row.iter().any(|cell| number(cell, Notation::Point).is_some()))
}

/// A double quote, unless cells are wrapped in single ones and the file has no double quote.
fn detect_quote(body: &[u8], complete: bool, delimiter: u8) -> u8 {
    if body.contains(&b'"') {
        return b'"';
    }
    let rows = records(body, complete, delimiter, b'"');
    let opened = rows.iter().flat_map(csv::StringRecord::iter).filter(|cell| cell.starts_with('\'')).count();
    let wrapped = |cell: &&str| cell.len() > 1 && cell.starts_with('\'') && cell.ends_with('\'');
    let closed = rows.iter().flat_map(csv::StringRecord::iter).filter(wrapped).count();
    if closed > rows.len() / 4 && closed * 2 >= opened { b'\'' } else { b'"' }
}

fn named(rows: &Rows) -> Header {
    let Some((head, rest)) = rows.split_first() else { return Header::FirstRecord };
    let last_is_filled = rest.iter().any(|row| !row.iter().next_back().unwrap_or_default().trim().is_empty());
    if !rest.is_empty() && rest.iter().all(|row| row.len() == head.len() + 1) && last_is_filled {
        Header::FirstRecordWithoutRowNames
    } else {
        Header::FirstRecord
    }
}

/// Names are words: a first record that holds numbers or dates is data, unless the numbers count up one by one (years,
/// column numbers) or stand above cells that are no numbers.
fn has_header(rows: &Rows) -> bool {
    let Some((head, rest)) = rows.split_first() else { return true };
    let is_value = |cell: &str| {
        number(cell, Notation::Point).is_some() || number(cell, Notation::Comma).is_some() || moment(cell).is_some()
    };
    let places: Vec<usize> = (0..head.len()).filter(|&place| is_value(head[place].trim())).collect();
    if places.is_empty() {
        // A first record of nothing but missing values names nothing.
        return head.iter().any(|cell| missing(cell.trim()).is_none());
    }
    let numbers: Vec<i64> = places.iter().filter_map(|&place| head[place].trim().parse().ok()).collect();
    let counts_up =
        numbers.len() == places.len() && numbers.len() > 1 && numbers.windows(2).all(|pair| pair[1] - pair[0] == 1);
    if counts_up && (numbers[0] == 0 || numbers[0] == 1 || (1900..2100).contains(&numbers[0])) {
        // The same steps in the next record would make it data.
        let next: Vec<Option<i64>> = rest
            .first()
            .map_or(Vec::new(), |row| places.iter().map(|&place| row.get(place)?.trim().parse().ok()).collect());
        return !next.windows(2).all(|pair| matches!(pair, [Some(a), Some(b)] if b - a == 1));
    }
    let values_below =
        |place: usize| rest.iter().filter_map(|row| row.get(place)).filter(|cell| is_value(cell.trim())).count();
    let filled_below = |place: usize| {
        rest.iter().filter_map(|row| row.get(place)).filter(|cell| missing(cell.trim()).is_none()).count()
    };
    !rest.is_empty() && places.iter().all(|&place| filled_below(place) > 0 && values_below(place) == 0)
}
