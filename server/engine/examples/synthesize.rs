//! Writes a seeded train and serve pair of Parquet files: `synthesize FOLDER ROWS NUMERIC TEXT [ANSWERS]`.
//!
//! Numeric columns are normal, log-normal, uniform or whole numbers in turn; text columns have 3 to 50 values with
//! Zipf-like shares; beside them an id, a time and a label. At serving one numeric column in ten is shifted by a
//! quarter of its standard deviation, so that a drift check has something to find.
//!
//! With ANSWERS the label follows two of the numbers, and a model's predictions do too: `steady` ones as good at serving as at
//! training, or `fallen` ones, because one of the two numbers is a thousand times smaller at serving.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a small program for benchmarks: it stops where it fails"
)]

use std::fs::File;
use std::path::Path;

use polars::prelude::*;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, rows, numeric, text, answers @ ..] = arguments.as_slice() else {
        panic!("usage: synthesize FOLDER ROWS NUMERIC TEXT [steady|fallen]");
    };
    let answers = match answers.first().map(String::as_str) {
        None => Answers::None,
        Some("steady") => Answers::Steady,
        Some("fallen") => Answers::Fallen,
        Some(other) => panic!("answers are steady or fallen, not {other}"),
    };
    let (rows, numeric, text) = (rows.parse().unwrap(), numeric.parse().unwrap(), text.parse().unwrap());
    let shape = Shape { rows, numeric, text, answers };
    std::fs::create_dir_all(folder).unwrap();
    for (name, side) in [("train.parquet", TRAIN), ("serve.parquet", SERVE)] {
        let path = Path::new(folder).join(name);
        let mut frame = shape.table(side);
        ParquetWriter::new(File::create(&path).unwrap()).with_row_group_size(Some(100_000)).finish(&mut frame).unwrap();
        println!("{} {} x {}", path.display(), frame.height(), frame.width());
    }
}

struct Shape {
    rows: usize,
    numeric: usize,
    text: usize,
    answers: Answers,
}

#[derive(Clone, Copy, PartialEq)]
enum Answers {
    None,
    Steady,
    Fallen,
}

#[derive(Clone, Copy)]
struct Side {
    seed: u64,
    /// Of one number in ten, in standard deviations.
    shift: f64,
    /// Of the first number where the predictions fall.
    factor: f64,
}

const TRAIN: Side = Side { seed: 1, shift: 0.0, factor: 1.0 };
const SERVE: Side = Side { seed: 2, shift: 0.25, factor: 0.001 };

/// The numbers that the label follows: normal ones that do not shift.
const TELLING: [usize; 2] = [0, 4];

impl Shape {
    fn table(&self, Side { seed, shift, factor }: Side) -> DataFrame {
        let mut columns: Vec<Column> = Vec::new();
        let ids: Vec<i64> = (0..self.rows as i64).map(|row| row + seed as i64 * 1_000_000_000).collect();
        columns.push(Column::new("row_id".into(), ids));
        let start = 1_700_000_000_000 + seed as i64 * 30 * 86_400_000;
        let times: Vec<i64> = (0..self.rows as i64).map(|row| start + row * 2_000).collect();
        columns.push(
            Column::new("event_time".into(), times).cast(&DataType::Datetime(TimeUnit::Milliseconds, None)).unwrap(),
        );
        for index in 0..self.numeric {
            let shift = if index % 10 == 3 { shift } else { 0.0 };
            let mut numbers = self.numbers(seed, index, shift);
            if index == TELLING[0] && self.answers == Answers::Fallen {
                numbers.iter_mut().for_each(|number| *number *= factor);
            }
            columns.push(Column::new(format!("number_{index}").into(), numbers));
        }
        for index in 0..self.text {
            columns.push(Column::new(format!("text_{index}").into(), self.words(seed, index)));
        }
        let mut random = Random::new(seed, 9_999);
        if self.answers == Answers::None {
            let labels: Vec<i64> = (0..self.rows).map(|_| i64::from(random.uniform() < 0.3)).collect();
            columns.push(Column::new("label".into(), labels));
            return DataFrame::new(self.rows, columns).unwrap();
        }
        let factor = if self.answers == Answers::Fallen { factor } else { 1.0 };
        let [first, second] = TELLING.map(|index| self.numbers(seed, index, 0.0));
        let chance = |first: f64, second: f64| 1.0 / (1.0 + (-2.0 * first - second).exp());
        let rows = || first.iter().zip(&second);
        let labels: Vec<i64> = rows().map(|(a, b)| i64::from(random.uniform() < chance(*a, *b))).collect();
        let predictions: Vec<i64> = rows().map(|(a, b)| i64::from(chance(*a * factor, *b) > 0.5)).collect();
        columns.push(Column::new("label".into(), labels));
        columns.push(Column::new("prediction".into(), predictions));
        DataFrame::new(self.rows, columns).unwrap()
    }

    fn numbers(&self, seed: u64, index: usize, shift: f64) -> Vec<f64> {
        let mut random = Random::new(seed, index as u64);
        (0..self.rows)
            .map(|_| match index % 4 {
                0 => random.normal() + shift,
                1 => (random.normal() * 0.6 + shift).exp(),
                2 => random.uniform() * 100.0 + shift * 29.0,
                _ => ((random.normal() + shift) * 12.0).round(),
            })
            .collect()
    }

    fn words(&self, seed: u64, index: usize) -> Vec<String> {
        let mut random = Random::new(seed, 5_000 + index as u64);
        let kinds = 3 + index * 5;
        (0..self.rows).map(|_| format!("value {}", (random.uniform().powi(3) * kinds as f64) as usize)).collect()
    }
}

/// SplitMix64: seeded, so that every run writes the same bytes.
struct Random(u64);

impl Random {
    fn new(seed: u64, stream: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}
