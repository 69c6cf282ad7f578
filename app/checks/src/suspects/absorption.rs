//! Which cause explains which alarms away: the specific explains the general, upstream explains downstream. Data, not code:
//! a new cause is a few rows here.

use domain::Cause::{self, *};

/// What a rule takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Findings that speak for this cause.
    Cause(Cause),
    /// Findings of this detector, whatever they speak for.
    Detector(&'static str),
}

/// Where the absorbed finding must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// On columns of the absorbing finding.
    SameColumns,
    /// On any column: a consequence for the whole model.
    Anywhere,
}

/// How large the absorbed alarm may be, so that the cause is enough to bring it about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    None,
    /// The column may differ by no more than the share of rows the cause touches (a distribution function can't move by
    /// more than the rows that moved).
    ShareOfRows,
    /// The column must differ by more than the share of rows this smaller finding touches.
    MoreThanItsShare,
    /// The feature may differ by no more than the label does: with `p(x | y)` unchanged, no distribution function of `x`
    /// moves by more than the label's shares do (total variation).
    LabelShift,
    /// The feature must differ by more than the label does: then the rows changed, and the label with them.
    MoreThanLabelShift,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub cause: Cause,
    pub scope: Scope,
    pub limit: Limit,
    pub absorbs: &'static [Target],
}

const fn same(cause: Cause, absorbs: &'static [Target]) -> Rule {
    Rule { cause, scope: Scope::SameColumns, limit: Limit::None, absorbs }
}
const fn limited(cause: Cause, limit: Limit, absorbs: &'static [Target]) -> Rule {
    Rule { cause, scope: Scope::SameColumns, limit, absorbs }
}
const fn anywhere(cause: Cause, absorbs: &'static [Target]) -> Rule {
    Rule { cause, scope: Scope::Anywhere, limit: Limit::None, absorbs }
}

macro_rules! causes {
    ($($cause:ident)*) => { &[$(Target::Cause($cause)),*] };
}

/// What the model answers changed: a consequence of nearly everything upstream.
const OUTPUT: &[Target] = &[Target::Detector("D1.prediction_shift")];
/// The same, and answers that are missing, constant or impossible: what broken inputs make of a model.
const BROKEN_OUTPUT: &[Target] = &[
    Target::Detector("D1.prediction_shift"),
    Target::Detector("S1.predictions"),
    Target::Detector("M1.performance_over_time"),
];
/// The same, and answers that are not those the training pipeline's features give.
const OUTPUT_AND_PARITY: &[Target] = &[
    Target::Detector("D1.prediction_shift"),
    Target::Detector("S1.predictions"),
    Target::Detector("S3.paired_predictions"),
    Target::Detector("P1.paired_predictions"),
    Target::Detector("M1.performance_over_time"),
];
/// Answers that are not those the training pipeline gives, on the same rows.
const PARITY: &[Target] = &[
    Target::Detector("D1.prediction_shift"),
    Target::Detector("S3.paired_predictions"),
    Target::Detector("P1.paired_predictions"),
];
/// Answers that differ from the released model's on the same rows.
const OTHER_ANSWERS: &[Target] = &[
    Target::Detector("D1.prediction_shift"),
    Target::Detector("S3.paired_predictions"),
    Target::Detector("M1.performance_over_time"),
];

/// Alarms on several columns together: whatever is wrong with one column by name is the better explanation.
const TOGETHER: &[Target] = &[Target::Detector("D1.joint_shift"), Target::Detector("T1.coverage")];
/// Feature values that differ row by row, by no rule that was found.
const ROW_MISMATCH: &[Target] = causes!(OfflineOnlineMismatch);

