//! The one table of thresholds: every detector, view and document reads a threshold from here, by name.

/// One threshold with its reason.
#[derive(Debug, Clone, Copy)]
pub struct Threshold {
    /// The detector's id and the quantity, such as `D1.column_drift.ks_statistic`.
    pub name: &'static str,
    /// The constant's name, by which texts refer to it.
    pub constant: &'static str,
    pub value: f64,
    /// Why this value.
    pub reason: &'static str,
}

macro_rules! thresholds {
    ($($constant:ident = $value:literal, $name:literal, $reason:literal;)*) => {
        $(#[doc = $reason] pub const $constant: f64 = $value;)*
        /// All of them, in the order of the map.
        pub const ALL: &[Threshold] = &[$(Threshold { name: $name, constant: stringify!($constant), value: $value, reason: $reason },)*];
    };
}

thresholds! {
    SIGNIFICANCE = 0.01, "all.q_possible", "A difference with q (p after the Benjamini-Hochberg correction over the columns tested together) under this is worth showing.";
    CERTAINTY = 0.0001, "all.q_mismatch", "A difference with q under this is certain enough to act on: it produces about one false alarm in ten thousand healthy comparisons.";
    SMALLEST_SAMPLE = 20.0, "all.rows", "A distribution with fewer values than this is not judged.";
    CHANCE_KS = 1.628, "all.chance_ks", "Two samples of n and m rows from one population differ by less than this times the square root of 1/n + 1/m in 99 of 100 cases (asymptotic Kolmogorov-Smirnov test).";
    CHANCE_TV = 0.4, "all.chance_total_variation", "The expected total variation distance between two samples of one population with k categories is about this times the square root of k times (1/n + 1/m).";
    CHANCE_TV_MARGIN = 1.0, "all.chance_total_variation_margin", "About two standard deviations of that distance, as a multiple of the square root of 1/n + 1/m.";
    SPREAD_TAIL = 0.05, "all.spread_tail", "The spread of a column leaves out this share of the values at each end, so that a few extreme values do not change it.";
    ROW_COUNTER_VALUES = 50.0, "all.row_counter_values", "With fewer values than this it is not possible to see whether a column only counts rows.";
    ROW_COUNTER_UNEVENNESS = 0.1, "all.row_counter_unevenness", "Whole numbers that never repeat and are closer than this to evenly spaced only count rows.";
    UNCHANGED_WEIGHT = 0.1, "all.unchanged_weight", "Weight of a finding in which no value changed: it ranks below every change of values.";

    AGE_POINTS = 10.0, "all.age_points", "An age of data that grows with the clock over fewer points than this may be waiting for its next refresh.";
    IMPORTANCE_MOVED = 0.1, "all.importance_moved", "A feature whose share of all importance moved by a tenth is used by the model in another way than before.";
    SIGNAL_MOVED = 0.2, "all.signal_moved", "A signal of another tool that moved by less than a fifth of its level changed too little to act on, however even it was before.";

    GUARD_FALSE_ALARM = 0.000001, "all.guard_false_alarm", "A rule of a guard is broken by about one clean batch in a million: a table with a hundred rules that is checked every hour then has a false alarm about once a year.";
    GUARD_SAMPLE = 100.0, "all.guard_sample", "The rules of a guard are set for batches of at least this many rows: smaller ones vary too much.";
    GUARD_TAIL = 0.001, "all.guard_tail", "The range of a guard leaves out one training row in a thousand at each end, so that a few extreme values do not widen it.";
    GUARD_LOOSEST = 0.3, "all.guard_loosest", "A rule that three rows in ten may break would catch little.";
    GUARD_VALUES = 50.0, "all.guard_values", "A guard lists the values of a column up to this many: more are names, not categories.";
    GUARD_LARGEST_SAMPLE = 1000.0, "all.guard_largest_sample", "Limits for batches of this many rows are narrow enough to see what a report calls a mismatch.";
    GUARD_STEADY_ROWS = 1000.0, "all.guard_steady_rows", "With fewer training rows a long tail of the values is not seen: the mean of a clean batch may lie anywhere.";
    GUARD_STEADY_ENDS = 2.0, "all.guard_steady_ends", "Where the values reach twice as far as those of an exponential distribution would, a few rows decide the mean and it has no limits.";
    GUARD_RANGE_REACH = 3.0, "all.guard_range_reach", "A value that is three times the training range beyond its ends is a placeholder, an error or in another unit.";
    GUARD_COLUMNS = 500.0, "all.guard_columns", "A guard has rules for at most this many columns, so that its file stays readable.";

    MUTED_GROWTH = 1.25, "all.muted_growth", "A muted finding becomes active again when its effect, relative to its threshold, has grown by a quarter: smaller growth is normal between two samples of the same problem.";
    ARRIVAL_LATE = 2.0, "all.arrival_late", "Rows that have not come after twice the usual time are late: one day without rows is noticed on the next, and a run that takes an hour longer is not.";
    ARRIVALS_KNOWN = 3.0, "all.arrivals_known", "How often rows come is known from three arrivals on.";
    SYMPTOM_WEIGHT = 1.1, "all.symptom_weight", "A reported symptom raises the score of suspects in its layer by a tenth: enough to break a near tie, because the words of a symptom fit many causes.";

    FALL_ROWS = 2000.0, "all.fall_rows", "The accuracy of fewer labelled rows than this has a standard error of about a point: parts of a fall would be chance.";
    FALL_ERRORS = 3.0, "all.fall_errors", "A fall of less than three standard errors is seen once in several hundred pairs in which nothing changed.";
    FALL_CLASSES = 10.0, "all.fall_classes", "Each class has its own models: with more classes they take longer than the rest of a diagnosis.";
    FALL_AUC = 0.97, "all.fall_roc_auc", "Where a classifier names the side of a row nearly always, few rows of the one side are like any of the other, and what the one side does says nothing of the other.";
    FALL_OVERLAP = 0.03, "all.fall_overlap", "With 2,000 rows a side, fewer than 60 of them would stand for all rows of the other side.";
    FALL_APART = 0.25, "all.fall_apart", "A column in which a quarter of the rows would have to change is named as one that keeps both sides apart.";
    FALL_MARKED = 0.02, "all.fall_marked", "A value whose share grew by less than this does not show which rows a fault concerns.";
    FALL_BROKEN_ALIKE = 0.6, "all.fall_broken_alike", "Broken rows that are distinguished from the others in at most three of five cases are broken at random.";
    FALL_LABELLED_APART = 0.1, "all.fall_labelled_apart", "Labels that are known for a tenth more of the rows with one prediction are a selection by the prediction, such as loans of which only the granted ones are repaid.";
    FALL_NOTHING_SHARED = 0.9, "all.fall_nothing_shared", "A column in which nine of ten rows would have to change to be as in training says nothing of these rows to a model from before.";
    FALL_FACTOR_NEAR = 1.6, "all.fall_factor_near", "A factor that was fitted while the rows changed too is off by less than this; powers of ten and conversions are farther apart.";
    FALL_SAME_VALUES = 0.8, "all.fall_same_values", "A factor that brings four of five values back to exact training values is the right one.";
    FALL_USUAL = 0.5, "all.fall_usual", "Where half of the rows without a value lacked it before too, the model was trained on such rows.";
    FALL_COLUMN = 0.1, "all.fall_column", "A column with less than a tenth of the part of the mix is not named.";
    FALL_FOLDED = 0.7, "all.fall_folded", "Suspects that carry seven tenths of a fall are what it is made of: the alarms that say only that it fell are shown under them.";

    DRIFT_KS = 0.1, "D1.column_drift.ks_statistic", "A tenth of the rows would have to change to remove the difference; common thresholds of other tools are between 0.1 and 0.2.";
    DRIFT_KS_POSSIBLE = 0.06, "D1.column_drift.ks_statistic_possible", "The difference is visible in a chart but rarely affects a model.";
    DRIFT_SEEN = 0.3, "D1.column_drift.seen", "A check that cannot see a change of three rows in ten has seen too little to call a feature clear.";
    DRIFT_JS = 0.12, "D1.column_drift.js_distance", "About the distance when 15 of 100 rows move from one common category to another.";
    DRIFT_JS_POSSIBLE = 0.07, "D1.column_drift.js_distance_possible", "About half of the upper threshold.";
    DRIFT_OVER_TRAIN = 1.25, "D1.column_drift.over_train", "A quarter more than the largest difference between one chunk of train and the rest of train: the model has already seen that variation.";
    TRAIN_CHUNKS = 8.0, "D1.column_drift.train_chunks", "Train is cut into at most this many chunks along time, so that each chunk has enough rows.";
    JOINT_AUC = 0.6, "D1.joint_shift.roc_auc", "Given one train row and one serve row, the classifier finds the serve row in three of five cases although no single column shows a difference.";
    JOINT_AUC_POSSIBLE = 0.55, "D1.joint_shift.roc_auc_possible", "Half of that distance above random guessing.";
    JOINT_OVER_FLOOR = 0.05, "D1.joint_shift.over_floor", "The AUC must be at least this much above the AUC between two halves of train.";
    JOINT_TELLING = 0.25, "D1.joint_shift.telling", "A column is named if shuffling it costs at least a quarter of what shuffling the most important column costs.";
    JOINT_ROWS = 5000.0, "D1.joint_shift.rows", "More rows per side take longer and change the AUC little.";
    JOINT_ROWS_NEEDED = 200.0, "D1.joint_shift.rows_needed", "With fewer rows per side the classifier has too little to learn from.";
    JOINT_FEATURES = 30.0, "D1.joint_shift.features", "More features take longer and make the classifier overfit.";
    JOINT_FOLDS = 5.0, "D1.joint_shift.folds", "The usual number of folds in cross-validation.";
    RATE_DIFFERENCE = 0.1, "D1.rate.difference", "Ten of a hundred rows have changed.";
    RATE_DIFFERENCE_POSSIBLE = 0.06, "D1.rate.difference_possible", "Worth a look if it is certain.";
    LABEL_IN_ORDER = 0.5, "D1.prior_shift.in_order", "If the label of one chunk of train differs this much from the rest, the rows are in the order of the label; a season moves less.";
    RATE_RATIO = 1.5, "D1.rate.ratio", "Rare events are judged by their ratio: they became half as frequent again, or rarer by the same factor.";
    RATE_RATIO_POSSIBLE = 1.25, "D1.rate.ratio_possible", "A quarter more frequent, or rarer by the same factor.";
    TEXT_SHAPE_JS = 0.3, "D1.column_drift.text_shape", "Free text varies a lot; only a clear change of its patterns counts.";

    COLUMN_SWAP_STRAIGHT = 0.15, "D2.column_swap.straight", "A column must differ from its own training values by at least this much before another column is considered.";
    COLUMN_SWAP_GAIN = 0.4, "D2.column_swap.cross_over_straight", "The training values of the other column must fit much better: at most this share of the distance may remain.";
    COLUMN_SWAP_LEFT = 0.05, "D2.column_swap.left", "A remaining distance up to this is accepted in large samples too: real columns change a little.";
    COLUMN_SWAP_LEFT_SHARE = 0.15, "D2.column_swap.left_share", "So is a remaining distance up to this share of the original distance.";
    COLUMN_SWAP_APART = 0.3, "D2.column_swap.apart", "The training values of two columns must be this far apart, or a mixture of both cannot be distinguished from either.";
    COLUMN_SWAP_PART = 0.02, "D2.column_swap.part", "One row in fifty holds the values of another column; as for rows with a different value.";
    COLUMN_SWAP_SHARES = 0.3, "D2.column_swap.shares", "Both columns must hold about the same share of each other's values: fitted shares vary by about this much.";
    RENAMED_DISTANCE = 0.08, "D2.schema.renamed", "A new column this close to the distribution of a missing column may be the same column under a new name.";
    RENAMED_DISTANCE_MOST = 0.15, "D2.schema.renamed_most", "In small samples chance explains larger distances; this is the upper limit.";
    RENAMED_VALUES = 10.0, "D2.schema.renamed_values", "With fewer different values, two unrelated columns often have similar distributions.";
    TYPE_READABLE = 0.99, "D2.type_change.readable", "If this share of the texts can be read as numbers, the column holds numbers.";
    TYPE_NUMBER_INSIDE = 0.95, "D2.type_change.number_inside", "If this share of the texts contains a number, the numbers are compared with training.";
    TYPE_INSIDE_AGREES = 0.15, "D2.type_change.inside_agrees", "Numbers inside the text match training up to this Kolmogorov-Smirnov distance.";

    NULL_DIFFERENCE = 0.05, "D3.null_surge.difference", "Five more of a hundred rows have no value.";
    NULL_DIFFERENCE_POSSIBLE = 0.02, "D3.null_surge.difference_possible", "Worth a look if it is certain.";
    NULL_RATIO = 2.0, "D3.null_surge.ratio", "The share of missing values doubled, and it is at least NULL_FLOOR of the rows.";
    NULL_FLOOR = 0.005, "D3.null_surge.floor", "A smaller share of missing values is not judged by its ratio.";
    NULL_SPELLINGS = 2.0, "D3.null_spellings.ways", "Two spellings of “missing” in one column are already inconsistent.";
    SENTINEL_SHARE = 0.001, "D3.sentinels.share", "A placeholder in one of a thousand rows already changes a mean.";
    SENTINEL_RATIO = 1.5, "D3.sentinels.ratio", "A placeholder is more frequent on one side if its share is at least half as large again.";
    SENTINEL_ISOLATION = 0.25, "D3.sentinels.isolation", "A common placeholder value is at least this share of the spread away from all other values.";
    SENTINEL_FAR = 1.0, "D3.sentinels.isolation_unconventional", "Any other repeated value must be at least one full range of the other values away.";
    SPIKE_SHARE = 0.01, "D3.sentinels.spike", "In a continuous column, a single value is a spike if it covers one of a hundred rows.";
    SPIKE_RATIO = 4.0, "D3.sentinels.spike_ratio", "A spike is new if it is at least this many times as frequent as on the other side.";
    SPIKE_OVER_USUAL = 2.0, "D3.sentinels.spike_over_usual", "A spike is at least twice as frequent as the tenth most frequent value of the column.";
    SENTINEL_UNMISTAKABLE = 2.0, "D3.sentinels.unmistakable", "Two repeats are enough when a usual placeholder is a full range away from all other values.";
    SPIKE_REFILLED = 0.5, "D3.sentinels.spike_refilled", "If at least half of the rows that one side fills with a value have another one on the other side, that value fills them there.";
    SPIKE_LEFT = 0.5, "D3.sentinels.spike_left", "Without the spikes at most half of the difference between both sides may remain.";
    VARIANT_SHARE = 0.005, "D3.category_spelling.share", "The model treats rows with a spelling that is not in training as unknown.";
    MIXED_TYPE_SHARE = 0.05, "D3.mixed_types.share", "If both numbers and words have at least this share, neither is a rare exception.";
    MIXED_TYPE_CODES = 20.0, "D3.mixed_types.codes", "A category with so few values is a list of codes, such as 4, f and r for the wheels that are driven.";
    DUPLICATE_SHARE = 0.05, "D3.duplicate_rows.share", "One of twenty rows repeats another row.";
    DUPLICATE_RATIO = 4.0, "D3.duplicate_rows.ratio", "Tables with few different values repeat rows naturally; four times as many repeats as in a comparable table are unusual.";
    DUPLICATE_COLUMNS = 0.8, "D3.duplicate_rows.columns", "Rows with fewer columns repeat more often, so only tables with about the same columns are compared.";
    IMPOSSIBLE_SHARE = 0.001, "D3.impossible_values.share", "One of a thousand rows has an impossible value.";
    IMPOSSIBLE_MINORITY = 0.3, "D3.impossible_values.minority", "A larger share is not an error in single rows: the sign, the unit or the population changed.";
    IMPOSSIBLE_ONE_VALUE = 0.9, "D3.impossible_values.one_value", "If one value makes up more than this share of the negative values, it is a placeholder.";
    IMPOSSIBLE_ROWS = 3.0, "D3.impossible_values.rows", "One or two negative values may be typing errors or rare refunds; three of them show a cause.";

    LEAK_COPY = 0.8, "D4.label_leakage.copy", "A column with as many values as the label and this strength is a copy with a few errors; natural yes/no features stay well below.";
    LEAK_COPY_POSSIBLE = 0.7, "D4.label_leakage.copy_possible", "Rare for a natural yes/no feature; worth asking when the column is written.";
    LEAK_COPY_VALUES = 1.0, "D4.label_leakage.copy_values", "A copy of the label may have one more value than the label, such as “unknown”.";
    LEAK_STRENGTH = 0.97, "D4.label_leakage.strength", "An area under the ROC curve of 0.985 from one column.";
    LEAK_DOMINANCE = 0.25, "D4.label_leakage.dominance", "Its distance to a perfect prediction is at most a quarter of that of the next best feature: a natural best feature is rarely that far ahead.";
    LEAK_PATTERN = 0.5, "D4.label_leakage_later.strength", "For two classes: the value is 50 percentage points more frequent in one class than in the other.";
    LEAK_PATTERN_POSSIBLE = 0.3, "D4.label_leakage_later.strength_possible", "30 percentage points: a strong natural feature that stopped arriving would look the same.";
    LEAK_SAME_VALUE = 0.98, "D4.label_leakage_later.same_value", "If this share of the serve rows has one value, the column carries almost no information in serving.";
    LEAK_LOST = 0.3, "D4.label_leakage_later.lost", "Less than a third of a strong association remains in rows that were not used for training.";
    LEAK_LOST_NOISE = 2.0, "D4.label_leakage_later.lost_noise", "Two standard errors of the association are added before it counts as lost, so that small samples do not decide.";
    LEAK_ORDER = 0.9, "D4.identifier_leak.strength", "An area under the ROC curve of 0.95 from a number that only identifies a row.";
    LEAK_ORDER_POSSIBLE = 0.6, "D4.identifier_leak.strength_possible", "An area of 0.8: labels that only rise or fall with time stay well below.";
    LEAK_ORDER_BEYOND = 0.2, "D4.identifier_leak.beyond_order", "The identifier predicts the label clearly better than the row position does; otherwise the file was only sorted.";
    LEAK_MISSING = 0.8, "D4.label_leakage_missing.strength", "Whether the value is missing predicts the label almost as well as a copy of the label.";
    LEAK_MISSING_POSSIBLE = 0.6, "D4.label_leakage_missing.strength_possible", "Missing values often correlate with the outcome, but rarely this strongly.";

    ROW_MISMATCH = 0.02, "F1.row_mismatch.share", "One of fifty rows has a different value; late events and corrections stay below this in a healthy pipeline.";
    ROW_MISMATCH_POSSIBLE = 0.002, "F1.row_mismatch.share_possible", "A few rows differ; it is useful to know which.";
    ROW_CHANGE_SIZE = 0.01, "F1.row_mismatch.size", "Changes smaller than a hundredth of a standard deviation hardly change any prediction.";
    ROW_SAME_VALUE = 0.000001, "F1.row_mismatch.same_value", "Numbers within this relative distance are equal: floating-point arithmetic gives smaller differences.";
    ROW_PATTERN = 0.9, "F1.row_mismatch.relation", "A relation that holds for nine of ten changed rows explains them.";
    ROW_CODE_REPEATS = 5.0, "F1.row_mismatch.code_repeats", "A map of single values shows a new coding only if each value occurs in at least this many rows; otherwise any change is such a map.";
    ROW_PATTERN_EARLIER = 0.5, "F1.row_mismatch.earlier", "Half of the changed values appear in earlier rows; the source of the others may be before the first row.";
    CALENDAR_AGREES = 0.95, "F1.calendar.agrees", "Not all rows: an hour in local time jumps twice a year, and near midnight the day is another one.";
    CALENDAR_APART = 0.05, "F1.calendar.share_off_its_time", "One row in twenty gets a wrong hour or weekday: more than late or corrected rows explain.";
    CALENDAR_APART_POSSIBLE = 0.01, "F1.calendar.share_off_its_time_possible", "One row in a hundred is worth a look if it is certain.";
    CALENDAR_ONE_SHIFT = 0.8, "F1.calendar.one_shift", "If four in five of the rows are off by the same number, that number is the fault.";
    PRECISION_DISTINCT = 50.0, "F1.precision.values", "A column with fewer different values holds codes or counts, which are always round.";
    PRECISION_KEPT = 0.5, "F1.precision.kept", "Rounding leaves at most half of the different values.";
    PRECISION_COARSE = 0.2, "F1.precision.round_in_train", "If more of the training values are this round, the column is always written this way.";
    PRECISION_LEFT = 0.05, "F1.precision.left", "A distance up to this may remain after rounding the training values, even in large samples.";
    PRECISION_STEP = 0.25, "F1.precision.step", "A step of a quarter of the standard deviation leaves about a dozen different values.";
    PRECISION_STEP_POSSIBLE = 0.1, "F1.precision.step_possible", "About thirty different values remain.";
    FILLER_NEAR = 0.02, "F1.imputation.near", "A filled value is called the training mean or median if it is within this share of the standard deviation.";

    SCALE_CHANGE = 0.1, "F2.unit_scale.ks_statistic", "Both sides must differ as clearly as for drift before a conversion between them is searched.";
    SCALE_LEFT = 0.4, "F2.unit_scale.left_over_before", "After the correction at most this share of the difference may remain.";
    SCALE_LEFT_SHARE = 0.1, "F2.unit_scale.left_share", "A remaining distance up to this share of the difference is accepted even if chance explains less.";
    SCALE_LEFT_FLOOR = 0.03, "F2.unit_scale.left_floor", "A remaining distance up to this is accepted in large samples too: real columns change a little.";
    SCALE_KNOWN_TOLERANCE = 0.08, "F2.unit_scale.tolerance", "A fitted factor this close to a well-known conversion is tested as that conversion.";
    SCALE_UNKNOWN_FACTOR = 1.9, "F2.unit_scale.unknown_factor", "A factor that is not a known conversion must be at least this far from 1: real growth rarely doubles all values and keeps the shape of the distribution.";
    SCALE_ZEROS = 0.2, "F2.unit_scale.zeros", "Zero times a factor is zero. If one row in five is zero on both sides, only the other rows can show a factor.";
    SCALE_SAME_VALUES = 0.5, "F2.unit_scale.same_values", "If half of the serve rows return to exact training values after undoing a factor, the values were multiplied and did not grow.";
    SCALE_SAME_VALUES_BEFORE = 0.1, "F2.unit_scale.same_values_before", "Without undoing the factor, at most a tenth of that share are training values.";
    SCALE_GRANULE_NEAR = 2.0, "F2.unit_scale.granule_near", "A conversion that brings all serve values back to the step of the training values, such as whole cents, is exact whichever rows came; the fitted factor may be off by as much as rows that changed can move it.";
    SCALE_PREFERS_TEN = 0.01, "F2.unit_scale.prefers_ten", "If two conversions fit equally well, a power of ten is more likely; any other must fit better by this distance.";
    SCALE_PREFERS_KNOWN = 0.02, "F2.unit_scale.prefers_known", "A known conversion is the simpler explanation; an unknown factor must fit better by this distance.";
    PART_DISTANCE = 0.3, "F2.partial_maps.ks_statistic", "A conversion moves nearly all values of the group; a real change of a group is rarely this large while all other rows stay as they are.";
    PART_OTHERS = 0.25, "F2.partial_maps.others", "The other rows may differ by a quarter of the distance in the group; more is a change of all rows.";
    PART_LEFT = 0.15, "F2.partial_maps.left", "After undoing the conversion, at most this share of the distance in the group may remain, even in large samples.";
    OFFSET_APART = 0.6, "F2.offset_shift.median_over_spread", "The median moves by six tenths of the spread, about two standard deviations: real change rarely moves all rows that far and keeps the shape.";
    OFFSET_OVER_SELECTION = 0.5, "F2.offset_shift.over_selection", "The offset must leave at most half of the difference that the best selection of training rows leaves: a real change rarely keeps its shape that well.";
    COMPANION_EXPECTED = 0.15, "F2.offset_shift.companion_expected", "A column that correlates with the changed one would have moved by this many standard deviations, had rows been selected.";
    COMPANION_STAYED = 0.3, "F2.offset_shift.companion_stayed", "It moved by less than a third of that.";
    OFFSET_KELVIN = 273.15, "F2.offset_shift.kelvin", "The offset between kelvins and degrees Celsius.";
    OFFSET_KELVIN_TOLERANCE = 0.1, "F2.offset_shift.kelvin_tolerance", "An offset within this share of the spread of the kelvin offset is tested as that offset.";
    OFFSET_NEW_VALUES = 0.5, "F2.offset_shift.new_values", "An offset moves every value, so codes leave the training set; codes that were exchanged do not. Half of the expected share separates the two.";
    OFFSET_CLOCK_HOURS = 12.0, "F2.offset_shift.clock_hours", "Whole numbers from 0 to 23 that cover at least half of the clock are hours of the day.";
    NORMALISED_MEAN = 0.25, "F2.normalisation.mean", "Standardized columns have a mean (or median) within this distance of 0.";
    NORMALISED_STD = 0.3, "F2.normalisation.std", "Standardized columns have a standard deviation (or interquartile range) within this distance of 1.";
    NORMALISED_MIN = 0.05, "F2.normalisation.min", "Columns scaled to the range 0 to 1 have a minimum within this distance of 0.";
    NORMALISED_MAX = 0.1, "F2.normalisation.max", "Columns scaled to the range 0 to 1 have a maximum within this distance of 1.";
    NORMALISED_FACTOR = 1.4, "F2.normalisation.factor", "If the scale changed by a smaller factor and the offset is small, the column is still normalized and has only drifted.";
    NORMALISED_OFFSET = 1.5, "F2.normalisation.offset", "An offset of this many training standard deviations is more than drift of a normalized column.";
    RECODE_MATCHED = 0.35, "F2.recode.matched_over_straight", "After exchanging codes at most this share of the difference may remain.";
    RECODE_TV = 0.15, "F2.recode.total_variation", "Code frequencies must differ by at least this much before an exchange is searched.";
    RECODE_CODES = 50.0, "F2.recode.codes", "A column with more different values holds quantities or free text.";
    RECODE_CHANCE_MARGIN = 0.5, "F2.recode.chance_margin", "Margin over the expected chance distance, as a multiple of the square root of 1/n + 1/m; small, because the best exchange already removes part of the noise.";
    RECODE_NEW = 0.5, "F2.recode.new", "If this share of the serve rows has codes that are not in training, the coding is new.";
    RECODE_STRAY = 0.1, "F2.recode.stray", "A smaller share of new codes than that, but more than this, is neither a new coding nor an exchange.";
    RECODE_YES_NO = 0.3, "F2.recode.yes_no", "A yes/no share that moved by less than this may have changed for real.";
    RECODE_UNORDERED = 6.0, "F2.recode.unordered", "With more codes than this, a smooth curve of frequencies on both sides shows a count that changed for real.";
    RECODE_SMOOTH = 2.5, "F2.recode.smooth", "Neighboring frequencies differ clearly if they are this many standard deviations apart.";

    OUT_OF_RANGE_SHARE = 0.01, "F3.out_of_range.share", "The model extrapolates in one of a hundred rows.";
    OUT_OF_RANGE_SHARE_POSSIBLE = 0.002, "F3.out_of_range.share_possible", "A few rows are outside the training range.";
    OUT_OF_RANGE_EXCESS = 0.02, "F3.out_of_range.excess", "A value that is outside by less than a fiftieth of the spread of the training values is the same input to a model: an age of 95 where 94 was the highest.";
    UNSEEN_SHARE = 0.005, "F3.unseen_category.share", "One of two hundred rows has a category that is not in training.";
    UNSEEN_NEARLY_ALL = 0.9, "F3.unseen_category.nearly_all", "If this share of the serve rows has unknown values, the codes themselves changed.";
    UNSEEN_TWIN = 0.05, "F3.unseen_category.twin", "A new and a vanished category have the same share of rows if the p value of their difference is above this.";

    IMBALANCE_MINORITY = 0.01, "T1.class_imbalance.minority", "With less than one row in a hundred of a class, a model that never predicts it is still 99 % accurate.";
    REPRESENTATION_COLUMNS = 12.0, "T1.coverage.columns", "The number of groups grows with the square of the number of features; twelve features give enough groups and stay fast.";
    REPRESENTATION_SHARE = 0.05, "T1.coverage.share", "One serve row in twenty belongs to the group.";
    REPRESENTATION_SHARE_POSSIBLE = 0.02, "T1.coverage.share_possible", "One serve row in fifty belongs to the group.";
    REPRESENTATION_RATIO = 3.0, "T1.coverage.ratio", "The group is certainly three times as frequent as in train: the model was fitted to other rows.";
    REPRESENTATION_RATIO_POSSIBLE = 2.0, "T1.coverage.ratio_possible", "The group is certainly twice as frequent as in train.";
    REPRESENTATION_BEYOND_PARTS = 2.0, "T1.coverage.beyond_parts", "A pair of values is reported only if it is twice as frequent as the changes of its two columns alone explain.";
    NOISE_RATE = 0.05, "T2.label_noise.rate", "One label in twenty is wrong where the features are clear.";
    NOISE_RATE_POSSIBLE = 0.04, "T2.label_noise.rate_possible", "Correct labels of hard problems stay under this in at least one class.";
    NOISE_BLIND = 0.5, "T2.label_noise.blind", "If half of the labels could be wrong without a sign, the features say nothing about them.";
    NOISE_BACKGROUND = 0.02, "T2.label_noise.background", "Even with correct labels, this share of the confident predictions is wrong.";
    NOISE_PLATEAU = 0.4, "T2.label_noise.plateau", "Errors on rows that are only hard become rarer than this in the most confident quarter.";
    NOISE_DECIDED = 0.72, "T2.label_noise.decided", "If the classifier is confident about fewer rows, the features do not predict the label well enough to question it.";
    NOISE_TRAINED_ON = 4000.0, "T2.label_noise.trained_on", "This many rows are enough to learn a clear relation and keep the check fast.";
    NOISE_CLASS_ROWS = 40.0, "T2.label_noise.class_rows", "A quarter of fewer predictions of a class is too small to give an error rate.";
    NOISE_CLASS_SHARE = 0.05, "T2.label_noise.class_share", "A class predicted for fewer than one row in twenty says little about the labels as a whole.";
    CONFLICT_SHARE = 0.01, "T2.conflicting_labels.share", "One row in a hundred has the same features as another row and a different label.";
    CONFLICT_REPEATED = 0.1, "T2.conflicting_labels.repeated", "If one row in ten repeats, the features are too coarse to identify single rows.";
    RELATION_CHANGE = 0.1, "T2.label_definition.difference", "Ten clear rows in a hundred have a different label than they would have had in training.";
    RELATION_FOLD = 3.0, "T2.label_definition.ratio", "Three times as many contradictions as in train: more than an ageing model causes.";
    RELATION_SAME_INPUTS = 0.05, "T2.label_definition.inputs", "About as many rows look like the class as before: the labels changed, not the rows.";
    LABEL_MOVED = 0.03, "T2.label_definition.moved", "Three rows in a hundred changed their label (or a quantity moved by this share of its ranks) without a change of the features.";
    LABEL_MOVED_ITSELF = 0.5, "T2.label_definition.moved_itself", "At least half of the change is in the label; otherwise the features changed, and a wrong column is the better explanation.";
    LABEL_SHIFT_ERRORS = 3.0, "T2.label_definition.shift_errors", "Within three standard errors, the features moved as far as other shares of the label move them: then the rows changed.";
    LABEL_SCALE_SPREAD = 0.1, "T2.label_definition.scale_spread", "One factor, or one offset, fits rows with small and large labels to 10 %.";
    LABEL_FADED = 0.4, "T2.label_definition.faded", "The newest rows have less than half of the expected rows of a class; a smaller change is a change of the rate.";
    LABEL_FADED_BEFORE = 0.8, "T2.label_definition.faded_before", "Before the fading, the class is about as frequent as expected.";
    LABEL_FADING = 0.75, "T2.label_definition.fading", "The last rows have clearly fewer than the first that fade: labels still arrive. A new definition makes one step.";
    RELATION_STRENGTH = 0.1, "T2.label_definition.strength", "Along the column, the label changed by a tenth of its standard deviation: the model is clearly worse there.";
    RELATION_ONE_SIDED = 0.2, "T2.label_definition.one_sided", "If the label rose in some rows less than this share of its fall in others, it only fell: a definition, not a relation.";
    RELATION_IMPORTANCE = 0.05, "T2.label_definition.importance", "A feature that hardly relates to the label does not change what is expected of it.";
    OVERLAP_ROWS = 0.01, "T3.row_overlap.share", "The model may have memorised one test row in a hundred.";
    OVERLAP_ROWS_POSSIBLE = 0.002, "T3.row_overlap.share_possible", "A few copies hardly change a score, but they show that the split is not clean.";
    NEAR_DUPLICATES = 0.02, "T3.near_duplicates.share", "One test row in fifty has a near duplicate, beyond the rate of train rows among themselves.";
    NEAR_DUPLICATES_POSSIBLE = 0.005, "T3.near_duplicates.share_possible", "One test row in two hundred.";
    NEAR_DUPLICATES_FOLD = 2.0, "T3.near_duplicates.fold", "Twice the rate of train rows among themselves: tables with coarse values have near duplicates anyway.";
    NEAR_DUPLICATES_ROWS = 5000.0, "T3.near_duplicates.rows", "This many rows give a small share to within half a percentage point and keep the check fast.";
    NEAR_DUPLICATES_GROUPS = 3.0, "T3.near_duplicates.groups", "If one cell differs, at least two of three groups of columns still agree, so the candidate is found.";
    NEAR_DUPLICATES_CANDIDATES = 32.0, "T3.near_duplicates.candidates", "If more rows agree in a group of columns, the values are common and more candidates add little.";
    NEAR_DUPLICATES_ROUNDING = 0.01, "T3.near_duplicates.rounding", "Numbers closer than a hundredth of a standard deviation are equal except for rounding.";
    NEAR_DUPLICATES_COLUMNS = 4.0, "T3.near_duplicates.columns", "In a table with fewer columns, many rows differ in one cell only.";
    TOUCHED_ROWS = 0.01, "T3.touched_test_set.share", "The model was trained on one row in a hundred of a test set.";
    TOUCHED_ROWS_POSSIBLE = 0.002, "T3.touched_test_set.share_possible", "A few rows hardly change a score, but they show that the set is no longer separate.";
    TOUCHED_IN_USE = 0.01, "T3.touched_test_set.in_use", "If this share of its rows is in the current test set, the old test set is still in use.";
    OVERLAP_ENTITIES = 0.01, "T3.entity_overlap.share", "One test row in a hundred is about an entity that the model was trained on.";
    OVERLAP_TIME = 0.01, "T3.time_overlap.share", "One row in a hundred is on the wrong side of the split date.";
    OVERLAP_TIME_APART = 0.3, "T3.time_overlap.apart", "If the times of two splits differ this much, the split was made by time, even if not cleanly.";

    TRAIN_TEST_GAP = 0.03, "T4.train_test_gap.floor", "Users notice three points of a metric, whatever its size.";
    TRAIN_TEST_GAP_SHARE = 0.1, "T4.train_test_gap.share", "One tenth of the training metric: most sound models lose less on new rows.";
    TRAIN_TEST_GAP_POSSIBLE = 0.03, "T4.train_test_gap.possible", "A certain gap of this size in any one metric is worth a look.";
    CHANCE_LEVEL = 0.1, "T4.train_test_gap.chance", "On a scale from chance (0) to perfect (1), a model under this has not learned its own training rows.";
    RETRAINING_RANGE = 0.02, "T4.retraining_variance.range", "Two points of accuracy often decide which of two models is chosen.";
    RETRAINING_RUNS = 3.0, "T4.retraining_variance.runs", "Two runs do not show how much runs vary.";
    CURVE_POINTS = 5.0, "T4.learning_curve.points", "Fewer finite points have no shape to read.";
    CURVE_DIVERGED = 1.1, "T4.learning_curve.last_over_first", "A training loss that ends 10 % over its first value has diverged.";
    CURVE_DIVERGED_GAIN = 0.25, "T4.learning_curve.diverged_over_gain", "A loss that improved before must rise by a quarter of that improvement as well.";
    CURVE_DIVERGED_NOISE = 6.0, "T4.learning_curve.diverged_over_noise", "A rise of six times the noise of the curve is not noise.";
    CURVE_CALM = 0.2, "T4.learning_curve.calm", "A loss that turns in fewer steps than this has a trend; its bends are not noise.";
    CURVE_NOISE = 0.05, "T4.learning_curve.noise", "Jumps of 5 % of the loss are visible in a chart.";
    CURVE_NOISE_GAIN = 0.5, "T4.learning_curve.noise_over_gain", "Jumps half as large as the whole improvement hide whether the model learns.";
    CURVE_REVERSALS = 0.4, "T4.learning_curve.reversals", "In pure noise two steps in three reverse the step before; in a smooth curve none does.";
    CURVE_SPIKES = 2.0, "T4.learning_curve.spikes", "One spike can be one bad batch; two are a pattern.";
    CURVE_SPIKE_GAIN = 3.0, "T4.learning_curve.gain_over_spike", "A spike loses at least one third of the improvement in one epoch.";
    CURVE_SPIKE_NOISE = 8.0, "T4.learning_curve.spike_over_noise", "A spike is far larger than the noise of the curve.";
    CURVE_SPIKE_LEVEL = 0.05, "T4.learning_curve.spike_over_loss", "A spike under 5 % of the loss is hardly visible in a chart.";
    CURVE_PLATEAU = 0.01, "T4.learning_curve.plateau", "A model whose loss falls by less than 1 % has learned nothing.";
    CURVE_PLATEAU_POSSIBLE = 0.02, "T4.learning_curve.plateau_possible", "A model whose loss falls by less than 2 % has hardly learned anything.";
    CURVE_PLATEAU_SPREAD = 0.04, "T4.learning_curve.plateau_spread", "A loss that moves up and down more than this is not flat, even if it ends where it began.";
    CURVE_TURNED_UP = 0.1, "T4.learning_curve.turned_up", "A validation loss 10 % over its best value shows that training continued far too long.";
    CURVE_TURNED_UP_POSSIBLE = 0.05, "T4.learning_curve.turned_up_possible", "Early stopping with the usual patience stays under 5 %.";
    CURVE_TURNED_UP_NOISE = 3.0, "T4.learning_curve.turned_up_over_noise", "A rise of three times the noise of the smoothed curve is not noise.";
    CURVE_TURNED_UP_TRAIN = 0.25, "T4.learning_curve.turned_up_with_train", "If the training loss rises by a quarter as much or more, both rise together, and that is not overfitting.";
    CURVE_STOPPED = 0.02, "T4.learning_curve.stopped", "A validation loss that gains less than 2 % of its improvement in the last third has stopped improving.";
    CURVE_GAP = 0.5, "T4.learning_curve.gap", "The gap between training and validation loss is half of the validation loss.";
    CURVE_GAP_GAIN = 0.25, "T4.learning_curve.gap_over_gain", "The gap is a quarter of what the validation loss improved by.";
    CURVE_GAP_NOISE = 6.0, "T4.learning_curve.gap_over_noise", "A gap of six times the noise of the smoothed curve is not noise.";
    CURVE_GAP_TRAIN = 0.25, "T4.learning_curve.gap_since_best", "A quarter of the gap arose after the best validation epoch, so training continued without benefit.";
    CURVE_REMAINS = 0.5, "T4.learning_curve.remains", "If a loss levels off early at half of its first value or more, the model may be too simple, or there is nothing more to learn.";
    CURVE_LEVEL = 0.03, "T4.learning_curve.level", "Within 3 % of the whole improvement the loss has reached its final level.";
    CURVE_LEVEL_EARLY = 0.4, "T4.learning_curve.level_early", "A loss that reaches its final level in the first 40 % of the epochs has levelled off early.";
    CURVE_TOGETHER = 0.1, "T4.learning_curve.together", "Training and validation loss within 10 % of each other show no overfitting.";
    CURVE_GOOD_SCORE = 0.95, "T4.learning_curve.good_score", "A training score this good rules out underfitting, whatever the loss.";

    EVALUATION_ROWS = 20.0, "E1.evaluation_run.rows", "The metrics of fewer rows are too uncertain to judge a model.";
    IMBALANCE_MAJORITY = 0.8, "E1.accuracy_under_imbalance.majority", "If four rows in five are of one class, accuracy mostly measures that class.";
    IMBALANCE_HIDES = 0.08, "E1.accuracy_under_imbalance.gap", "With two classes, accuracy this far over balanced accuracy means that the recall of the rare class is about 0.16 below it.";
    BASELINE_GAIN = 0.02, "E1.naive_baseline.errors_avoided", "A model that avoids fewer than one in fifty of the baseline's errors is not worth running.";
    BASELINE_RANKING = 0.6, "E1.naive_baseline.roc_auc", "An area certainly over this shows that the scores carry information.";
    SCORE_REVERSED = 0.05, "E1.score_direction.under_half", "Scores without information vary around 0.5; certainly five points under it, they carry information and point to the other class.";
    METRICS_APART = 0.3, "E1.metrics_disagree.gini_minus_ap", "The two metrics differ by about a third of the scale from chance to perfect.";
    TAIL_OF_ERRORS = 3.0, "E1.metrics_disagree.rmse_over_mae", "The ratio is 1.25 for normal errors and 1.4 for Laplace errors; this is twice the ratio of heavy-tailed but regular errors.";
    MISCALIBRATED = 0.05, "E1.calibration.ece", "Scores are wrong by five points on average; recalibration is cheap.";
    WEAK_SLICE_ROWS = 20.0, "E1.weak_slice.rows", "The metric of fewer rows is too uncertain.";
    WEAK_SLICE_SHARE = 0.02, "E1.weak_slice.share", "A group of less than one row in fifty hardly changes the average.";
    WEAK_SLICE_ACCURACY = 0.1, "E1.weak_slice.accuracy", "One prediction in ten is wrong that would be right on other rows and that the model was confident about.";
    WEAK_SLICE_UNPROMISED = 0.25, "E1.weak_slice.accuracy_without_scores", "One prediction in four; most models have some slices that are only hard.";
    WEAK_SLICE_ERROR = 2.0, "E1.weak_slice.mae", "Twice the error on the other rows; where the target varies more, errors are larger too.";
    PERFORMANCE_DROP = 0.05, "E1.performance_drop.metric", "Five points of a metric: from an accuracy of 0.95 this doubles the errors.";
    PERFORMANCE_DROP_POSSIBLE = 0.02, "E1.performance_drop.metric_possible", "Two points, if the drop is certain.";
    ERROR_GROWTH = 0.25, "E1.performance_drop.mae", "The error is a quarter larger than in the evaluation.";
    ERROR_GROWTH_POSSIBLE = 0.1, "E1.performance_drop.mae_possible", "The error is a tenth larger, if that is certain.";

    THRESHOLD_MOVED = 0.01, "E2.threshold.moved", "If the intervals of two thresholds are a hundredth of the score range apart, the difference is not rounding.";
    THRESHOLD_ANSWERS_CHANGED = 0.005, "E2.threshold.answers_changed", "The difference changes one prediction in two hundred.";
    THRESHOLD_ROWS_CHANGED = 3.0, "E2.threshold.rows_changed", "One or two changed predictions can be ties at the threshold.";
    THRESHOLD_REGRET = 0.02, "E2.threshold.f1_regret", "Changing one number gains two points of F1; a default of 0.5 rarely costs more.";
    YOUDEN_REGRET = 0.1, "E2.threshold.youden_regret", "Ten points of recall and specificity together.";

    COST_OVER_CONSTANT = 0.01, "E3.expected_value.over_constant", "A hundredth of the cost of all wrong predictions: below this a model and a constant prediction are worth the same.";
    COST_SAVING = 0.1, "E3.expected_value.saving", "Changing one number saves a tenth of the cost of wrong predictions.";
    COST_SAVING_POSSIBLE = 0.03, "E3.expected_value.saving_possible", "Three hundredths of the cost; the costs themselves are rarely known more precisely.";
    KPI_CHANGE = 2.0, "E3.kpi_series.change", "From the first to the last point the line moves by twice the scatter around it: this is visible in a chart at once.";
    KPI_CHANGE_POSSIBLE = 1.0, "E3.kpi_series.change_possible", "The line moves by as much as the scatter around it.";
    KPI_POINTS = 12.0, "E3.kpi_series.points", "Fewer points in the shared time range cannot show a trend with certainty.";
    KPI_MOST_POINTS = 200.0, "E3.kpi_series.most_points", "The trend test compares every pair of points; 200 points keep it fast and lose no trend.";

    ANSWER_MISSING = 0.005, "S1.predictions.missing", "One row in two hundred has no prediction. A healthy service predicts for all rows.";
    ANSWER_MISSING_POSSIBLE = 0.002, "S1.predictions.missing_possible", "One row in five hundred.";
    ANSWER_MISSING_RATIO = 2.0, "S1.predictions.missing_ratio", "Where training also has rows without a prediction, serving must have twice as many.";
    ANSWER_NEVER_ROWS = 200.0, "S1.predictions.never_rows", "When two hundred rows all have a prediction, the model has one for every row.";
    ANSWER_NEVER_HITS = 3.0, "S1.predictions.never_missing", "One or two rows can be test calls; three are not.";
    ANSWER_CONSTANT = 0.1, "S1.predictions.constant", "One row in ten has exactly the same score. A fallback on fewer rows shows first in the service's log.";
    ANSWER_CONSTANT_RATIO = 4.0, "S1.predictions.constant_ratio", "Coarse models repeat scores. Four times as often as in training needs another explanation.";
    ANSWER_OUT_OF_RANGE = 0.001, "S1.predictions.out_of_range", "A probability cannot be below 0 or above 1. One row in a thousand is more than rounding error.";
    LOG_MISSING = 0.05, "S2.coverage.share", "When one prediction in twenty is not logged, no metric of the predictions can be trusted.";
    LOG_MISSING_POSSIBLE = 0.01, "S2.coverage.share_possible", "A few lost log lines are normal. One in a hundred is worth a look.";
    LOG_MISSING_POSSIBLE_SURE = 0.005, "S2.coverage.share_possible_low", "Half of that: the lower end of the interval must show that it is not a single lost line.";
    LOG_STOPPED_ROWS = 20.0, "S2.coverage.stopped_requests", "When fewer requests in a row lack a key, the caller may just not have sent it.";
    LOG_KEY_BEFORE = 0.1, "S2.coverage.missing_before", "A key that is missing from more of the other requests is optional.";
    LOG_FIELDS_ABSENT = 1.0, "S2.coverage.absent_fields", "One field that the log never holds is missing in every incident.";

    ENVIRONMENT_RELEASES = 1.0, "S3.environment.releases", "One package that affects predictions, in a different release, can change every prediction.";
    ENVIRONMENT_LENGTH_RATIO = 2.0, "S3.environment.length_ratio", "A list that is more than twice as long as the other may be complete while the other is not: a package on one side only says nothing.";

    DIGESTS_APART = 1.0, "P1.artifact_digest.digests", "One digest that differs from the expected one is a different file.";

    RELEASE_FAULTS = 1.0, "P2.releases.faults", "One reason is enough: the release cannot be identified or rolled back.";
    MIXED_ANSWERS = 5.0, "P2.mixed_versions.answers", "Fewer predictions of another version are a test call or the end of a rollout.";
    MIXED_STRETCH = 0.05, "P2.mixed_versions.stretch", "A rollout takes less than one twentieth of a log.";
    MIXED_REQUESTS = 50.0, "P2.mixed_versions.requests", "In fewer requests, a rollout and mixed traffic look the same.";
    MIXED_CHANGES = 0.5, "P2.mixed_versions.changes", "Versions that change less than half as often as by chance run in blocks: these are releases and rollbacks.";

    REPEATED_IDS = 0.01, "D3.repeated_ids.share", "One row in a hundred is a copy: enough to move figures, and no accident of single rows.";
    REPEATED_IDS_POSSIBLE = 0.002, "D3.repeated_ids.share_possible", "One row in five hundred: a few requests that were sent twice.";
    REPEATED_IDS_UNIQUE = 0.0005, "D3.repeated_ids.unique", "Where at most one row in two thousand repeats, an id is meant to name one row.";
    LATENCY_RATIO = 2.0, "P3.latency.ratio", "Users notice when a request takes twice its usual time.";
    LATENCY_RATIO_POSSIBLE = 1.5, "P3.latency.ratio_possible", "One and a half times the usual time.";
    TAIL_SHARE_RATIO = 3.0, "P3.latency.tail_ratio", "Very slow requests are three times as frequent; their share swings less from hour to hour.";
    LATENCY_REQUESTS = 10.0, "P3.latency.requests", "Fewer slow requests in a row are a short pause, not a spike.";
    STRETCH_MOST = 0.5, "P3.stretch.share", "A condition that lasts for more than half of the log is the normal state.";
    ERROR_SHARE = 0.05, "P3.error_rate.share", "One request in twenty fails. Retries no longer hide it.";
    ERROR_SHARE_POSSIBLE = 0.01, "P3.error_rate.share_possible", "One in a hundred, ten times the rate of a healthy service.";
    ERROR_RATIO = 5.0, "P3.error_rate.ratio", "Five times the failure rate of the rest of the log.";
    ERROR_COUNT = 4.0, "P3.error_rate.failures", "Fewer failures are too few to estimate a rate, however close together they are.";
    ERROR_COUNT_POSSIBLE = 3.0, "P3.error_rate.failures_possible", "Two failures in a row can happen by chance.";
    MEMORY_KILLS = 1.0, "P3.resources.kills", "A process that was killed once because it ran out of memory had too little memory.";
    MEMORY_PEAK = 0.95, "P3.resources.memory", "One twentieth of the limit is left. One larger request exceeds it.";
    MEMORY_PEAK_POSSIBLE = 0.85, "P3.resources.memory_possible", "Less than one sixth of the limit is left for growth.";
    CPU_THROTTLED = 0.25, "P3.resources.throttled", "In one of four scheduling periods the process must wait although it has work to do.";
    CPU_THROTTLED_POSSIBLE = 0.1, "P3.resources.throttled_possible", "One period in ten is visible in the slowest responses.";

    OUTAGE_INSIDE = 0.8, "M1.outage_window.share", "In an outage nearly every row lacks the value.";
    OUTAGE_ROWS = 8.0, "M1.outage_window.rows", "Fewer rows in a row may each lack the value for a reason of their own.";
    OUTAGE_ROWS_POSSIBLE = 4.0, "M1.outage_window.rows_possible", "Half of that.";
    OUTAGE_MOST = 0.5, "M1.outage_window.most", "A window that covers more than half of the rows is the normal state, not an outage.";
    STUCK_INSIDE = 0.97, "M1.outage_window.stuck_inside", "A default fills all rows; a few late or early rows may be in the window.";
    STUCK_OTHERS = 0.6, "M1.outage_window.stuck_others", "A value that most of the other rows have too fills windows by nature.";
    STUCK_MOST = 0.95, "M1.outage_window.stuck_most", "A value that fills more of the rows than this is the normal state of serving and not a window.";
    OUTAGE_OVER_TRAIN = 3.0, "M1.outage_window.over_train", "Training rows also have windows without the value. By chance, the worst window of another period often has twice the score; three times is more than chance.";
    OUTAGE_OVER_TRAIN_POSSIBLE = 2.0, "M1.outage_window.over_train_possible", "Twice the score of the worst window in training.";
    GAP_ROWS = 10.0, "M1.outage_window.expected_rows", "Ten rows were expected and none arrived.";
    GAP_OVER_OTHERS = 2.0, "M1.outage_window.over_others", "Twice the longest other gap.";
    GAP_OVER_OTHERS_POSSIBLE = 1.25, "M1.outage_window.over_others_possible", "A quarter longer than the longest other gap.";
    TREND = 0.25, "M1.gradual_drift.change", "A quarter of a standard deviation from the first to the last row is visible in a chart of the window means.";
    TREND_POSSIBLE = 0.3, "M1.gradual_drift.change_possible", "A change that is less certain must be larger: healthy columns move by a quarter of a standard deviation now and then.";
    TREND_STEP_HANDICAP = 1.23, "M1.gradual_drift.step_handicap", "The best of all possible steps must leave clearly less than a line: the modified Bayesian information criterion for a change point (Zhang and Siegmund, 2007) with 24 windows.";
    TREND_OVER_TRAIN = 2.0, "M1.gradual_drift.over_train", "Twice the change of the column during training.";
    PERFORMANCE_LOST = 0.05, "M1.performance_over_time.drop", "Five points of accuracy or ROC AUC. At an accuracy of 0.95 this doubles the errors.";
    PERFORMANCE_LOST_POSSIBLE = 0.03, "M1.performance_over_time.drop_possible", "Three points. A seasonal effect can be as large.";
    ERROR_GROWN = 0.25, "M1.performance_over_time.mae", "The error is a quarter larger than before.";
    ERROR_GROWN_POSSIBLE = 0.15, "M1.performance_over_time.mae_possible", "About half of that.";
    DROP_EXPECTED = 0.5, "M1.performance_over_time.expected", "When the scores predict at least half of the drop, harder rows explain it.";
    PERFORMANCE_CHUNKS = 3.0, "M1.performance_over_time.chunks", "With fewer chunks before or after a date, one unusual chunk decides.";
    SINCE_CHUNKS = 2.0, "all.since_chunks", "A date needs at least this many chunks of time after it: one unusual chunk is not an onset.";
    ESTIMATED_LOST = 0.05, "M1.estimated_performance.drop", "Five points, as for a measured drop. From there on it is worth the cost to get labels.";
    ESTIMATED_LOST_POSSIBLE = 0.02, "M1.estimated_performance.drop_possible", "Two points. An estimate varies less than a measurement.";
    SIGNALS_UNMONITORED = 1.0, "M1.unmonitored.signals", "One signal that nothing watches can fail unnoticed.";
    SIGNALS_ABSENT = 1.0, "M2.signals.absent", "One signal that is not logged cannot be monitored.";
    CONFIDENCE_SHIFT = 0.5, "M2.confidence_shift.change", "Half of the usual variation of the confidence between predictions.";
    CONFIDENCE_SHIFT_POSSIBLE = 0.3, "M2.confidence_shift.change_possible", "About one third of it.";
    SERIES_SHIFT = 4.0, "M2.confidence_shift.series", "A series of averages varies little. Four times its own variation is easy to see in a chart, and slow swings rarely reach it.";
    SERIES_SHIFT_POSSIBLE = 2.0, "M2.confidence_shift.series_possible", "Twice its own variation.";
    CONFIDENCE_WINDOWS = 60.0, "M2.confidence_shift.windows", "More windows give a finer date but more noise in each.";
    CONFIDENCE_WINDOWS_FEWEST = 12.0, "M2.confidence_shift.windows_fewest", "Fewer windows show neither a level nor a trend.";
    CONFIDENCE_WINDOWS_SIDE = 4.0, "M2.confidence_shift.windows_side", "With fewer windows before or after a step, one unusual window decides.";
    CONFIDENCE_WINDOW_ANSWERS = 20.0, "M2.confidence_shift.predictions", "The mean of fewer predictions varies too much.";
    ALERT_NOISE = 0.5, "M3.alert_rules.firing", "People ignore a rule that fires half of the time.";
    ALERT_UNIT = 300.0, "M3.alert_rules.unit", "A threshold 300 times larger or smaller than the usual value is in another unit.";
    ALERT_GAP_STEPS = 3.0, "M3.alert_rules.gap_steps", "A gap of more than three steps between points ends a breach: what happened in between is unknown.";
    ALERT_ABSENT_STEPS = 2.0, "M3.alert_rules.absent_steps", "One late point is normal. After two steps without a point the signal is absent.";
    INCIDENTS_UNNOTICED = 1.0, "M3.alert_rules.unnoticed", "One incident that no rule detects is enough to review the rules.";
    RULES_SILENT = 1.0, "M3.alert_rules.silent", "One rule that can never fire gives false confidence.";
    SIGNALS_WITHOUT_RULE = 1.0, "M3.alert_rules.without_rule", "One signal without a rule can fail unnoticed.";
}
