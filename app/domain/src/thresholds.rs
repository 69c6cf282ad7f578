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
    SIGNIFICANCE = 0.01, "all.q_possible", "Under this q (p after Benjamini-Hochberg over the columns tested together) a difference is worth mentioning.";
    CERTAINTY = 0.001, "all.q_mismatch", "Under this q a difference is certain enough to act on: of a thousand healthy comparisons about one would be accused.";
    SMALLEST_SAMPLE = 20.0, "all.rows", "With fewer values on a side a distribution is not judged.";

    DRIFT_KS = 0.1, "D1.column_drift.ks_statistic", "A tenth of the rows would have to move to undo it; the usual thresholds of other tools lie between 0.1 and 0.2.";
    DRIFT_KS_POSSIBLE = 0.06, "D1.column_drift.ks_statistic_possible", "Visible in a chart, seldom felt by a model.";
    DRIFT_JS = 0.12, "D1.column_drift.js_distance", "About what a move of 15 rows in 100 from one common category to another gives.";
    DRIFT_JS_POSSIBLE = 0.07, "D1.column_drift.js_distance_possible", "About half the upper threshold.";
    RATE_DIFFERENCE = 0.1, "D1.rate.difference", "Ten rows in a hundred have changed sides.";
    RATE_DIFFERENCE_POSSIBLE = 0.06, "D1.rate.difference_possible", "Worth a look when certain.";
    RATE_RATIO = 1.5, "D1.rate.ratio", "Rare events are judged by how many times as frequent they became: half as frequent again.";
    RATE_RATIO_POSSIBLE = 1.25, "D1.rate.ratio_possible", "A quarter as frequent again.";
    TEXT_SHAPE_JS = 0.3, "D1.column_drift.text_shape", "Free text varies; only a plain change of its patterns counts.";

    COLUMN_SWAP_STRAIGHT = 0.15, "D2.column_swap.straight", "Each column must differ from its own past at least this much before another is considered.";
    COLUMN_SWAP_GAIN = 0.4, "D2.column_swap.cross_over_straight", "The other column must fit much better: at most this share of the distance may remain.";
    RENAMED_DISTANCE = 0.08, "D2.schema.renamed", "A new column whose distribution is this close to a missing one's may be the same under a new name.";
    TYPE_READABLE = 0.99, "D2.type_change.readable", "Text of which this share reads as numbers holds numbers.";

    NULL_DIFFERENCE = 0.05, "D3.null_surge.difference", "Five rows in a hundred more without a value.";
    NULL_DIFFERENCE_POSSIBLE = 0.02, "D3.null_surge.difference_possible", "Worth a look when certain.";
    NULL_RATIO = 2.0, "D3.null_surge.ratio", "A doubling of missing values, when they are at least NULL_FLOOR of the rows.";
    NULL_FLOOR = 0.005, "D3.null_surge.floor", "Rates of missing values under this are not judged by their ratio.";
    SENTINEL_SHARE = 0.001, "D3.sentinels.share", "One row in a thousand with a placeholder already bends a mean.";
    SENTINEL_ISOLATION = 0.25, "D3.sentinels.isolation", "A conventional placeholder stands apart by at least this share of the spread of the other values.";
    SENTINEL_FAR = 1.0, "D3.sentinels.isolation_unconventional", "Any other repeated value must stand apart by a whole range of the other values.";
    SPIKE_SHARE = 0.01, "D3.sentinels.spike", "A single value in an otherwise continuous column is a spike from one row in a hundred.";
    SPIKE_RATIO = 4.0, "D3.sentinels.spike_ratio", "A spike is new when it is this many times as frequent as on the other side.";
    VARIANT_SHARE = 0.005, "D3.category_spelling.share", "Rows whose spelling training never saw go through the model as unknown.";
    MIXED_TYPE_SHARE = 0.05, "D3.mixed_types.share", "Between this share and its complement neither numbers nor words are a stray exception.";
    DUPLICATE_SHARE = 0.05, "D3.duplicate_rows.share", "One row in twenty repeats another.";
    IMPOSSIBLE_SHARE = 0.001, "D3.impossible_values.share", "One row in a thousand with a value that cannot be.";
    IMPOSSIBLE_MINORITY = 0.3, "D3.impossible_values.minority", "Beyond this share it is no slip of single rows: a sign, a unit or the rows themselves changed.";

    SCALE_CHANGE = 0.1, "F2.unit_scale.ks_statistic", "The columns must differ as clearly as for drift before a map between them is sought.";
    SCALE_KNOWN_TOLERANCE = 0.08, "F2.unit_scale.tolerance", "A fitted factor this close to a well-known conversion is tried as that conversion.";
    SCALE_UNKNOWN_FACTOR = 1.9, "F2.unit_scale.unknown_factor", "A factor that is no known conversion must be at least this far from 1: real growth seldom keeps a distribution's shape over a doubling.";
    NORMALISED_MEAN = 0.25, "F2.normalisation.mean", "Standardised columns have a mean within this of 0 …";
    NORMALISED_STD = 0.3, "F2.normalisation.std", "… and a standard deviation within this share of 1.";
    RECODE_MATCHED = 0.35, "F2.recode.matched_over_straight", "After exchanging codes at most this share of the difference may remain.";
    RECODE_TV = 0.15, "F2.recode.total_variation", "Code frequencies must differ at least this much before an exchange is sought.";

    OUT_OF_RANGE_SHARE = 0.01, "F3.out_of_range.share", "One row in a hundred where the model extrapolates.";
    OUT_OF_RANGE_SHARE_POSSIBLE = 0.002, "F3.out_of_range.share_possible", "Some rows beyond the training range.";
    UNSEEN_SHARE = 0.005, "F3.unseen_category.share", "One row in two hundred has a category the model never learnt.";
}
