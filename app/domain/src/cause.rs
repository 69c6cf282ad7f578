//! The closed vocabulary of causes: what a suspect can be accused of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::layer::Item;

// `$id` is a `tt`: derives do not see through a `literal` in an attribute.
macro_rules! causes {
    ($($variant:ident $id:tt $item:ident $words:literal;)*) => {
        /// A reason why two things that should agree do not. The id is stable: other programs match on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        pub enum Cause { $(#[serde(rename = $id)] $variant,)* }

        impl Cause {
            pub const ALL: &'static [Cause] = &[$(Cause::$variant,)*];
            /// The stable id, as in JSON.
            pub fn id(self) -> &'static str { match self { $(Cause::$variant => $id,)* } }
            /// The checklist item whose question this cause answers.
            pub fn item(self) -> Item { match self { $(Cause::$variant => Item::$item,)* } }
            /// A few words for a heading.
            pub fn words(self) -> &'static str { match self { $(Cause::$variant => $words,)* } }
        }
    };
}

causes! {
    DistributionShift "distribution_shift" D1 "distribution shifted";
    PriorShift "prior_shift" D1 "label share shifted";
    ConceptDrift "concept_drift" M1 "relation to the label changed";
    GradualDrift "gradual_drift" M1 "drifting over time";
    OutageWindow "outage_window" M1 "outage in a time window";
    ColumnMissing "column_missing" D2 "column missing";
    ColumnAdded "column_added" D2 "column added";
    TypeChange "type_change" D2 "type changed";
    ColumnSwap "column_swap" D2 "columns swapped";
    NullSurge "null_surge" D3 "missing values surged";
    RowsMultiplied "rows_multiplied" D3 "rows multiplied";
    SentinelValues "sentinel_values" D3 "sentinel values";
    InconsistentCategories "inconsistent_categories" D3 "spelling variants";
    CategoryRecode "category_recode" F2 "categories recoded";
    UnseenCategory "unseen_category" F3 "unseen category";
    ImpossibleValues "impossible_values" D3 "impossible values";
    OutOfRange "out_of_range" F3 "outside the training range";
    UnitScale "unit_scale" F2 "unit or scale changed";
    OffsetShift "offset_shift" F2 "constant offset";
    NormalisationMismatch "normalisation_mismatch" F2 "normalised on one side only";
    EncodingOrder "encoding_order" F2 "encoding order changed";
    ImputationDifference "imputation_difference" F1 "imputed differently";
    RoundingLoss "rounding_loss" F1 "precision lost";
    StaleFeature "stale_feature" F1 "stale feature";
    LabelLeakage "label_leakage" D4 "label leaks into a feature";
    LabelNoise "label_noise" T2 "wrong labels";
    ConflictingLabels "conflicting_labels" T2 "conflicting labels";
    LabelDefinitionChange "label_definition_change" T2 "label definition changed";
    LabelsNotRipe "labels_not_ripe" T2 "newest labels not yet known";
    ClassImbalance "class_imbalance" T1 "class imbalance";
    RowOverlap "row_overlap" T3 "rows shared between splits";
    EntityOverlap "entity_overlap" T3 "entities shared between splits";
    TimeOverlap "time_overlap" T3 "splits overlap in time";
    Overfitting "overfitting" T4 "overfitting";
    Underfitting "underfitting" T4 "underfitting";
    TrainingDivergence "training_divergence" T4 "training diverged";
    SeedVariance "seed_variance" T4 "retraining varies";
    ScoreReversed "score_reversed" E1 "scores point the wrong way";
    WrongMetric "wrong_metric" E1 "wrong metric";
    WeakSlice "weak_slice" E1 "weak slice";
    Miscalibration "miscalibration" E1 "miscalibrated";
    ThresholdMisset "threshold_misset" E2 "threshold misset";
    KpiMismatch "kpi_mismatch" E3 "metric and KPI disagree";
    NanPredictions "nan_predictions" S1 "predictions not a number";
    ConstantPredictions "constant_predictions" S1 "constant predictions";
    OfflineOnlineMismatch "offline_online_mismatch" S3 "offline and online disagree";
    EnvironmentDifference "environment_difference" S3 "environments differ";
    WrongModelVersion "wrong_model_version" P1 "wrong model deployed";
    NoRollback "no_rollback" P2 "no rollback target";
    MixedVersions "mixed_versions" P2 "versions mixed in traffic";
    UnderProvisioned "under_provisioned" P3 "under-provisioned";
    LatencySpike "latency_spike" P3 "latency spike";
    ErrorRate "error_rate" P3 "error rate";
    MissingLogging "missing_logging" S2 "logging is missing";
    UnmonitoredSignal "unmonitored_signal" M1 "unmonitored signal";
    AlertGap "alert_gap" M3 "alert gap";
}
