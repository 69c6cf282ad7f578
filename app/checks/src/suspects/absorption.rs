//! Which cause explains which alarms away: the specific explains the general, upstream explains downstream. Data, not code.
//!
//! What every cause of one origin brings about is in [`consequences`](super::consequences); the rows here say the rest.

use crate::detectors::serving::paired_predictions;
use crate::detectors::training::representation;
use domain::Cause::{self, *};
use domain::DetectorId;

/// What a rule takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Findings that speak for this cause.
    Cause(Cause),
    /// Findings of this detector, whatever they speak for.
    Detector(&'static DetectorId),
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
    /// moves by more than the label's shares do (total variation), and with `p(y | x)` unchanged, the label moves by no more
    /// than `x`. Nor may the features explain the label's move.
    LabelShift,
    /// The feature must differ by more than the label does, or the features explain the label's move: then the rows changed,
    /// and the label with them.
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

const THIN_GROUPS: &[Target] = &[Target::Detector(&representation::DETECTOR.id)];
const PAIRED_PREDICTIONS: &[Target] = &[Target::Detector(&paired_predictions::DETECTOR.id)];

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

/// The rows that name single causes. Without a limit, a row must go from a higher rank of specificity to a lower one (see
/// [`Specificity`](domain::Specificity)), or it has no effect; a test says so.
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
    // A value that many rows have is moved with all others.
    same(
        OffsetShift,
        causes!(EncodingOrder ImputationDifference SentinelValues ImpossibleValues OutOfRange DistributionShift),
    ),
    // Codes in another order keep their type: if that changed too, there are two faults.
    same(EncodingOrder, causes!(ImputationDifference OutOfRange DistributionShift)),
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
    same(
        OutageWindow,
        causes!(NullSurge SentinelValues ImputationDifference ImpossibleValues UnseenCategory OutOfRange DistributionShift),
    ),
    same(
        GradualDrift,
        causes!(UnitScale OffsetShift NormalisationMismatch ImputationDifference OutOfRange DistributionShift),
    ),
    same(StaleFeature, causes!(DistributionShift OutOfRange)),
    same(
        RoundingLoss,
        causes!(ImputationDifference SentinelValues EncodingOrder TypeChange OutOfRange DistributionShift),
    ),
    // The same rows have other values: neither drift nor a rule that was found.
    same(OfflineOnlineMismatch, causes!(OutOfRange DistributionShift)),
    // The same quantity in another unit is a fault of its own: what leaks is told first, and not instead of it.
    same(
        LabelLeakage,
        causes!(ColumnMissing TypeChange NullSurge SentinelValues ImputationDifference OutOfRange
        UnseenCategory DistributionShift),
    ),
    // Copies of rows move what goes with being copied, by no more than their share.
    Rule {
        cause: RowsMultiplied,
        scope: Scope::Anywhere,
        limit: Limit::ShareOfRows,
        absorbs: causes!(DistributionShift OutOfRange PriorShift NullSurge),
    },
    // The rows and their labels.
    Rule {
        cause: PriorShift,
        scope: Scope::Anywhere,
        limit: Limit::LabelShift,
        absorbs: causes!(DistributionShift GradualDrift EncodingOrder CategoryRecode),
    },
    Rule {
        cause: DistributionShift,
        scope: Scope::Anywhere,
        limit: Limit::MoreThanLabelShift,
        absorbs: causes!(PriorShift),
    },
    anywhere(LabelsNotRipe, causes!(ConceptDrift PriorShift ClassImbalance Miscalibration WeakSlice)),
    anywhere(LabelDefinitionChange, causes!(ConceptDrift PriorShift ClassImbalance Miscalibration WeakSlice)),
    anywhere(ConceptDrift, causes!(PriorShift ClassImbalance Miscalibration WeakSlice)),
    // Labels that are wrong in train only have other shares elsewhere.
    anywhere(LabelNoise, causes!(PriorShift ClassImbalance Miscalibration)),
    anywhere(LabelLeakage, causes!(ConceptDrift)),
    // A copied row brings its entity along.
    anywhere(RowOverlap, causes!(EntityOverlap)),
    anywhere(PriorShift, causes!(ClassImbalance Miscalibration)),
    // A thin group is what an imbalance of the classes looks like on several columns.
    anywhere(ClassImbalance, THIN_GROUPS),
    // Answers that differ on the same rows: from a feature that differs row by row, and from answers that are all one.
    anywhere(OfflineOnlineMismatch, PAIRED_PREDICTIONS),
    anywhere(ConstantPredictions, PAIRED_PREDICTIONS),
    // A threshold on scores of the other class selects the wrong rows, whatever it is.
    anywhere(ScoreReversed, causes!(WrongMetric Miscalibration ThresholdMisset ConceptDrift LabelNoise WeakSlice)),
    // Too little memory or processor time: late answers and none.
    anywhere(UnderProvisioned, causes!(LatencySpike ErrorRate)),
];
