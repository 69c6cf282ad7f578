//! Writes a seeded train and serve pair of Parquet files: `synthesize FOLDER ROWS NUMERIC TEXT`.
//!
//! Numeric columns are normal, log-normal, uniform or whole numbers in turn; text columns have 3 to 50 values with
//! Zipf-like shares; beside them an id, a time and a label. At serving one numeric column in ten is shifted by a
//! quarter of its standard deviation, so that a drift check has something to find.
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
    let [folder, rows, numeric, text] = arguments.as_slice() else {
        panic!("usage: synthesize FOLDER ROWS NUMERIC TEXT");
    };
    let shape = Shape { rows: rows.parse().unwrap(), numeric: numeric.parse().unwrap(), text: text.parse().unwrap() };
    std::fs::create_dir_all(folder).unwrap();
    for (name, seed, shift) in [("train.parquet", 1, 0.0), ("serve.parquet", 2, 0.25)] {
        let path = Path::new(folder).join(name);
        let mut frame = shape.table(seed, shift);
        ParquetWriter::new(File::create(&path).unwrap()).with_row_group_size(Some(100_000)).finish(&mut frame).unwrap();
        println!("{} {} x {}", path.display(), frame.height(), frame.width());
    }
}

struct Shape {
    rows: usize,
    numeric: usize,
    text: usize,
}

impl Shape {
    fn table(&self, seed: u64, shift: f64) -> DataFrame {
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
            columns.push(Column::new(format!("number_{index}").into(), self.numbers(seed, index, shift)));
        }
        for index in 0..self.text {
            columns.push(Column::new(format!("text_{index}").into(), self.words(seed, index)));
        }
        let mut random = Random::new(seed, 9_999);
        let labels: Vec<i64> = (0..self.rows).map(|_| i64::from(random.uniform() < 0.3)).collect();
        columns.push(Column::new("label".into(), labels));
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
