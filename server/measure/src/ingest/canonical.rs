//! Typed columns (Parquet, Arrow) into the few canonical types that everything after reading knows.

use std::collections::HashSet;

use polars::prelude::{
    ChunkApply, Column, DataType, IntoColumn, IntoSeries, PolarsResult, Series, StringChunked, TimeUnit,
};
use polars_arrow::datatypes::ArrowDataType;

/// How a stored column becomes a canonical one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Canonical {
    AsStored,
    /// Not readable in this build, or at all: empty, with a note.
    Unread,
    Cast(Target),
    /// Sixteen bytes as the text of a UUID: identifiers are compared as text.
    Uuid,
    /// Physical whole numbers, multiplied and divided (rounding down) into milliseconds.
    Milliseconds {
        times: i64,
        over: i64,
        target: Target,
    },
}

/// A canonical type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Float,
    Integer,
    Text,
    Moment,
}

impl Canonical {
    /// What is done with a column of the stored type, which polars knows less of than Arrow does. Unsigned 64-bit numbers fit
    /// [`Target::Integer`] only if their largest does; see [`may_exceed_integers`].
    pub fn of(in_arrow: &ArrowDataType, stored: &DataType) -> Canonical {
        match stored {
            _ if is_uuid(in_arrow) => Canonical::Uuid,
            _ if has_twin_fields(stored) => Canonical::Unread,
            DataType::Float16 | DataType::Float32 | DataType::Decimal(..) => Canonical::Cast(Target::Float),
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
            | DataType::UInt64 => Canonical::Cast(Target::Integer),
            DataType::UInt128 | DataType::Int128 | DataType::Categorical(..) | DataType::Enum(..) => {
                Canonical::Cast(Target::Text)
            }
            DataType::Date => Canonical::Milliseconds { times: 86_400_000, over: 1, target: Target::Moment },
            DataType::Datetime(unit, _) => {
                Canonical::Milliseconds { times: 1, over: per_millisecond(*unit), target: Target::Moment }
            }
            DataType::Duration(unit) => {
                Canonical::Milliseconds { times: 1, over: per_millisecond(*unit), target: Target::Integer }
            }
            DataType::Time => Canonical::Milliseconds { times: 1, over: 1_000_000, target: Target::Integer },
            _ => Canonical::AsStored,
        }
    }

    /// The type that comes out.
    pub fn data_type(self, stored: &DataType) -> DataType {
        match self {
            Canonical::AsStored => stored.clone(),
            Canonical::Unread => DataType::Null,
            Canonical::Uuid => Target::Text.data_type(),
            Canonical::Cast(target) | Canonical::Milliseconds { target, .. } => target.data_type(),
        }
    }

    pub fn apply(self, column: &Column) -> PolarsResult<Column> {
        let series = column.as_materialized_series();
        Ok(match self {
            Canonical::AsStored => column.clone(),
            Canonical::Unread => Column::full_null(column.name().clone(), column.len(), &DataType::Null),
            Canonical::Uuid => uuids(series)?.into_column(),
            Canonical::Cast(target) => series.strict_cast(&target.data_type())?.into_column(),
            Canonical::Milliseconds { times, over, target } => milliseconds(series, times, over, target)?.into_column(),
        })
    }
}

impl Target {
    fn data_type(self) -> DataType {
        match self {
            Target::Float => DataType::Float64,
            Target::Integer => DataType::Int64,
            Target::Text => DataType::String,
            Target::Moment => DataType::Datetime(TimeUnit::Milliseconds, None),
        }
    }
}

fn milliseconds(series: &Series, times: i64, over: i64, target: Target) -> PolarsResult<Series> {
    let physical = series.to_physical_repr().cast(&DataType::Int64)?;
    let scaled = physical.i64()?.apply_values(|value| value.saturating_mul(times).div_euclid(over));
    Ok(match target {
        Target::Moment => scaled.into_datetime(TimeUnit::Milliseconds, None).into_series(),
        Target::Float | Target::Integer | Target::Text => scaled.into_series(),
    })
}

/// Fixed sixteen bytes: UUIDs, or digests, which make identifiers as well.
fn is_uuid(in_arrow: &ArrowDataType) -> bool {
    matches!(in_arrow, ArrowDataType::FixedSizeBinary(16))
}

/// Whether two fields of a struct share one name, also within lists: polars reads such a column and panics at the next step.
fn has_twin_fields(stored: &DataType) -> bool {
    match stored {
        DataType::List(inner) | DataType::Array(inner, _) => has_twin_fields(inner),
        DataType::Struct(fields) => {
            let mut names = HashSet::new();
            !fields.iter().all(|field| names.insert(&field.name))
                || fields.iter().any(|field| has_twin_fields(&field.dtype))
        }
        _ => false,
    }
}

/// In the usual spelling (RFC 9562): `8-4-4-4-12` hexadecimal digits.
fn uuids(series: &Series) -> PolarsResult<Series> {
    let text = |bytes: &[u8]| {
        let digits = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| digits.get(part).unwrap_or_default()).join("-")
    };
    let texts = series.binary()?.iter().map(|value| value.map(text)).collect::<StringChunked>();
    Ok(texts.with_name(series.name().clone()).into_series())
}

fn per_millisecond(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Nanoseconds => 1_000_000,
        TimeUnit::Microseconds => 1_000,
        TimeUnit::Milliseconds => 1,
    }
}

/// Whether values of the stored type may be too large for a signed 64-bit number.
pub(super) fn may_exceed_integers(stored: &DataType) -> bool {
    matches!(stored, DataType::UInt64)
}

/// What a person should know about a column whose canonical type says less than its stored one.
pub(super) fn remark(in_arrow: &ArrowDataType, stored: &DataType) -> Option<&'static str> {
    match stored {
        _ if is_uuid(in_arrow) => Some("sixteen bytes each, read as UUIDs"),
        DataType::Decimal(precision, _) if precision > &15 => {
            Some("exact decimals are compared as floating-point numbers: digits beyond the 15th are inexact")
        }
        _ if has_twin_fields(stored) => {
            Some("a struct of which two fields share one name can't be read and was left empty; rename one of them")
        }
        DataType::List(_) | DataType::Array(..) | DataType::Struct(_) => {
            Some("lists and structs are shown, not compared")
        }
        DataType::Binary | DataType::BinaryOffset => Some("binary values are shown, not compared"),
        DataType::Datetime(_, Some(_)) => Some("times are shown in UTC"),
        DataType::Time | DataType::Duration(_) => Some("read as milliseconds"),
        _ => None,
    }
}

/// The stored type in words, such as `Int64` or `Datetime (µs, UTC)`.
pub(super) fn stored_type(stored: &DataType) -> String {
    match stored {
        DataType::String => "String".to_owned(),
        DataType::Categorical(..) => "Categorical".to_owned(),
        DataType::Enum(..) => "Enum".to_owned(),
        DataType::Datetime(unit, None) => format!("Datetime ({})", unit.to_ascii()),
        DataType::Datetime(unit, Some(zone)) => format!("Datetime ({}, {zone})", unit.to_ascii()),
        DataType::Duration(unit) => format!("Duration ({})", unit.to_ascii()),
        DataType::Decimal(precision, scale) => format!("Decimal ({precision}, {scale})"),
        DataType::List(inner) => format!("List of {}", stored_type(inner)),
        DataType::Array(inner, length) => format!("Array of {length} {}", stored_type(inner)),
        DataType::Struct(fields) => format!("Struct of {} fields", fields.len()),
        plain => format!("{plain:?}"),
    }
}
