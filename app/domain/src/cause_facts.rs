//! What is known of every cause, in one table: where it comes from, how specific it is, and the check that settles it.

use crate::cause::Cause;

/// Where a cause comes from. It decides which consequences the cause has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The code that makes features from the source data.
    Pipeline,
    /// The source data, or the real world that it describes.
    World,
    /// The labels, and their relation to the features.
    Labels,
    /// How the model was trained, tested and set.
    Model,
    /// What runs and watches the model.
    Platform,
}

/// How precisely a cause says what to repair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Specificity {
    /// A cause explains another one only if its rank is higher, unless a measured limit decides between the two.
    pub rank: u8,
    /// The factor of the score of a suspect with this cause, from 0 to 1.
    pub weight: f64,
}

/// What is known of one cause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facts {
    pub origin: Origin,
    pub specificity: Specificity,
    /// Whether it is a weakness that was there before the incident: it says less than anything that changed.
    pub stood_before: bool,
    /// The one check that would settle the suspicion; `{columns}` stands for the suspect's columns.
    pub settle: &'static str,
}

macro_rules! facts {
    ($($cause:ident $origin:ident $rank:literal $weight:literal $stood_before:literal $settle:expr;)*) => {
        impl Cause {
            /// What is known of this cause.
            pub const fn facts(self) -> Facts {
                match self {
                    $(Cause::$cause => Facts {
                        origin: Origin::$origin,
                        specificity: Specificity { rank: $rank, weight: $weight },
                        stood_before: $stood_before,
                        settle: $settle,
                    },)*
                }
            }
        }
    };
}

// Checks that several causes share.
const MAPPINGS: &str =
    "Print the mapping of codes for {columns} from the training encoder and from the service, side by side.";
const LABEL_AGAIN: &str = "Have twenty of the listed rows labelled again by somebody else.";
const WITHOUT_SHARED: &str = "Remove the shared rows from the test set and score again.";
const TRAIN_AGAIN: &str = "Train again with the change the curve suggests, with three seeds.";
const SEND_A_ROW: &str = "Send one of the affected rows to the service and to the model in a notebook.";
const REPEAT_LOAD: &str = "Repeat the load in staging with the production limits.";
const ADD_SIGNAL: &str = "Add the signal and check that it appears within the hour.";

