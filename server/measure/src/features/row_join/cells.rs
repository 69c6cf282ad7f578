//! One column of the joined rows, both sides next to each other.

use std::collections::HashMap;

use domain::measurements::row_join::JoinedKind;
use domain::plot::format;
use polars::prelude::{DataType, Series};
use stats::quantiles::standard_deviation;

use crate::values::{numbers, words};

/// Numbers that differ by no more than this share of themselves, or of their spread, are equal: what single precision
/// and another order of summation leave.
pub(crate) const SAME: f64 = 1e-6;

/// The code of the served and of the offline value of one row.
pub type Codes = (Option<u32>, Option<u32>);

/// The values of the joined rows. Equal codes mean equal values, whichever side they are on.
pub struct Cells {
    kind: JoinedKind,
    /// Serve and offline; empty for words.
    numbers: Vec<(Option<f64>, Option<f64>)>,
    codes: Vec<(Option<u32>, Option<u32>)>,
    names: Vec<String>,
    /// Numbers closer than this are equal, however small they are.
    tolerance: f64,
}

/// Times in milliseconds; `None` for columns of anything else.
pub fn times(column: &Series) -> Option<Vec<Option<i64>>> {
    let is_time = matches!(column.dtype(), DataType::Datetime(..));
    is_time.then(|| column.datetime().ok().map(|times| times.physical().iter().collect())).flatten()
}

impl Cells {
    /// Takes the values of the rows `(serve, offline)`; `None` for columns that can't be compared, such as lists.
    pub fn joined(serve: &Series, offline: &Series, rows: &[(usize, usize)]) -> Option<Self> {
        if let (Some(serve), Some(offline)) = (times(serve), times(offline)) {
            let as_number = |time: Option<i64>| time.map(|ms| ms as f64);
            let pairs = rows.iter().map(|(s, o)| (as_number(serve[*s]), as_number(offline[*o])));
            return Some(Self::of_numbers(JoinedKind::Times, pairs.collect()));
        }
        if let (Some(serve), Some(offline)) = (numbers(serve), numbers(offline)) {
            let given = |value: Option<f64>| value.filter(|value| !value.is_nan());
            let pairs = rows.iter().map(|(s, o)| (given(serve[*s]), given(offline[*o])));
            return Some(Self::of_numbers(JoinedKind::Numbers, pairs.collect()));
        }
        let (serve, offline) = (words(serve)?, words(offline)?);
        let mut known = Known::default();
        let codes = rows
            .iter()
            .map(|(s, o)| {
                let mut code = |word: Option<&String>| word.map(|word| known.code(word.clone(), || word.clone()));
                (code(serve[*s].as_ref()), code(offline[*o].as_ref()))
            })
            .collect();
        Some(Self { kind: JoinedKind::Words, numbers: Vec::new(), codes, names: known.names, tolerance: 0.0 })
    }

    fn of_numbers(kind: JoinedKind, numbers: Vec<(Option<f64>, Option<f64>)>) -> Self {
        let mut known = Known::default();
        let mut code = |value: Option<f64>| {
            let value = value?;
            // Single precision, so that a value that went through it is still known again.
            let key = if kind == JoinedKind::Times { value } else { f64::from(value as f32) } + 0.0;
            Some(known.code(key.to_bits(), || match kind {
                JoinedKind::Times => format::time(value as i64),
                _ => value.to_string(),
            }))
        };
        let codes = numbers.iter().map(|(serve, offline)| (code(*serve), code(*offline))).collect();
        let mut cells = Self { kind, numbers, codes, names: known.names, tolerance: 0.0 };
        if kind == JoinedKind::Numbers {
            let spread = standard_deviation(&cells.offline_numbers());
            cells.tolerance = if spread.is_finite() { SAME * spread } else { 0.0 };
        }
        cells
    }

    pub fn kind(&self) -> JoinedKind {
        self.kind
    }

    pub fn rows(&self) -> usize {
        self.codes.len()
    }

    /// Serve and offline, row by row.
    pub fn codes(&self) -> impl Iterator<Item = Codes> {
        self.codes.iter().copied()
    }

    /// How many different values there are on both sides together.
    pub fn distinct(&self) -> usize {
        self.names.len()
    }

    /// The value of a code, as it is shown.
    pub fn name(&self, code: u32) -> String {
        self.names[code as usize].clone()
    }

    /// Whether the two sides differ, row by row.
    pub fn differing(&self) -> impl Iterator<Item = bool> {
        self.codes.iter().enumerate().map(|(row, (serve, offline))| match self.numbers.get(row) {
            Some((Some(serve), Some(offline))) => !self.same(*serve, *offline),
            _ => serve != offline,
        })
    }

    /// Whether two numbers (or times) are equal but for how they are stored.
    pub fn same(&self, a: f64, b: f64) -> bool {
        match self.kind {
            JoinedKind::Numbers => a == b || (a - b).abs() <= (SAME * a.abs().max(b.abs())).max(self.tolerance),
            _ => a == b,
        }
    }

    /// Finite numbers on both sides that differ: serve, offline.
    pub fn changed_numbers(&self) -> impl Iterator<Item = (f64, f64)> {
        self.numbers
            .iter()
            .filter_map(|(serve, offline)| Some(((*serve)?, (*offline)?)))
            .filter(|(serve, offline)| serve.is_finite() && offline.is_finite() && !self.same(*serve, *offline))
    }

    pub fn offline_numbers(&self) -> Vec<f64> {
        self.numbers.iter().filter_map(|(_, offline)| *offline).filter(|value| value.is_finite()).collect()
    }
}

/// Values met so far, counted up.
struct Known<K> {
    codes: HashMap<K, u32>,
    names: Vec<String>,
}

impl<K> Default for Known<K> {
    fn default() -> Self {
        Self { codes: HashMap::new(), names: Vec::new() }
    }
}

impl<K: std::hash::Hash + Eq> Known<K> {
    fn code(&mut self, key: K, name: impl FnOnce() -> String) -> u32 {
        *self.codes.entry(key).or_insert_with(|| {
            self.names.push(name());
            self.names.len() as u32 - 1
        })
    }
}
