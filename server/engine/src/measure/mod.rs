//! Measuring: rows in, plain numbers out. Nothing here judges.
