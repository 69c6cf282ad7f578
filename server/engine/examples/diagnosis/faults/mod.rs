//! Faults that can be put into a healthy pair of tables, each in steps from hardly to plainly visible.

mod categories;
mod concepts;
mod joins;
mod labels;
mod numbers;
mod parts;
mod schema;
mod selections;
mod splits;
mod time;

use domain::Cause;

use crate::scene::{Draw, Scene};
use crate::table::Table;

/// What the second file is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Later {
    Serve,
    Test,
}

/// One way in which a pair can go wrong.
pub struct Fault {
    pub cause: Cause,
    /// Other names that would be as right.
    pub or: &'static [Cause],
    /// What the steps are, in words.
    pub measure: &'static str,
    pub steps: &'static [f64],
    /// The place of the first step that reaches what the check of this fault calls a mismatch (see the table of
    /// thresholds): nobody is to be told of smaller ones.
    pub limit: usize,
    pub later: Later,
    pub draw: Draw,
    /// Changes the pair by one step; `None` where no column of the table can have this fault.
    pub inject: fn(&mut Scene, f64) -> Option<Injected>,
}

/// What was put in.
#[derive(Default)]
pub struct Injected {
    pub columns: Vec<String>,
    /// Columns that really differ too, as a consequence: naming them is not wrong.
    pub consequences: Vec<String>,
    /// What the training pipeline gives for the rows of serve.
    pub offline: Option<Table>,
}

impl Injected {
    fn into(column: &str) -> Self {
        Self { columns: vec![column.to_owned()], ..Self::default() }
    }
}

const fn serve(
    cause: Cause,
    measure: &'static str,
    steps: &'static [f64],
    inject: fn(&mut Scene, f64) -> Option<Injected>,
) -> Fault {
    Fault { cause, or: &[], measure, steps, limit: 0, later: Later::Serve, draw: Draw::Rows, inject }
}

const fn test(
    cause: Cause,
    measure: &'static str,
    steps: &'static [f64],
    inject: fn(&mut Scene, f64) -> Option<Injected>,
) -> Fault {
    Fault { cause, or: &[], measure, steps, limit: 0, later: Later::Test, draw: Draw::Entities, inject }
}

/// The same, where the first step is smaller than what the check calls a mismatch.
const fn with_a_smaller_step(fault: Fault) -> Fault {
    Fault { limit: 1, ..fault }
}

const RATES: &[f64] = &[0.005, 0.02, 0.1, 0.3];

