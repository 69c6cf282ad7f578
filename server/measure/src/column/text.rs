//! Text: categories and shape, worked out once per different value while there are few of them.

use domain::ColumnKind;
use domain::profile::{CATEGORY_CAP, CategoryProfile, ColumnProfile, DISTINCT_CAP, TextProfile};
use polars::prelude::{PlHashMap, PolarsResult, Series};

/// Text with at most this many different values is categorical whatever the number of rows.
const ALWAYS_CATEGORICAL: u64 = 20;
/// Beyond that, a category has to come back this often on average: names and identifiers hardly ever do.
const ROWS_PER_CATEGORY: u64 = 5;
/// Longer values are told apart by their beginning and a hash, so that a column of documents fits in memory.
const KEY_BYTES: usize = 256;
/// Patterns counted and kept.
const PATTERNS_COUNTED: usize = 5_000;
const PATTERNS_KEPT: usize = 20;
const PATTERN_CHARS: usize = 32;

#[derive(Default)]
pub struct TextColumn {
    /// Counts by value; emptied into `shape` when there are too many.
    values: PlHashMap<String, (u64, Shape)>,
    overflown: bool,
    total: ShapeTotal,
}

/// What is known of one value.
#[derive(Clone, Copy)]
struct Shape {
    characters: u64,
    blank: bool,
    numeric_like: bool,
}

impl Shape {
    fn of(value: &str) -> Self {
        Self {
            characters: value.chars().count() as u64,
            blank: value.trim().is_empty(),
            numeric_like: looks_numeric(value),
        }
    }
}

/// The sum of shapes over rows.
#[derive(Default)]
struct ShapeTotal {
    rows: u64,
    characters: u64,
    range: Option<(u64, u64)>,
    blank: u64,
    numeric_like: u64,
    patterns: PlHashMap<String, u64>,
}

impl ShapeTotal {
    fn add(&mut self, value: &str, shape: Shape, rows: u64) {
        let (low, high) = self.range.unwrap_or((shape.characters, shape.characters));
        self.range = Some((low.min(shape.characters), high.max(shape.characters)));
        self.rows += rows;
        self.characters += shape.characters * rows;
        self.blank += u64::from(shape.blank) * rows;
        self.numeric_like += u64::from(shape.numeric_like) * rows;
        let pattern = pattern(value);
        if let Some(count) = self.patterns.get_mut(&pattern) {
            *count += rows;
        } else if self.patterns.len() < PATTERNS_COUNTED {
            self.patterns.insert(pattern, rows);
        }
    }
}

impl TextColumn {
    pub fn push(&mut self, batch: &Series) -> PolarsResult<()> {
        for value in batch.str()?.iter().flatten() {
            if self.overflown {
                self.total.add(value, Shape::of(value), 1);
            } else {
                self.count(value);
            }
        }
        Ok(())
    }

    fn count(&mut self, value: &str) {
        let shortened = (value.len() > KEY_BYTES).then(|| shorten(value));
        let key = shortened.as_deref().unwrap_or(value);
        if let Some((count, _)) = self.values.get_mut(key) {
            *count += 1;
            return;
        }
        self.values.insert(key.to_owned(), (1, Shape::of(value)));
        if self.values.len() as u64 > DISTINCT_CAP {
            self.overflown = true;
            for (value, (rows, shape)) in std::mem::take(&mut self.values) {
                self.total.add(&value, shape, rows);
            }
        }
    }

