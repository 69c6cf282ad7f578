//! The one check that would settle a suspicion.

use crate::detectors::words::names;
use domain::Cause::{self, *};

/// The check, with the suspect's columns in it.
pub fn check(cause: Cause, columns: &[String]) -> String {
    let which = if columns.is_empty() { "the column".to_owned() } else { names(columns) };
    match cause {
        UnitScale => format!("Take one served row, look up its true {which} at the source, and compare the unit."),
        NormalisationMismatch => format!(
            "Run one raw serve row through the training pipeline and compare {which} before and after the scaler."
        ),
        OffsetShift => format!("Take one served row and compare {which} with its time at the source in UTC."),
        EncodingOrder | CategoryRecode => format!(
            "Print the mapping of codes for {which} from the training encoder and from the service, side by side."
        ),
        ColumnSwap => format!(
            "Log one request with the names and values in the order the model receives them, and look at {which}."
        ),
        ColumnMissing => format!("Look at what the service puts in place of {which} in one request."),
        ColumnAdded => format!("Check that the model selects its features by name; then {which} changes nothing."),
        TypeChange => format!("Look at {which} in one raw request and at what the parser makes of it."),
        NullSurge => {
            format!("Find the first row in which {which} is missing, and the release or source change at that time.")
        }
        SentinelValues => format!("Ask the owner of the source what the repeated value of {which} stands for."),
        ImpossibleValues => format!("Recompute {which} by hand for one of the rows."),
        InconsistentCategories => {
            format!("Normalise the spelling of {which} on both sides and run this diagnosis again: it should be clear.")
        }
        UnseenCategory => format!("Ask whether the new values of {which} are real or a new name for known ones."),
        OutOfRange => {
            format!("Look at the rows outside the training range of {which} and whether the model is right on them.")
        }
        ImputationDifference => format!("Compare how the training pipeline and the service fill a missing {which}."),
        DistributionShift => {
            format!("Split {which} by source and by day: a real change of the rows is gradual or has a known date.")
        }
        PriorShift => {
            "Weigh the training rows to the new label share and compare the features again: they should agree.".into()
        }
        ConceptDrift => "Compare the error by feature value on old and new labelled rows.".into(),
        GradualDrift => format!("Plot {which} by day and look for its onset."),
        OutageWindow => "Look at the source's incident log for that window.".into(),
        RoundingLoss => format!("Compare the stored precision of {which} offline and online for ten rows."),
        StaleFeature => format!("Compare the time at which {which} was computed with the time of the request."),
        LabelLeakage => format!("Train again without {which} and compare the test score."),
        LabelNoise | ConflictingLabels => "Have twenty of the listed rows labelled again by somebody else.".into(),
        LabelDefinitionChange => "Ask the owner of the label what changed in its definition, and when.".into(),
        ClassImbalance => {
            "Score the model on rows with their natural shares, and on the rare ones by themselves.".into()
        }
        RowOverlap | EntityOverlap | TimeOverlap => "Remove the shared rows from the test set and score again.".into(),
        Overfitting | Underfitting | TrainingDivergence | SeedVariance => {
            "Train again with the change the curve suggests, with three seeds.".into()
        }
        WrongMetric => "State the cost of each kind of error, and rank the models by it.".into(),
        WeakSlice => "Look at fifty rows of the slice with their labels.".into(),
        Miscalibration => "Recalibrate on recent labelled rows and compare the reliability diagrams.".into(),
        ThresholdMisset => "Read the threshold from the running service's configuration.".into(),
        KpiMismatch => "Run an A/B test on the KPI.".into(),
        NanPredictions | ConstantPredictions => {
            "Send one of the affected rows to the service and to the model in a notebook.".into()
        }
        OfflineOnlineMismatch => "Score ten served rows with the released model on the offline features.".into(),
        EnvironmentDifference => "Run the same rows in both environments.".into(),
        WrongModelVersion => {
            "Compare the digest of the model file in the running container with the registered one.".into()
        }
        NoRollback => "Try the rollback in a staging environment.".into(),
        MixedVersions => "Ask every replica for its model version.".into(),
        UnderProvisioned | LatencySpike | ErrorRate => "Repeat the load in staging with the production limits.".into(),
        MissingLogging | UnmonitoredSignal | AlertGap => {
            "Add the signal and check that it appears within the hour.".into()
        }
    }
}
