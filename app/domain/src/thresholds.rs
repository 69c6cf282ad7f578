//! The one table of thresholds: every detector, view and document reads a threshold from here, by name.

/// One threshold with its reason.
#[derive(Debug, Clone, Copy)]
pub struct Threshold {
    /// The detector's id and the quantity, such as `D1.column_drift.ks_statistic`.
    pub name: &'static str,
    pub value: f64,
    /// Why this value.
    pub reason: &'static str,
}

macro_rules! thresholds {
    ($($constant:ident = $value:literal, $name:literal, $reason:literal;)*) => {
        $(#[doc = $reason] pub const $constant: f64 = $value;)*
        /// All of them, in the order of the map.
        pub const ALL: &[Threshold] = &[$(Threshold { name: $name, value: $value, reason: $reason },)*];
    };
}

thresholds! {
    SIGNIFICANCE = 0.01, "all.q", "A difference counts as certain below this q (p after Benjamini-Hochberg over the columns tested together).";
}