    pub fn finish(mut self, sample: &Series, profile: &mut ColumnProfile) -> PolarsResult<()> {
        profile.distinct = if self.overflown { DISTINCT_CAP } else { self.values.len() as u64 };
        for (value, (rows, shape)) in &self.values {
            self.total.add(value, *shape, *rows);
        }
        profile.kind = kind(profile.distinct, profile.non_null());
        if !self.overflown {
            profile.categories = Some(categories(self.values));
        }
        let mut sorted_lengths: Vec<f64> =
            sample.str()?.iter().flatten().map(|value| value.chars().count() as f64).collect();
        sorted_lengths.sort_unstable_by(f64::total_cmp);
        let (min_length, max_length) = self.total.range.unwrap_or((0, 0));
        profile.text = Some(TextProfile {
            min_length,
            max_length,
            mean_length: if self.total.rows == 0 { 0.0 } else { self.total.characters as f64 / self.total.rows as f64 },
            blank: self.total.blank,
            numeric_like: self.total.numeric_like,
            sorted_lengths,
            patterns: most_frequent(self.total.patterns.into_iter().collect(), PATTERNS_KEPT),
        });
        Ok(())
    }
}

fn kind(distinct: u64, non_null: u64) -> ColumnKind {
    let comes_back = distinct <= CATEGORY_CAP as u64 && distinct * ROWS_PER_CATEGORY <= non_null;
    if distinct <= ALWAYS_CATEGORICAL || comes_back { ColumnKind::Categorical } else { ColumnKind::Text }
}

fn categories(values: PlHashMap<String, (u64, Shape)>) -> CategoryProfile {
    let total: u64 = values.values().map(|(count, _)| count).sum();
    let counts = most_frequent(values.into_iter().map(|(value, (count, _))| (value, count)).collect(), CATEGORY_CAP);
    let kept: u64 = counts.iter().map(|(_, count)| count).sum();
    CategoryProfile { counts, other: total - kept }
}

fn most_frequent(mut counts: Vec<(String, u64)>, keep: usize) -> Vec<(String, u64)> {
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(keep);
    counts
}

/// The beginning of a long value and a hash (FNV-1a) of all of it.
fn shorten(value: &str) -> String {
    let mut end = KEY_BYTES / 2;
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    let hash = value
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{}… ({} bytes, {hash:016x})", &value[..end], value.len())
}

/// Whether the text, without the space around it, reads as a number (`nan` and `inf` don't count).
fn looks_numeric(value: &str) -> bool {
    let trimmed = value.trim();
    let begins =
        trimmed.as_bytes().first().is_some_and(|first| first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.'));
    begins && trimmed.parse::<f64>().is_ok_and(f64::is_finite)
}

/// `9` for digits, `A` for upper and `a` for lower case letters, other characters as they are; a run of one class is
/// written once for a single character and twice for more.
fn pattern(value: &str) -> String {
    let mut pattern = String::with_capacity(PATTERN_CHARS);
    let mut written = 0;
    let (mut class, mut run) = ('\0', 0);
    for character in value.chars() {
        let this = if character.is_ascii_digit() {
            '9'
        } else if character.is_uppercase() {
            'A'
        } else if character.is_alphabetic() {
            'a'
        } else {
            character
        };
        run = if this == class { run + 1 } else { 1 };
        class = this;
        if run <= 2 {
            if written == PATTERN_CHARS {
                pattern.push('…');
                break;
            }
            pattern.push(this);
            written += 1;
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_show_the_classes_of_characters() {
        assert_eq!(pattern("AB-1234"), "AA-99");
        assert_eq!(pattern("9 months"), "9 aa");
        assert_eq!(pattern("Éa1"), "Aa9");
    }

    #[test]
    fn long_values_that_differ_at_the_end_stay_different() {
        let long = "é".repeat(5_000);
        assert_ne!(shorten(&long), shorten(&format!("{long}!")));
    }

    #[test]
    fn identifiers_are_text_and_codes_are_categories() {
        assert_eq!(kind(1_200, 1_200), ColumnKind::Text);
        assert_eq!(kind(12, 15), ColumnKind::Categorical);
        assert_eq!(kind(200, 5_000), ColumnKind::Categorical);
        assert_eq!(kind(400, 1_200), ColumnKind::Text);
    }

    #[test]
    fn only_plain_numbers_look_numeric() {
        assert!(looks_numeric(" -12.5e3 ") && looks_numeric("007"));
        assert!(!looks_numeric("nan") && !looks_numeric("7 km") && !looks_numeric("-"));
    }
}
