//! A row of a query as a struct.
//!
//! Not `sqlx::FromRow`'s derive: sqlx's macros build both database drivers a second time for the compiler, a tenth of a cold
//! build, and nothing else here needs them.

/// Declares a struct whose fields are the columns of a query, read by name.
macro_rules! row {
    ($(#[$meta:meta])* $visible:vis struct $name:ident { $($(#[$of:meta])* $open:vis $column:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        $visible struct $name {
            $($(#[$of])* $open $column: $type,)+
        }

        impl sqlx::FromRow<'_, sqlx::any::AnyRow> for $name {
            fn from_row(row: &sqlx::any::AnyRow) -> std::result::Result<Self, sqlx::Error> {
                Ok($name { $($column: sqlx::Row::try_get(row, stringify!($column))?,)+ })
            }
        }
    };
}

pub(super) use row;
