//! Arrow's own types, where polars does not read a column as its file stores it.
//!
//! A Parquet file keeps Arrow's schema beside its own, in the metadata under [`KEY`]: a message of Arrow's IPC format in base64.
//! Polars takes the types from there, by name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use polars_arrow::datatypes::{ArrowDataType, TimeUnit};
use polars_arrow::io::ipc::format::ipc::planus::{Builder, ReadAsRoot};
use polars_arrow::io::ipc::format::ipc::{self, Message, MessageHeader, MessageRef, Type};

/// Where a Parquet file keeps it.
pub(super) const KEY: &str = "ARROW:schema";
/// Begins a message, before its length; writers of old leave both out.
const CONTINUATION: [u8; 4] = [0xff; 4];
/// Begins the names of the keys that make a plain column one of somebody's own type (`arrow.uuid`).
const EXTENSION: &str = "ARROW:extension:";

/// Whether polars reads another thing than the file stores, or nothing: it has no types of others, and takes times that
/// Arrow counts in seconds for seconds also in Parquet, which stores them in milliseconds.
pub(super) fn is_misread(in_parquet: &ArrowDataType) -> bool {
    match in_parquet {
        ArrowDataType::Extension(_) | ArrowDataType::Time32(TimeUnit::Second) => true,
        ArrowDataType::List(field) | ArrowDataType::LargeList(field) | ArrowDataType::FixedSizeList(field, _) => {
            is_misread(&field.dtype)
        }
        ArrowDataType::Struct(fields) => fields.iter().any(|field| is_misread(&field.dtype)),
        ArrowDataType::Dictionary(_, values, _) => is_misread(values),
        _ => false,
    }
}

/// The plain type under a type of somebody's own, also within lists and structs.
pub(super) fn plain(own: &mut ArrowDataType) {
    match own {
        ArrowDataType::Extension(extension) => {
            *own = std::mem::take(&mut extension.inner);
            plain(own);
        }
        ArrowDataType::List(field) | ArrowDataType::LargeList(field) | ArrowDataType::FixedSizeList(field, _) => {
            plain(&mut field.dtype);
        }
        ArrowDataType::Struct(fields) => fields.iter_mut().for_each(|field| plain(&mut field.dtype)),
        _ => {}
    }
}

/// The schema that a Parquet file keeps, with these names for its columns, times in the unit in which Parquet stores them, and
/// plain types under somebody's own. `None` where it is not a schema of the columns that are `given` in the file.
pub(super) fn mended(encoded: &str, given: &[String], names: &[String]) -> Option<String> {
    let bytes = STANDARD.decode(encoded).ok()?;
    let message = if bytes.starts_with(&CONTINUATION) { bytes.get(8..)? } else { &bytes };
    let mut message: Message = MessageRef::read_as_root(message).ok()?.try_into().ok()?;
    let Some(MessageHeader::Schema(schema)) = &mut message.header else { return None };
    let is_given = |(field, given): (&ipc::Field, &String)| field.name.as_ref() == Some(given);
    let fields = schema.fields.as_mut().filter(|fields| fields.len() == given.len())?;
    if !fields.iter().zip(given).all(is_given) {
        return None;
    }
    for (field, name) in fields.iter_mut().zip(names) {
        field.name = Some(name.clone());
        mend(field);
    }
    Some(STANDARD.encode(Builder::new().finish(&message, None)))
}

fn mend(field: &mut ipc::Field) {
    if let Some(Type::Time(time)) = &mut field.type_
        && time.unit == ipc::TimeUnit::Second
    {
        time.unit = ipc::TimeUnit::Millisecond;
    }
    if let Some(pairs) = &mut field.custom_metadata {
        pairs.retain(|pair| !pair.key.as_ref().is_some_and(|key| key.starts_with(EXTENSION)));
    }
    field.children.iter_mut().flatten().for_each(mend);
}
