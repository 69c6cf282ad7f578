//! Arrow's own types, where polars does not read a column as its file stores it.
//!
//! A Parquet file keeps Arrow's schema beside its own, in the metadata under [`KEY`]: a message of Arrow's IPC format in base64.
//! Polars takes the types from there, by name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit};
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

/// Whether the type that Arrow keeps is a way to read the type that is stored, which is what Parquet alone says of it: a writer
/// stores what Parquet has no word for as something plainer (durations and seconds as whole numbers, texts as bytes). Anything
/// else is of another file.
pub(super) fn agrees(kept: &ArrowDataType, stored: &ArrowDataType) -> bool {
    use ArrowDataType as A;
    match (kept, stored) {
        // Nothing is stored as whole numbers of which there is none.
        (A::Null, A::Int32 | A::Null) => true,
        (A::Extension(kept), _) => agrees(&kept.inner, stored),
        (A::Dictionary(_, kept, _), _) => agrees(kept, stored),
        (A::Struct(kept), A::Struct(stored)) => {
            let agree =
                |(kept, stored): (&Field, &Field)| kept.name == stored.name && agrees(&kept.dtype, &stored.dtype);
            kept.len() == stored.len() && kept.iter().zip(stored).all(agree)
        }
        (A::Struct(_), _) | (_, A::Struct(_)) => false,
        _ => match (items(kept), items(stored)) {
            (Some(kept), Some(stored)) => agrees(&kept.dtype, &stored.dtype),
            (None, None) => is_read_from(kept).contains(&kind(stored)),
            (Some(_), None) | (None, Some(_)) => false,
        },
    }
}

/// What a list holds; a map is a list of pairs.
fn items(dtype: &ArrowDataType) -> Option<&Field> {
    match dtype {
        ArrowDataType::List(field)
        | ArrowDataType::LargeList(field)
        | ArrowDataType::FixedSizeList(field, _)
        | ArrowDataType::Map(field, _) => Some(field),
        _ => None,
    }
}

/// What the values of a type are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// In so many bits. Parquet says it, by its annotation or by the physical type alone.
    Whole(Sign, u8),
    Real,
    /// Two bytes each.
    Half,
    Truth,
    Text,
    Bytes,
    Fixed(usize),
    Day,
    TimeOfDay,
    Instant,
    /// With so many digits after the point.
    Decimal(usize),
    Nothing,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Signed,
    Unsigned,
}

fn kind(dtype: &ArrowDataType) -> Kind {
    use ArrowDataType as A;
    use Sign::{Signed, Unsigned};
    match dtype {
        A::Int8 => Kind::Whole(Signed, 8),
        A::Int16 => Kind::Whole(Signed, 16),
        A::Int32 => Kind::Whole(Signed, 32),
        A::Int64 | A::Duration(_) => Kind::Whole(Signed, 64),
        A::UInt8 => Kind::Whole(Unsigned, 8),
        A::UInt16 => Kind::Whole(Unsigned, 16),
        A::UInt32 => Kind::Whole(Unsigned, 32),
        A::UInt64 => Kind::Whole(Unsigned, 64),
        A::Timestamp(..) => Kind::Instant,
        A::Date32 | A::Date64 => Kind::Day,
        A::Time32(_) | A::Time64(_) => Kind::TimeOfDay,
        A::Float32 | A::Float64 => Kind::Real,
        A::Float16 => Kind::Half,
        A::Boolean => Kind::Truth,
        A::Utf8 | A::LargeUtf8 | A::Utf8View => Kind::Text,
        A::Binary | A::LargeBinary | A::BinaryView => Kind::Bytes,
        A::FixedSizeBinary(length) => Kind::Fixed(*length),
        A::Decimal(_, scale) | A::Decimal32(_, scale) | A::Decimal64(_, scale) | A::Decimal256(_, scale) => {
            Kind::Decimal(*scale)
        }
        A::Null => Kind::Nothing,
        _ => Kind::Other,
    }
}

/// What writers store values of a type as.
fn is_read_from(dtype: &ArrowDataType) -> Vec<Kind> {
    use ArrowDataType as A;
    let plainer: &[Kind] = match dtype {
        // Parquet 1.0 has no whole numbers without a sign.
        A::UInt32 => &[Kind::Whole(Sign::Signed, 64)],
        // Parquet has no word for seconds; Rust's writer stores these two as numbers of which nothing is said.
        A::Timestamp(TimeUnit::Second, _) => &[Kind::Whole(Sign::Signed, 64)],
        A::Date64 => &[Kind::Instant, Kind::Whole(Sign::Signed, 64)],
        A::Float16 => &[Kind::Fixed(2)],
        // Old writers do not say that it is text.
        A::Utf8 | A::LargeUtf8 | A::Utf8View => &[Kind::Bytes],
        _ => &[],
    };
    [&[kind(dtype)], plainer].concat()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, dtype: ArrowDataType) -> Field {
        Field::new(name.into(), dtype, true)
    }

    #[test]
    fn arrow_may_keep_what_parquet_has_no_word_for() {
        use ArrowDataType as A;
        let list = |of| A::LargeList(Box::new(field("item", of)));
        for (kept, stored) in [
            (A::Duration(TimeUnit::Second), A::Int64),
            (A::UInt32, A::Int64),
            (A::Utf8, A::BinaryView),
            (A::Timestamp(TimeUnit::Second, Some("UTC".into())), A::Timestamp(TimeUnit::Millisecond, None)),
            (A::Timestamp(TimeUnit::Second, None), A::Int64),
            (A::Time32(TimeUnit::Second), A::Time32(TimeUnit::Millisecond)),
            (A::Float16, A::FixedSizeBinary(2)),
            (A::Null, A::Int32),
            (A::Decimal256(40, 2), A::Decimal(38, 2)),
            (A::FixedSizeList(Box::new(field("element", A::Utf8)), 2), list(A::Utf8View)),
            (A::Struct(vec![field("x", A::Int8)]), A::Struct(vec![field("x", A::Int8)])),
            (A::Date64, A::Int64),
            (A::Binary, A::BinaryView),
        ] {
            assert!(agrees(&kept, &stored), "{kept:?} of {stored:?}");
        }
    }

    #[test]
    fn a_schema_of_other_types_is_of_another_file() {
        use ArrowDataType as A;
        let list = |of| A::LargeList(Box::new(field("item", of)));
        for (kept, stored) in [
            (A::Null, A::Int64),
            (A::Int32, A::UInt32),
            (A::UInt64, A::Int64),
            (A::Int8, A::Int32),
            (A::Binary, A::Utf8View),
            (A::Decimal(10, 2), A::Int64),
            (A::Timestamp(TimeUnit::Microsecond, None), A::Int64),
            (A::Float16, A::Float64),
            (A::Int64, list(A::Int64)),
            (list(A::Int64), A::Int64),
            (list(A::Utf8), list(A::Int64)),
            (A::Utf8, A::Struct(vec![field("x", A::Utf8)])),
            (A::Struct(vec![field("y", A::Utf8)]), A::Struct(vec![field("x", A::Utf8)])),
            (A::Struct(Vec::new()), A::Struct(vec![field("x", A::Utf8)])),
            (A::Boolean, A::Int32),
        ] {
            assert!(!agrees(&kept, &stored), "{kept:?} of {stored:?}");
        }
    }
}
