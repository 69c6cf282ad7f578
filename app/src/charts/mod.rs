//! Charts: SVG drawn by the same code on the server and in the browser, one file each.
//!
//! Architecture invariant: geometry is pure (plain functions over domain data, with tests); places are percentages of
//! the plot and colours are CSS classes, so that a chart fits any width and either theme without a style attribute.

pub mod axis;
pub mod brush;
pub mod calibration;
pub mod categories;
pub mod column_chart;
pub mod column_view;
pub mod confusion;
pub mod cost_curve;
pub mod ecdf;
pub mod frame;
pub mod histogram;
pub mod learning_curve;
pub mod over_time;
pub mod pair;
pub mod path;
pub mod precision_recall;
pub mod qq;
pub mod regression;
pub mod roc;
pub mod score_histogram;
pub mod scored_run;
pub mod selection_answer;
pub mod small_histogram;
pub mod table;
pub mod telling;
pub mod threshold_settings;
pub mod values;

pub use calibration::Calibration;
pub use column_chart::ColumnChart;
pub use column_view::ColumnView;
pub use confusion::ConfusionMatrix;
pub use learning_curve::LearningCurveChart;
pub use pair::Pair;
pub use regression::{RegressionScatter, Residuals};
pub use scored_run::ScoredRun;
pub use selection_answer::Answer;
pub use small_histogram::{SmallHistogram, SmallShape};
pub use threshold_settings::ThresholdSettings;