/// All of them, in the order of the map.
pub const ALL: &[Fault] = &[
    with_a_smaller_step(serve(
        Cause::DistributionShift,
        "tilt of the selection by one column",
        &[0.5, 1.0, 2.0, 4.0],
        selections::shift,
    )),
    with_a_smaller_step(serve(
        Cause::PriorShift,
        "share of labels that moved",
        &[0.05, 0.1, 0.2, 0.4],
        selections::prior,
    )),
    serve(Cause::ColumnMissing, "columns", &[1.0, 2.0], schema::missing),
    serve(Cause::ColumnAdded, "columns", &[1.0, 3.0], schema::added),
    serve(Cause::TypeChange, "share of values that became text", &[0.02, 0.2, 1.0], schema::type_change),
    serve(Cause::ColumnSwap, "distance of the two columns (KS)", &[0.2, 0.5, 0.9], schema::swap),
    serve(Cause::NullSurge, "share of rows", &[0.02, 0.05, 0.1, 0.3], numbers::nulls),
    serve(Cause::SentinelValues, "share of rows", RATES, numbers::sentinel),
    serve(Cause::InconsistentCategories, "share of rows", &[0.005, 0.02, 0.1, 1.0], categories::respelled),
    serve(Cause::ImpossibleValues, "share of rows", RATES, numbers::negative),
    with_a_smaller_step(serve(
        Cause::LabelLeakage,
        "noise on the copy of the label",
        &[0.2, 0.1, 0.03, 0.0],
        labels::leak,
    )),
    serve(Cause::ImputationDifference, "share of rows filled", &[0.02, 0.05, 0.1, 0.3], numbers::imputed),
    serve(Cause::RoundingLoss, "step, in standard deviations", &[0.03, 0.1, 0.3, 1.0], joins::rounded),
    serve(Cause::StaleFeature, "share of rows", &[0.02, 0.1, 0.5, 1.0], joins::stale),
    with_a_smaller_step(serve(
        Cause::OfflineOnlineMismatch,
        "share of rows",
        &[0.005, 0.02, 0.1, 0.5],
        joins::perturbed,
    )),
    serve(Cause::UnitScale, "factor", &[1.0936, 1.609_344, 2.54, 60.0, 1_000.0], numbers::unit),
    with_a_smaller_step(serve(Cause::OffsetShift, "standard deviations", &[0.1, 0.3, 1.0, 3.0], numbers::offset)),
    serve(Cause::NormalisationMismatch, "share of numeric columns", &[0.0, 0.3, 1.0], numbers::standardised),
    serve(Cause::EncodingOrder, "share of codes exchanged", &[0.0, 0.5, 1.0], categories::encoded),
    Fault {
        // Two names exchanged are names in another order.
        or: &[Cause::EncodingOrder],
        ..serve(Cause::CategoryRecode, "share of categories renamed", &[0.0, 0.5, 1.0], categories::renamed)
    },
    with_a_smaller_step(serve(Cause::UnseenCategory, "share of rows", RATES, categories::unseen)),
    with_a_smaller_step(serve(Cause::OutOfRange, "share of rows", RATES, numbers::beyond)),
    Fault {
        or: &[Cause::PriorShift],
        ..serve(Cause::ClassImbalance, "share of the rarest class in train", &[0.1, 0.03, 0.01], selections::imbalance)
    },
    with_a_smaller_step(serve(Cause::LabelNoise, "share of labels", &[0.03, 0.06, 0.12, 0.25], labels::noise)),
    with_a_smaller_step(test(Cause::RowOverlap, "share of test rows", &[0.003, 0.02, 0.1, 0.4], splits::copied_rows)),
    test(Cause::EntityOverlap, "share of test rows", &[0.02, 0.1, 0.3], splits::shared_entities),
    test(Cause::TimeOverlap, "share of test rows", &[0.02, 0.1, 0.3], splits::early_rows),
    with_a_smaller_step(serve(
        Cause::GradualDrift,
        "standard deviations, first to last row",
        &[0.3, 0.6, 1.2, 3.0],
        time::drift,
    )),
    serve(Cause::OutageWindow, "share of rows", &[0.01, 0.03, 0.1, 0.3], time::outage),
    serve(Cause::UnitScale, "factor, in the rows of one category", &[2.54, 100.0], parts::unit_of_a_group),
    serve(Cause::ColumnSwap, "share of rows exchanged", &[0.1, 0.33], parts::swapped_in_part),
    Fault {
        or: &[Cause::ImputationDifference],
        ..serve(Cause::OutageWindow, "share of rows, the last, with one value", &[0.1, 0.3], parts::default_since)
    },
    serve(Cause::RowsMultiplied, "share of rows copied with their ids", &[0.02, 0.17], parts::multiplied),
    Fault {
        or: &[Cause::UnitScale, Cause::OffsetShift],
        ..serve(Cause::NormalisationMismatch, "scaler moved, in standard deviations", &[0.1, 0.5], parts::scaled_again)
    },
    Fault {
        or: &[Cause::ConceptDrift],
        ..serve(Cause::LabelDefinitionChange, "share of rows, or of the amount", &[0.2, 0.5], concepts::definition)
    },
    Fault {
        or: &[Cause::LabelDefinitionChange],
        ..serve(Cause::ConceptDrift, "share of rows", &[0.5, 1.0], concepts::reversed)
    },
];
