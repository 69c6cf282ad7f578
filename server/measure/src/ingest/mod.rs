//! Reading: bytes of any supported format in, one typed table out.
//!
//! Text formats are typed over the whole file, never from its head. The result is the same for every format:
//! a polars frame whose columns are `Float64`, `Int64`, `Boolean`, `String`, `Datetime(Milliseconds)` or, for lists and
//! structs, whatever they are (shown, not compared).

mod arrow_file;
mod arrow_schema;
mod batch;
mod build;
mod bytes;
mod canonical;
mod cell;
mod columnar;
mod convert;
mod delimited;
mod dialect;
pub mod document;
mod encoding;
mod epoch;
mod guard;
pub mod guess;
mod json;
mod json_layout;
mod json_object;
mod json_split;
mod missing;
mod moment;
mod names;
mod number;
mod options;
mod parquet_footer;
mod recognise;
mod scan;
mod table;
mod text;
mod typing;

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod full_corpus_tests;
#[cfg(test)]
mod tests;

use std::path::Path;

use domain::Problem;

pub use batch::{Batch, BatchReader};
pub use convert::checksum_of;
pub use epoch::Epoch;
pub use missing::is_spelling_of_missing;
pub use moment::DateOrder;
pub use options::{ColumnOptions, Format, Limits, ReadOptions, RowCut};
pub use table::{Table, TableColumn};

/// Identifies the code that reads (a hash of its sources, see `build.rs`): part of every key under which converted text is
/// kept.
pub const READ_BY: &str = env!("READ_BY");

/// Reads a whole file into memory, whatever its format. `display_name` is what messages call it.
///
/// # Errors
/// One sentence naming the file, the place in it and what to do, when it can't be read or exceeds a limit.
pub fn read_table(path: &Path, display_name: &str, options: &ReadOptions, limits: &Limits) -> Result<Table, Problem> {
    BatchReader::open(path, display_name, options, limits, None)?.into_table()
}