// Cause, origin, rank, weight, whether it stood before, and the check. From the most specific cause to the least.
facts! {
    ColumnSwap Pipeline 14 1.0 false
        "Log one request with the names and values in the order the model receives them, and look at {columns}.";
    ScoreReversed Model 14 1.0 false
        "Compare the order of the classes in the model with the column that is stored as the score.";
    InconsistentCategories Pipeline 13 1.0 false
        "Normalise the spelling of {columns} on both sides and run this diagnosis again: it should be clear.";
    LabelLeakage Labels 13 1.0 false "Train again without {columns} and compare the test score.";
    RoundingLoss Pipeline 13 1.0 false "Compare the stored precision of {columns} offline and online for ten rows.";
    StaleFeature Pipeline 13 1.0 false
        "Compare the time at which {columns} was computed with the time of the request.";
    GradualDrift World 13 1.0 false "Plot {columns} by day and look for its onset.";
    OutageWindow World 13 1.0 false "Look at the source's incident log for that window.";
    LabelsNotRipe Labels 14 1.0 false
        "Leave out the newest rows until their labels are final, and run this diagnosis again: it should be clear.";
    LabelDefinitionChange Labels 13 1.0 false "Ask the owner of the label what changed in its definition, and when.";
    RowOverlap Model 13 1.0 false WITHOUT_SHARED;
    ThresholdMisset Model 13 1.0 false "Read the threshold from the running service's configuration.";
    WrongModelVersion Platform 13 1.0 false
        "Compare the digest of the model file in the running container with the registered one.";
    EnvironmentDifference Platform 13 1.0 false "Run the same rows in both environments.";
    MixedVersions Platform 13 1.0 false "Ask every replica for its model version.";
    UnderProvisioned Platform 13 1.0 false REPEAT_LOAD;
    CategoryRecode Pipeline 12 1.0 false MAPPINGS;
    ColumnMissing Pipeline 12 1.0 false "Look at what the service puts in place of {columns} in one request.";
    EntityOverlap Model 12 1.0 false WITHOUT_SHARED;
    TimeOverlap Model 12 1.0 false WITHOUT_SHARED;
    RowsMultiplied Pipeline 12 1.0 false
        "Take one repeated {columns} and count its rows before and after each join that builds the table.";
    TypeChange Pipeline 11 1.0 false "Look at {columns} in one raw request and at what the parser makes of it.";
    UnitScale Pipeline 10 1.0 false
        "Take one served row, look up its true {columns} at the source, and compare the unit.";
    NormalisationMismatch Pipeline 9 1.0 false
        "Run one raw serve row through the training pipeline and compare {columns} before and after the scaler.";
    OffsetShift Pipeline 8 1.0 false "Take one served row and compare {columns} with its value at the source; of hours and dates, compare the time zones.";
    EncodingOrder Pipeline 7 1.0 false MAPPINGS;
    ImputationDifference Pipeline 6 1.0 false
        "Compare how the training pipeline and the service fill a missing {columns}.";
    SentinelValues World 5 1.0 false "Ask the owner of the source what the repeated value of {columns} stands for.";
    NanPredictions Model 5 1.0 false SEND_A_ROW;
    ConstantPredictions Model 5 1.0 false SEND_A_ROW;
    ImpossibleValues World 4 1.0 false "Recompute {columns} by hand for one of the rows.";
    NullSurge World 4 1.0 false
        "Find the first row in which {columns} is missing, and the release or source change at that time.";
    UnseenCategory World 4 1.0 false
        "Ask whether the new values of {columns} are real or a new name for known ones.";
    LabelNoise Labels 4 1.0 false LABEL_AGAIN;
    ConflictingLabels Labels 4 1.0 true LABEL_AGAIN;
    OfflineOnlineMismatch Pipeline 3 1.0 false
        "Score ten served rows with the released model on the offline features.";
    ConceptDrift Labels 3 1.0 false "Compare the error by feature value on old and new labelled rows.";
    OutOfRange World 2 0.8 false
        "Look at the rows outside the training range of {columns} and whether the model is right on them.";
    DistributionShift World 2 0.8 false
        "Split {columns} by source and by day: a real change of the rows is gradual or has a known date.";
    PriorShift World 2 0.8 false
        "Weigh the training rows to the new label share and compare the features again: they should agree.";
    Overfitting Model 2 1.0 false TRAIN_AGAIN;
    Underfitting Model 2 1.0 false TRAIN_AGAIN;
    TrainingDivergence Model 2 1.0 false TRAIN_AGAIN;
    SeedVariance Model 2 1.0 false TRAIN_AGAIN;
    WrongMetric Model 2 1.0 true "State the cost of each kind of error, and rank the models by it.";
    KpiMismatch Model 2 1.0 false "Run an A/B test on the KPI.";
    ClassImbalance Labels 1 0.8 false
        "Score the model on rows with their natural shares, and on the rare ones by themselves.";
    Miscalibration Model 1 1.0 false "Recalibrate on recent labelled rows and compare the reliability diagrams.";
    LatencySpike Platform 1 1.0 false REPEAT_LOAD;
    ErrorRate Platform 1 1.0 false REPEAT_LOAD;
    MissingLogging Platform 1 1.0 false ADD_SIGNAL;
    WeakSlice Model 1 1.0 true "Look at fifty rows of the slice with their labels.";
    NoRollback Platform 1 1.0 true "Try the rollback in a staging environment.";
    UnmonitoredSignal Platform 1 1.0 true ADD_SIGNAL;
    AlertGap Platform 1 1.0 true ADD_SIGNAL;
    ColumnAdded Pipeline 1 0.3 false
        "Check that the model selects its features by name; then {columns} changes nothing.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_can_be_settled_by_a_whole_sentence() {
        for cause in Cause::ALL {
            let settle = cause.facts().settle;
            assert!(settle.len() > 10 && settle.ends_with('.'), "{}: {settle:?}", cause.id());
            assert!(!settle.replace("{columns}", "").contains(['{', '}']), "{}: {settle:?}", cause.id());
        }
    }

    #[test]
    fn every_cause_weighs_something_and_at_most_one() {
        for cause in Cause::ALL {
            let Specificity { rank, weight } = cause.facts().specificity;
            assert!(rank > 0 && weight > 0.0 && weight <= 1.0, "{}: {rank}, {weight}", cause.id());
        }
    }
}
