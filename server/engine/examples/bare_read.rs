//! Reads Parquet files with polars and nothing else: the floor that `diagnose` is compared with. `bare_read FILE...`
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a small program for benchmarks: it stops where it fails"
)]

use std::fs::File;

use polars::prelude::*;

fn main() {
    for path in std::env::args().skip(1) {
        let frame = ParquetReader::new(File::open(&path).unwrap()).finish().unwrap();
        println!("{path} {} x {}", frame.height(), frame.width());
    }
}
