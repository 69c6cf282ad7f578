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
    SIGNIFICANCE = 0.01, "all.q_possible", "Under this q (p after Benjamini-Hochberg over the columns tested together) a difference is worth mentioning.";
    CERTAINTY = 0.0001, "all.q_mismatch", "Under this q a difference is certain enough to act on: of ten thousand healthy pairs about one would be accused.";
    SMALLEST_SAMPLE = 20.0, "all.rows", "With fewer values on a side a distribution is not judged.";

    MUTED_GROWTH = 1.25, "all.muted_growth", "A muted finding comes back when its effect, relative to its threshold, has grown by a quarter: less is what two samples of the same trouble differ by, more is not what was accepted.";
    SYMPTOM_WEIGHT = 1.1, "all.symptom_weight", "A reported symptom raises the score of suspects in its layer by a tenth: it settles near ties, for its words fit many causes.";

    DRIFT_KS = 0.1, "D1.column_drift.ks_statistic", "A tenth of the rows would have to move to undo it; the usual thresholds of other tools lie between 0.1 and 0.2.";
    DRIFT_KS_POSSIBLE = 0.06, "D1.column_drift.ks_statistic_possible", "Visible in a chart, seldom felt by a model.";
    DRIFT_JS = 0.12, "D1.column_drift.js_distance", "About what a move of 15 rows in 100 from one common category to another gives.";
    DRIFT_JS_POSSIBLE = 0.07, "D1.column_drift.js_distance_possible", "About half the upper threshold.";
    DRIFT_OVER_TRAIN = 1.25, "D1.column_drift.over_train", "A quarter more than the stretch of train that is furthest from the rest of it: what train does by itself the model has seen.";
    JOINT_AUC = 0.6, "D1.joint_shift.roc_auc", "Of a train and a serve row, three times in five the right one is taken for the serve row, and no column tells it by itself.";
    JOINT_AUC_POSSIBLE = 0.55, "D1.joint_shift.roc_auc_possible", "Half of that above a coin toss.";
    JOINT_OVER_FLOOR = 0.05, "D1.joint_shift.over_floor", "At least this much over what tells one half of train from the other.";
    JOINT_TELLING = 0.25, "D1.joint_shift.telling", "A column is named when shuffling it costs at least a quarter of what the most telling one costs.";
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

    LEAK_COPY = 0.8, "D4.label_leakage.copy", "A code with as many values as the label that agrees with it this far is a copy with a few errors; natural yes/no features stay well below.";
    LEAK_COPY_POSSIBLE = 0.7, "D4.label_leakage.copy_possible", "Rare for a natural yes/no feature; worth asking when the column is written.";
    LEAK_STRENGTH = 0.97, "D4.label_leakage.strength", "An area under the ROC curve of 0.985 from one number.";
    LEAK_DOMINANCE = 0.25, "D4.label_leakage.dominance", "It leaves open at most a quarter of what the next best feature leaves open: a natural best feature has neighbours.";
    LEAK_PATTERN = 0.5, "D4.label_leakage_later.strength", "For two classes: having the value is 50 points more frequent in one than in the other.";
    LEAK_PATTERN_POSSIBLE = 0.3, "D4.label_leakage_later.strength_possible", "30 points: a strong natural feature that went dark would look like this too.";
    LEAK_LOST = 0.3, "D4.label_leakage_later.lost", "Less than a third of a strong relation is left in rows that were not trained on.";
    LEAK_ORDER = 0.9, "D4.identifier_leak.strength", "An area under the ROC curve of 0.95 from a number that only names a row.";
    LEAK_ORDER_POSSIBLE = 0.6, "D4.identifier_leak.strength_possible", "An area of 0.8: labels that merely rise or fall with time stay well below.";
    LEAK_ORDER_BEYOND = 0.2, "D4.identifier_leak.beyond_order", "The name of a row tells more than its place in the file does: it was not dealt out to a file that happened to be sorted.";
    LEAK_MISSING = 0.8, "D4.label_leakage_missing.strength", "The gap alone tells the label nearly as well as a copy.";
    LEAK_MISSING_POSSIBLE = 0.6, "D4.label_leakage_missing.strength_possible", "Gaps do go with outcomes, but seldom this far.";

    ROW_MISMATCH = 0.02, "F1.row_mismatch.share", "One row in fifty with another value; late events and corrections stay under it in a healthy pipeline.";
    ROW_MISMATCH_POSSIBLE = 0.002, "F1.row_mismatch.share_possible", "Some rows; worth knowing which.";
    ROW_CHANGE_SIZE = 0.01, "F1.row_mismatch.size", "Changes under a hundredth of a standard deviation hardly move any model.";
    ROW_PATTERN = 0.9, "F1.row_mismatch.relation", "A relation that holds for nine of ten changed rows explains them.";
    ROW_PATTERN_EARLIER = 0.5, "F1.row_mismatch.earlier", "Half of the values can be told to be earlier ones; of the others the source may lie before the first row.";
    PRECISION_DISTINCT = 50.0, "F1.precision.values", "With fewer different values a column holds codes or counts, which are round by nature.";
    PRECISION_COARSE = 0.2, "F1.precision.round_in_train", "If more of the training values are as round, it is how the column is written.";
    PRECISION_STEP = 0.25, "F1.precision.step", "A step of a quarter of the standard deviation leaves about a dozen different values.";
    PRECISION_STEP_POSSIBLE = 0.1, "F1.precision.step_possible", "Some thirty different values are left.";

    SCALE_CHANGE = 0.1, "F2.unit_scale.ks_statistic", "The columns must differ as clearly as for drift before a map between them is sought.";
    SCALE_KNOWN_TOLERANCE = 0.08, "F2.unit_scale.tolerance", "A fitted factor this close to a well-known conversion is tried as that conversion.";
    SCALE_UNKNOWN_FACTOR = 1.9, "F2.unit_scale.unknown_factor", "A factor that is no known conversion must be at least this far from 1: real growth seldom keeps a distribution's shape over a doubling.";
    OFFSET_APART = 0.6, "F2.offset_shift.median_over_spread", "The median moves by six tenths of the distance from the 5th to the 95th percentile, about two standard deviations: real change seldom moves all rows that far and keeps the shape.";
    NORMALISED_MEAN = 0.25, "F2.normalisation.mean", "Standardised columns have a mean within this of 0 …";
    NORMALISED_STD = 0.3, "F2.normalisation.std", "… and a standard deviation within this share of 1.";
    RECODE_MATCHED = 0.35, "F2.recode.matched_over_straight", "After exchanging codes at most this share of the difference may remain.";
    RECODE_TV = 0.15, "F2.recode.total_variation", "Code frequencies must differ at least this much before an exchange is sought.";

    OUT_OF_RANGE_SHARE = 0.01, "F3.out_of_range.share", "One row in a hundred where the model extrapolates.";
    OUT_OF_RANGE_SHARE_POSSIBLE = 0.002, "F3.out_of_range.share_possible", "Some rows beyond the training range.";
    UNSEEN_SHARE = 0.005, "F3.unseen_category.share", "One row in two hundred has a category the model never learnt.";

    IMBALANCE_MINORITY = 0.01, "T1.class_imbalance.minority", "With less than one row in a hundred, a model that never says so is 99 % accurate.";
    COVERAGE_SHARE = 0.05, "T1.coverage.share", "One serve row in twenty is of the group.";
    COVERAGE_SHARE_POSSIBLE = 0.02, "T1.coverage.share_possible", "One serve row in fifty.";
    COVERAGE_RATIO = 3.0, "T1.coverage.ratio", "Surely three times as frequent as in train: the model was fitted to other rows.";
    COVERAGE_RATIO_POSSIBLE = 2.0, "T1.coverage.ratio_possible", "Surely twice as frequent.";
    COVERAGE_BEYOND_PARTS = 2.0, "T1.coverage.beyond_parts", "A pair of values that is twice as frequent as its two values let expect is news of its own.";
    NOISE_RATE = 0.05, "T2.label_noise.rate", "One label in twenty wrong where the features leave no doubt.";
    NOISE_RATE_POSSIBLE = 0.04, "T2.label_noise.rate_possible", "Sound labels of hard problems stay under this in at least one class.";
    NOISE_BACKGROUND = 0.02, "T2.label_noise.background", "So many confident answers are wrong even with sound labels.";
    NOISE_PLATEAU = 0.4, "T2.label_noise.plateau", "Rows that are merely hard are at least that much rarer among the surest quarter.";
    NOISE_DECIDED = 0.72, "T2.label_noise.decided", "Where the classifier is sure of fewer rows, the features do not tell the label well enough to hold against it.";
    CONFLICT_SHARE = 0.01, "T2.conflicting_labels.share", "One row in a hundred contradicts an equal one.";
    CONFLICT_REPEATED = 0.1, "T2.conflicting_labels.repeated", "When a tenth of the rows repeat, the features are too coarse to tell rows apart.";
    RELATION_CHANGE = 0.1, "T2.label_definition.difference", "Ten plain cases in a hundred have another label than they would have had.";
    RELATION_FOLD = 3.0, "T2.label_definition.ratio", "Three times as many contradictions as in train: more than ageing brings.";
    RELATION_SAME_INPUTS = 0.05, "T2.label_definition.inputs", "As many rows look like the class as before: it is the labels that changed, not the rows.";
    OVERLAP_ROWS = 0.01, "T3.row_overlap.share", "One test row in a hundred is known by heart.";
    OVERLAP_ROWS_POSSIBLE = 0.002, "T3.row_overlap.share_possible", "A few copies hardly move a score but show that the split is not clean.";
    NEAR_DUPLICATES = 0.02, "T3.near_duplicates.share", "One test row in fifty more than train rows have twins among themselves.";
    NEAR_DUPLICATES_POSSIBLE = 0.005, "T3.near_duplicates.share_possible", "One in two hundred.";
    NEAR_DUPLICATES_FOLD = 2.0, "T3.near_duplicates.fold", "Twice as often as among train rows: coarse tables have twins by nature.";
    TOUCHED_ROWS = 0.01, "T3.touched_test_set.share", "One row in a hundred of a test set has been learnt.";
    TOUCHED_ROWS_POSSIBLE = 0.002, "T3.touched_test_set.share_possible", "A few rows hardly move a score but show that the set is no longer apart.";
    TOUCHED_IN_USE = 0.01, "T3.touched_test_set.in_use", "With this share of its rows among today's test rows, the old test set is still in use.";
    OVERLAP_ENTITIES = 0.01, "T3.entity_overlap.share", "One test row in a hundred is about a known entity.";
    OVERLAP_TIME = 0.01, "T3.time_overlap.share", "One row in a hundred lies on the wrong side of the cut.";
    OVERLAP_TIME_APART = 0.3, "T3.time_overlap.apart", "Splits this far apart in time were cut by time, if not cleanly.";

    TRAIN_TEST_GAP = 0.03, "T4.train_test_gap.floor", "Three points of a metric are felt whatever its size.";
    TRAIN_TEST_GAP_SHARE = 0.1, "T4.train_test_gap.share", "A tenth of the training figure: most sound models lose less on new rows.";
    TRAIN_TEST_GAP_POSSIBLE = 0.03, "T4.train_test_gap.possible", "A certain gap of this size in any one metric is worth a look.";
    CHANCE_LEVEL = 0.1, "T4.train_test_gap.chance", "On a scale from chance (0) to perfect (1), a model under this has not learnt its own rows.";
    RETRAINING_RANGE = 0.02, "T4.retraining_variance.range", "Two points of accuracy decide which of two models is taken.";
    CURVE_DIVERGED = 1.1, "T4.learning_curve.last_over_first", "A training loss that ends a tenth over its first value has diverged.";
    CURVE_NOISE = 0.05, "T4.learning_curve.noise", "Jumps of 5 % of the loss that are as large as all it gained.";
    CURVE_PLATEAU = 0.01, "T4.learning_curve.plateau", "A loss that lost less than 1 % of its first value has learnt nothing; under 2 % it is possible.";
    CURVE_TURNED_UP = 0.1, "T4.learning_curve.turned_up", "A validation loss 10 % over its best: training went on far past it; from 5 % on it is possible.";
    CURVE_REMAINS = 0.5, "T4.learning_curve.remains", "A loss that levels off early and keeps half of its first value may be too simple a model, or all there is to learn.";

    IMBALANCE_MAJORITY = 0.8, "E1.accuracy_under_imbalance.majority", "With four rows in five of one class, accuracy speaks mostly of that class.";
    IMBALANCE_HIDES = 0.15, "E1.accuracy_under_imbalance.gap", "With two classes, accuracy this far over balanced accuracy means that the rare class's recall is about 0.3 below it.";
    IMBALANCE_HIDES_POSSIBLE = 0.08, "E1.accuracy_under_imbalance.gap_possible", "About half of that.";
    BASELINE_GAIN = 0.02, "E1.naive_baseline.errors_avoided", "A model that avoids less than one in fifty of the baseline's errors does not earn its keep.";
    BASELINE_ROOM = 0.1, "E1.naive_baseline.room", "If a tenth of the baseline's errors may be avoided after all, more rows have to tell.";
    BASELINE_RANKING = 0.6, "E1.naive_baseline.roc_auc", "An area surely over this shows that the scores know something.";
    METRICS_APART = 0.5, "E1.metrics_disagree.gini_minus_ap", "Half of the scale from chance to perfect lies between the two figures.";
    METRICS_APART_POSSIBLE = 0.3, "E1.metrics_disagree.gini_minus_ap_possible", "About a third of the scale.";
    TAIL_OF_ERRORS = 5.0, "E1.metrics_disagree.rmse_over_mae", "1.25 for normal errors and 1.4 for Laplace's; at 5 a few rows make nearly all of the squared error.";
    TAIL_OF_ERRORS_POSSIBLE = 3.0, "E1.metrics_disagree.rmse_over_mae_possible", "Twice what heavy-tailed but regular errors give.";
    MISCALIBRATED = 0.1, "E1.calibration.ece", "Scores are off by ten points on average: an expected value computed with them is wrong.";
    MISCALIBRATED_POSSIBLE = 0.05, "E1.calibration.ece_possible", "Five points on average; recalibration is cheap.";
    WEAK_SLICE_ACCURACY = 0.2, "E1.weak_slice.accuracy", "One answer in five is wrong that would be right elsewhere and that the model was sure of.";
    WEAK_SLICE_ACCURACY_POSSIBLE = 0.1, "E1.weak_slice.accuracy_possible", "One answer in ten.";
    WEAK_SLICE_UNPROMISED = 0.4, "E1.weak_slice.accuracy_without_scores", "Without scores hard rows and a weak model look alike; only the extreme is called a mismatch.";
    WEAK_SLICE_UNPROMISED_POSSIBLE = 0.25, "E1.weak_slice.accuracy_without_scores_possible", "One answer in four; most models have some slices that are merely hard.";
    WEAK_SLICE_ERROR = 3.0, "E1.weak_slice.mae", "Three times the error on the other rows.";
    WEAK_SLICE_ERROR_POSSIBLE = 2.0, "E1.weak_slice.mae_possible", "Twice the error; where the target itself varies more, so do its errors.";
    PERFORMANCE_DROP = 0.05, "E1.performance_drop.metric", "Five points of a metric: an accuracy of 0.95 means twice as many errors.";
    PERFORMANCE_DROP_POSSIBLE = 0.02, "E1.performance_drop.metric_possible", "Two points, when certain.";
    ERROR_GROWTH = 0.25, "E1.performance_drop.mae", "A quarter more error than was evaluated.";
    ERROR_GROWTH_POSSIBLE = 0.1, "E1.performance_drop.mae_possible", "A tenth more, when certain.";

    THRESHOLD_MOVED = 0.01, "E2.threshold.moved", "Intervals of the threshold that lie a hundredth of the score's range apart are not rounding.";
    THRESHOLD_ANSWERS_CHANGED = 0.005, "E2.threshold.answers_changed", "One served row in two hundred gets another answer by it.";
    THRESHOLD_REGRET = 0.05, "E2.threshold.f1_regret", "Five points of F1 for the price of changing one number.";
    THRESHOLD_REGRET_POSSIBLE = 0.02, "E2.threshold.f1_regret_possible", "Two points; a default of 0.5 seldom costs more.";
    YOUDEN_REGRET_POSSIBLE = 0.1, "E2.threshold.youden_regret", "Ten points of recall and specificity together: fine if misses are cheap, so never more than possible.";

    COST_OVER_CONSTANT = 0.01, "E3.expected_value.over_constant", "One hundredth of all that wrong answers cost: under it a model and a constant answer are worth the same.";
    COST_SAVING = 0.1, "E3.expected_value.saving", "A tenth of what wrong answers cost, for the price of changing one number.";
    COST_SAVING_POSSIBLE = 0.03, "E3.expected_value.saving_possible", "Three hundredths; the costs themselves are seldom known better.";
    KPI_CHANGE = 2.0, "E3.kpi_series.change", "From the first to the last point the line moves by twice the scatter about it: a chart shows it at a glance.";
    KPI_CHANGE_POSSIBLE = 1.0, "E3.kpi_series.change_possible", "As much as the scatter about it.";
    KPI_POINTS = 12.0, "E3.kpi_series.points", "Fewer points in the time that both cover can't show a trend with certainty.";

    ANSWER_MISSING = 0.005, "S1.predictions.missing", "One row in two hundred has no prediction. A healthy service predicts for all rows.";
    ANSWER_MISSING_POSSIBLE = 0.002, "S1.predictions.missing_possible", "One row in five hundred.";
    ANSWER_MISSING_RATIO = 2.0, "S1.predictions.missing_ratio", "Where training also has rows without a prediction, serving must have twice as many.";
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

    LATENCY_RATIO = 2.0, "P3.latency.ratio", "Users notice when a request takes twice its usual time.";
    LATENCY_RATIO_POSSIBLE = 1.5, "P3.latency.ratio_possible", "One and a half times the usual time.";
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
    OUTAGE_OVER_TRAIN = 3.0, "M1.outage_window.over_train", "Training rows also have windows without the value. By chance, the worst window of another period often has twice the score; three times is more than chance.";
    OUTAGE_OVER_TRAIN_POSSIBLE = 2.0, "M1.outage_window.over_train_possible", "Twice the score of the worst window in training.";
    GAP_ROWS = 10.0, "M1.outage_window.expected_rows", "Ten rows were expected and none arrived.";
    GAP_OVER_OTHERS = 2.0, "M1.outage_window.over_others", "Twice the longest other gap.";
    GAP_OVER_OTHERS_POSSIBLE = 1.25, "M1.outage_window.over_others_possible", "A quarter longer than the longest other gap.";
    TREND = 0.5, "M1.gradual_drift.change", "Half a standard deviation from the first to the last row is easy to see in a chart.";
    TREND_POSSIBLE = 0.3, "M1.gradual_drift.change_possible", "About one third of a standard deviation.";
    TREND_OVER_TRAIN = 2.0, "M1.gradual_drift.over_train", "Twice the change of the column during training.";
    PERFORMANCE_LOST = 0.05, "M1.performance_over_time.drop", "Five points of accuracy or ROC AUC. At an accuracy of 0.95 this doubles the errors.";
    PERFORMANCE_LOST_POSSIBLE = 0.03, "M1.performance_over_time.drop_possible", "Three points. A seasonal effect can be as large.";
    ERROR_GROWN = 0.25, "M1.performance_over_time.mae", "The error is a quarter larger than before.";
    ERROR_GROWN_POSSIBLE = 0.15, "M1.performance_over_time.mae_possible", "About half of that.";
    DROP_EXPECTED = 0.5, "M1.performance_over_time.expected", "When the scores predict at least half of the drop, harder rows explain it.";
    PERFORMANCE_CHUNKS = 3.0, "M1.performance_over_time.chunks", "With fewer chunks before or after a date, one unusual chunk decides.";
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
    ALERT_GAP_STEPS = 3.0, "M3.alert_rules.gap_steps", "A gap of more than three steps between points ends a breach: nobody knows what happened in between.";
    ALERT_ABSENT_STEPS = 2.0, "M3.alert_rules.absent_steps", "One late point is normal. After two steps without a point the signal is absent.";
    INCIDENTS_UNNOTICED = 1.0, "M3.alert_rules.unnoticed", "One incident that no rule detects is enough to review the rules.";
    SIGNALS_WITHOUT_RULE = 1.0, "M3.alert_rules.without_rule", "One signal without a rule can fail unnoticed.";
}