pub const RULES: &[Rule] = &[
    // A column that is altogether another one.
    same(
        ColumnSwap,
        causes!(TypeChange CategoryRecode EncodingOrder UnitScale NormalisationMismatch OffsetShift
        ImputationDifference SentinelValues InconsistentCategories ImpossibleValues OutOfRange UnseenCategory NullSurge DistributionShift),
    ),
    // Codes and spellings.
    same(InconsistentCategories, causes!(CategoryRecode EncodingOrder UnseenCategory DistributionShift)),
    same(CategoryRecode, causes!(TypeChange UnseenCategory DistributionShift)),
    same(
        TypeChange,
        causes!(UnitScale NormalisationMismatch OffsetShift ImputationDifference SentinelValues ImpossibleValues
        OutOfRange UnseenCategory NullSurge DistributionShift),
    ),
    // Scales and offsets.
    same(
        UnitScale,
        causes!(NormalisationMismatch OffsetShift EncodingOrder ImputationDifference SentinelValues ImpossibleValues
        OutOfRange DistributionShift),
    ),
    same(
        NormalisationMismatch,
        causes!(OffsetShift EncodingOrder ImputationDifference SentinelValues ImpossibleValues OutOfRange
        DistributionShift),
    ),
    same(OffsetShift, causes!(EncodingOrder ImpossibleValues OutOfRange DistributionShift)),
    same(EncodingOrder, causes!(TypeChange ImputationDifference OutOfRange DistributionShift)),
    // Values that stand for others, as far as the rows they touch go.
    same(ImputationDifference, causes!(SentinelValues NullSurge OutOfRange)),
    limited(ImputationDifference, Limit::ShareOfRows, causes!(DistributionShift)),
    same(SentinelValues, causes!(ImpossibleValues OutOfRange)),
    limited(SentinelValues, Limit::ShareOfRows, causes!(NullSurge DistributionShift)),
    limited(ImpossibleValues, Limit::ShareOfRows, causes!(OutOfRange DistributionShift)),
    limited(NullSurge, Limit::ShareOfRows, causes!(UnseenCategory DistributionShift)),
    limited(UnseenCategory, Limit::ShareOfRows, causes!(DistributionShift)),
    limited(OutOfRange, Limit::ShareOfRows, causes!(DistributionShift)),
    limited(DistributionShift, Limit::MoreThanItsShare, causes!(OutOfRange UnseenCategory)),
    // Seen over time or row by row, an alarm on the distribution has a better name.
    same(OutageWindow, causes!(NullSurge SentinelValues ImputationDifference DistributionShift)),
    same(GradualDrift, causes!(UnitScale OffsetShift NormalisationMismatch OutOfRange DistributionShift)),
    same(StaleFeature, causes!(DistributionShift OutOfRange)),
    same(
        RoundingLoss,
        causes!(ImputationDifference SentinelValues EncodingOrder TypeChange OutOfRange DistributionShift),
    ),
    // The same rows have other values: neither drift nor a rule that was found.
    same(OfflineOnlineMismatch, causes!(OutOfRange DistributionShift)),
    same(ColumnSwap, ROW_MISMATCH),
    same(InconsistentCategories, ROW_MISMATCH),
    same(CategoryRecode, ROW_MISMATCH),
    same(TypeChange, ROW_MISMATCH),
    same(UnitScale, ROW_MISMATCH),
    same(NormalisationMismatch, ROW_MISMATCH),
    same(OffsetShift, ROW_MISMATCH),
    same(EncodingOrder, ROW_MISMATCH),
    same(ImputationDifference, ROW_MISMATCH),
    same(SentinelValues, ROW_MISMATCH),
    same(NullSurge, ROW_MISMATCH),
    same(ImpossibleValues, ROW_MISMATCH),
    same(UnseenCategory, ROW_MISMATCH),
    same(OutageWindow, ROW_MISMATCH),
    same(GradualDrift, ROW_MISMATCH),
    same(RoundingLoss, ROW_MISMATCH),
    same(
        LabelLeakage,
        causes!(ColumnMissing TypeChange UnitScale NullSurge SentinelValues ImputationDifference OutOfRange
        UnseenCategory DistributionShift),
    ),
    // The rows and their labels.
    Rule {
        cause: PriorShift,
        scope: Scope::Anywhere,
        limit: Limit::LabelShift,
        absorbs: causes!(DistributionShift EncodingOrder CategoryRecode),
    },
    Rule {
        cause: DistributionShift,
        scope: Scope::Anywhere,
        limit: Limit::MoreThanLabelShift,
        absorbs: causes!(PriorShift),
    },
    anywhere(LabelDefinitionChange, causes!(ConceptDrift PriorShift ClassImbalance)),
    anywhere(ConceptDrift, causes!(PriorShift)),
    // A copied row brings its entity along.
    anywhere(RowOverlap, causes!(EntityOverlap)),
    anywhere(PriorShift, causes!(ClassImbalance Miscalibration)),
    // Several columns together: a cause with a name on one of them comes first.
    anywhere(ColumnSwap, TOGETHER),
    anywhere(ColumnMissing, TOGETHER),
    anywhere(TypeChange, TOGETHER),
    anywhere(InconsistentCategories, TOGETHER),
    anywhere(CategoryRecode, TOGETHER),
    anywhere(EncodingOrder, TOGETHER),
    anywhere(UnitScale, TOGETHER),
    anywhere(NormalisationMismatch, TOGETHER),
    anywhere(OffsetShift, TOGETHER),
    anywhere(ImputationDifference, TOGETHER),
    anywhere(RoundingLoss, TOGETHER),
    anywhere(StaleFeature, TOGETHER),
    anywhere(SentinelValues, TOGETHER),
    anywhere(NullSurge, TOGETHER),
    anywhere(ImpossibleValues, TOGETHER),
    anywhere(UnseenCategory, TOGETHER),
    anywhere(OutOfRange, TOGETHER),
    anywhere(OutageWindow, TOGETHER),
    anywhere(GradualDrift, TOGETHER),
    anywhere(LabelLeakage, TOGETHER),
    anywhere(OfflineOnlineMismatch, TOGETHER),
    anywhere(ConceptDrift, TOGETHER),
    anywhere(LabelDefinitionChange, TOGETHER),
    anywhere(PriorShift, TOGETHER),
    anywhere(DistributionShift, TOGETHER),
    anywhere(ClassImbalance, &[Target::Detector("T1.coverage")]),
    // What the model answers.
    anywhere(ColumnSwap, OUTPUT_AND_PARITY),
    anywhere(ColumnMissing, OUTPUT_AND_PARITY),
    anywhere(TypeChange, OUTPUT_AND_PARITY),
    anywhere(InconsistentCategories, OUTPUT_AND_PARITY),
    anywhere(CategoryRecode, OUTPUT_AND_PARITY),
    anywhere(EncodingOrder, OUTPUT_AND_PARITY),
    anywhere(UnitScale, OUTPUT_AND_PARITY),
    anywhere(NormalisationMismatch, OUTPUT_AND_PARITY),
    anywhere(OffsetShift, OUTPUT_AND_PARITY),
    anywhere(ImputationDifference, OUTPUT_AND_PARITY),
    anywhere(RoundingLoss, OUTPUT_AND_PARITY),
    anywhere(StaleFeature, OUTPUT_AND_PARITY),
    anywhere(SentinelValues, BROKEN_OUTPUT),
    anywhere(NullSurge, BROKEN_OUTPUT),
    anywhere(ImpossibleValues, BROKEN_OUTPUT),
    anywhere(UnseenCategory, OUTPUT),
    anywhere(OutOfRange, OUTPUT),
    anywhere(OutageWindow, BROKEN_OUTPUT),
    anywhere(GradualDrift, OUTPUT),
    anywhere(DistributionShift, OUTPUT),
    anywhere(LabelLeakage, OUTPUT),
    anywhere(PriorShift, OUTPUT),
    anywhere(NanPredictions, OUTPUT),
    anywhere(ConstantPredictions, OTHER_ANSWERS),
    anywhere(ThresholdMisset, &[Target::Detector("D1.prediction_shift"), Target::Detector("M1.performance_over_time")]),
    anywhere(OfflineOnlineMismatch, OUTPUT),
    // A feature that differs row by row explains other answers (no detector explains its own findings).
    anywhere(OfflineOnlineMismatch, &[Target::Detector("S3.paired_predictions")]),
    anywhere(WrongModelVersion, OTHER_ANSWERS),
    // Another file is the reason for answers that point at one (no detector explains its own findings).
    anywhere(WrongModelVersion, &[Target::Detector("P1.paired_predictions")]),
    // Other libraries answer otherwise on the same features.
    anywhere(EnvironmentDifference, PARITY),
    // Too little memory or processor time: late answers and none.
    anywhere(UnderProvisioned, causes!(LatencySpike ErrorRate)),
    anywhere(MixedVersions, OUTPUT),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The two ends of a limit are each other's opposite, so such a pair of rules can't both apply.
    fn opposite(a: Limit, b: Limit) -> bool {
        matches!(
            (a, b),
            (Limit::ShareOfRows, Limit::MoreThanItsShare)
                | (Limit::MoreThanItsShare, Limit::ShareOfRows)
                | (Limit::LabelShift, Limit::MoreThanLabelShift)
                | (Limit::MoreThanLabelShift, Limit::LabelShift)
        )
    }

    #[test]
    fn no_two_causes_explain_each_other_away() {
        for rule in RULES {
            for target in rule.absorbs {
                let Target::Cause(absorbed) = *target else { continue };
                assert_ne!(absorbed, rule.cause);
                let back = RULES
                    .iter()
                    .filter(|other| other.cause == absorbed && other.absorbs.contains(&Target::Cause(rule.cause)));
                for other in back {
                    assert!(opposite(rule.limit, other.limit), "{:?} and {absorbed:?} absorb each other", rule.cause);
                }
            }
        }
    }
}
