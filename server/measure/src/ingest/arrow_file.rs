//! Arrow IPC files (Feather version 2), read record batch by record batch.

use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;

use polars::prelude::{
    ArrayRef, ArrowField, ArrowSchema, Column, DataFrame, DataType, IdxCa, IntoColumn, PolarsError, PolarsResult,
    Series,
};
use polars_arrow::datatypes::{ArrowDataType, IntegerType};
use polars_arrow::io::ipc::IpcSchema;
use polars_arrow::io::ipc::read::{
    FileMetadata, FileReader, get_row_count_from_blocks, read_file_dictionaries, read_file_metadata,
};

use super::arrow_schema;

/// An opened file: where its record batches are and how many rows each has.
pub(super) struct ArrowFile {
    /// Dictionary-encoded columns appear in it as their codes.
    metadata: FileMetadata,
    /// The values of each dictionary-encoded column, by its place.
    dictionaries: HashMap<usize, Series>,
    /// Row at which each record batch begins, and the end of the last.
    starts: Vec<usize>,
    /// The columns as they come out of [`ArrowFile::read`].
    pub schema: ArrowSchema,
}

impl ArrowFile {
    pub fn open(file: &mut File) -> PolarsResult<ArrowFile> {
        let mut metadata = read_file_metadata(file)?;
        check_names(&metadata.schema, &metadata.ipc_schema)?;
        let mut plain = metadata.schema.as_ref().clone();
        plain.iter_values_mut().for_each(|field| arrow_schema::plain(&mut field.dtype));
        metadata.schema = std::sync::Arc::new(plain);
        let mut starts = vec![0];
        for block in &metadata.blocks {
            let rows = get_row_count_from_blocks(file, std::slice::from_ref(block))?;
            let rows = usize::try_from(rows).map_err(|error| PolarsError::ComputeError(error.to_string().into()))?;
            starts.push(starts[starts.len() - 1] + rows);
        }
        let mut schema = metadata.schema.as_ref().clone();
        let dictionaries = if has_nested_dictionaries(&metadata) {
            HashMap::new()
        } else {
            take_dictionaries(file, &mut metadata, &mut schema)?
        };
        Ok(ArrowFile { metadata, dictionaries, starts, schema })
    }

    pub fn rows(&self) -> usize {
        self.starts[self.starts.len() - 1]
    }

    /// A block of columns (by place) and rows.
    pub fn read(&self, file: File, columns: &[usize], rows: &Range<usize>) -> PolarsResult<DataFrame> {
        let mut projection = columns.to_vec();
        projection.sort_unstable();
        projection.dedup();
        let mut reader = FileReader::new(file, self.metadata.clone(), Some(projection.clone()), None);
        let mut parts: Vec<Vec<ArrayRef>> = vec![Vec::new(); projection.len()];
        for block in 0..self.metadata.blocks.len() {
            let (start, end) = (self.starts[block], self.starts[block + 1]);
            if end <= rows.start || start >= rows.end {
                continue;
            }
            reader.set_current_block(block);
            let Some(batch) = reader.next() else { break };
            let (from, to) = (rows.start.max(start) - start, rows.end.min(end) - start);
            for (parts, array) in parts.iter_mut().zip(batch?.into_arrays()) {
                parts.push(array.sliced(from, to - from));
            }
        }
        let mut read: HashMap<usize, Column> = HashMap::new();
        for (&column, parts) in projection.iter().zip(parts) {
            read.insert(column, self.column(column, parts)?);
        }
        let picked = columns.iter().filter_map(|column| read.get(column).cloned()).collect();
        DataFrame::new(rows.len(), picked)
    }

    fn column(&self, column: usize, parts: Vec<ArrayRef>) -> PolarsResult<Column> {
        let Some((name, field)) = self.metadata.schema.get_at_index(column) else {
            return Err(PolarsError::ColumnNotFound("beyond the last column".into()));
        };
        let series = if parts.is_empty() {
            Series::new_empty(name.clone(), &DataType::from_arrow_field(field))
        } else {
            Series::try_from((field, parts))?
        };
        let Some(values) = self.dictionaries.get(&column) else { return Ok(series.into_column()) };
        // What a code under a missing value is, nobody promises: pandas writes -1.
        let codes = series.cast(&polars::prelude::IDX_DTYPE)?;
        let codes: &IdxCa = codes.idx()?;
        Ok(values.take(codes)?.with_name(name.clone()).into_column())
    }
}

/// Polars keeps one column of those that share a name, and takes its values from another one.
pub(super) fn check_names(schema: &ArrowSchema, stored: &IpcSchema) -> PolarsResult<()> {
    let (kept, columns) = (schema.len(), stored.fields.len());
    if kept == columns {
        return Ok(());
    }
    Err(PolarsError::Duplicate(format!("{columns} columns have {kept} different names").into()))
}

/// Turns the dictionary-encoded columns of `metadata` into columns of codes; `schema` gets the type of their values.
fn take_dictionaries(
    file: &mut File,
    metadata: &mut FileMetadata,
    schema: &mut ArrowSchema,
) -> PolarsResult<HashMap<usize, Series>> {
    let values = read_file_dictionaries(file, metadata, &mut Vec::new(), Default::default())?;
    let mut coded = metadata.schema.as_ref().clone();
    let mut dictionaries = HashMap::new();
    for column in 0..coded.len() {
        let Some((_, field)) = coded.get_at_index_mut(column) else { break };
        let ArrowDataType::Dictionary(keys, value_type, _) = field.dtype.clone() else { continue };
        let id = metadata.ipc_schema.fields.get_mut(column).and_then(|field| field.dictionary_id.take());
        let value_field = ArrowField::new(field.name.clone(), value_type.as_ref().clone(), true);
        let series = match id.and_then(|id| values.get(&id)) {
            Some(values) => Series::try_from((&value_field, values.clone()))?,
            None => Series::new_empty(field.name.clone(), &DataType::from_arrow_field(&value_field)),
        };
        dictionaries.insert(column, series);
        field.dtype = code_type(keys);
        if let Some((_, shown)) = schema.get_at_index_mut(column) {
            *shown = value_field;
        }
    }
    metadata.schema = std::sync::Arc::new(coded);
    metadata.dictionaries = None;
    Ok(dictionaries)
}

/// Dictionaries inside lists or structs are left to the reader itself.
fn has_nested_dictionaries(metadata: &FileMetadata) -> bool {
    metadata.ipc_schema.fields.iter().any(|field| field.fields.iter().any(|inner| inner.contains_dictionary()))
}

fn code_type(keys: IntegerType) -> ArrowDataType {
    match keys {
        IntegerType::Int8 => ArrowDataType::Int8,
        IntegerType::Int16 => ArrowDataType::Int16,
        IntegerType::Int32 => ArrowDataType::Int32,
        IntegerType::Int64 => ArrowDataType::Int64,
        IntegerType::Int128 => ArrowDataType::Int128,
        IntegerType::UInt8 => ArrowDataType::UInt8,
        IntegerType::UInt16 => ArrowDataType::UInt16,
        IntegerType::UInt32 => ArrowDataType::UInt32,
        IntegerType::UInt64 => ArrowDataType::UInt64,
        IntegerType::UInt128 => ArrowDataType::UInt128,
    }
}
