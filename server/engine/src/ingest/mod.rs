//! Reading: bytes of any supported format in, one typed table out.
//!
//! Text formats are typed over the whole file, never from its head. The result is the same for every format:
//! a polars frame whose columns are `Float64`, `Int64`, `Boolean`, `String`, `Datetime(Milliseconds)` or, for lists and
//! structs, whatever they are (shown, not compared).
