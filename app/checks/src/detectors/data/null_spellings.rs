//! D3.null_spellings: is "missing" written in several ways?

use crate::detectors::sides;
use crate::detectors::words::{count, name, values};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::NULL_SPELLINGS;
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Need;
use domain::profile::ColumnProfile;
use domain::snapshot::{ColumnKind, ColumnRole};
use domain::{Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D3.null_spellings"),
    item: Item::D3,
    title: "Spellings of “missing”",
    looks_for: "Columns that write missing values in more than one way: empty, NA, null, “unknown”.",
    why_it_matters: "Each library knows some of the spellings and reads the others as values. “NA” may mean Namibia, and “unknown” becomes a separate category next to the real nulls.",
    how_it_decides: "The spellings are counted: those that file readers treat as missing, words for “missing” among the categories, and real nulls. Codes of upper-case letters of one length are values: among countries, NA is Namibia. A column with at least {NULL_SPELLINGS} of them is possible.",
    try_next: "Choose one spelling where the file is written, and read all other spellings as missing on both sides.",
    causes: &[],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let mut findings: Vec<Finding> = Vec::new();
    let mut columns = 0;
    for (role, profile) in sides::tables(measurements) {
        for column in profile.columns.iter().filter(|column| measurements.roles.of(&column.name) == ColumnRole::Feature)
        {
            columns += 1;
            findings.extend(mixed(column, role.id()));
        }
    }
    if sides::tables(measurements).next().is_none() {
        return Judgement::missing(Need::AnyTable);
    }
    let findings = crate::detectors::report::strongest_of_each(findings);
    Judgement::Judged {
        summary: format!("Compared the spellings of missing values in {}.", count(columns, "column")),
        findings,
    }
}

fn mixed(column: &ColumnProfile, side: &str) -> Option<Finding> {
    let mut spellings: Vec<(String, u64)> = column.null_spellings.clone();
    let words_for_missing = column.categories.iter().flat_map(|categories| &categories.counts);
    spellings.extend(
        words_for_missing
            .filter(|(value, _)| column.kind != ColumnKind::Numeric && means_missing(value) && !holds_codes(column))
            .cloned(),
    );
    let true_nulls_apart = column.null_spellings.is_empty() && column.nulls > 0;
    let kinds = spellings.len() + usize::from(true_nulls_apart);
    if (kinds as f64) < NULL_SPELLINGS {
        return None;
    }
    let shown: Vec<String> =
        spellings.iter().map(|(value, _)| if value.is_empty() { "(empty)".into() } else { value.clone() }).collect();
    let statement = format!(
        "{} writes missing values in {kinds} different ways in {side}: {}.",
        name(&column.name),
        values(&shown)
    );
    let finding = DETECTOR
        .finding(
            Verdict::Possible,
            &[&column.name],
            statement,
            Effect::new("null_spellings", kinds as f64, NULL_SPELLINGS),
            Certainty::exact(),
        )
        .with_n(side, column.rows);
    Some(
        shown
            .iter()
            .zip(&spellings)
            .fold(finding, |finding, (shown, (_, rows))| finding.with_evidence(shown, count(*rows, "row"))),
    )
}

/// Whether all values are codes of upper-case letters of one length: among those of countries, `NA` is Namibia.
fn holds_codes(column: &ColumnProfile) -> bool {
    let counts = column.categories.as_ref().map_or(&[][..], |categories| &categories.counts);
    let is_code = |value: &str| value.len() > 1 && value.bytes().all(|byte| byte.is_ascii_uppercase());
    counts.first().is_some_and(|(first, _)| {
        counts.len() > 2 && counts.iter().all(|(value, _)| value.len() == first.len() && is_code(value))
    })
}

/// Words that people write for a missing value.
fn means_missing(value: &str) -> bool {
    const WORDS: [&str; 16] = [
        "na",
        "n/a",
        "n.a.",
        "nan",
        "null",
        "nil",
        "none",
        "missing",
        "unknown",
        "undefined",
        "?",
        "-",
        "--",
        "#n/a",
        "not available",
        "(null)",
    ];
    WORDS.contains(&value.trim().to_lowercase().as_str())
}
