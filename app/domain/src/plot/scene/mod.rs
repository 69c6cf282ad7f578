//! Scenes: what a chart shows, as data. The page paints a scene as SVG with the style sheet's colours, the server paints
//! the same scene into SVG and PNG files, and its table is what a screen reader reads and what the CSV file holds.
//!
//! Architecture invariant: whatever decides how a chart looks (its scale, its bins, its words) is decided here, once.
//! Places are fractions of the plot, so a painter only maps them to its surface.

mod asked;
mod axis;
pub mod calibration;
pub mod categories;
pub mod column;
mod column_view;
mod company;
pub mod confusion;
pub mod cost_curve;
mod curve_window;
pub mod differences;
pub mod drift_strips;
mod ecdf;
pub mod fall;
pub mod fall_course;
pub mod gains;
pub mod histogram;
mod kept;
mod labels;
pub mod layers;
pub mod learning_curve;
pub mod learning_curves;
mod looks;
mod marks;
pub mod of_finding;
mod operating;
pub mod over_time;
mod overlay;
pub mod pair;
mod patterns;
pub mod precision_recall;
mod qq;
pub mod quantile_calibration;
pub mod regression;
pub mod residual_groups;
pub mod residual_segments;
pub mod residuals;
pub mod roc;
pub mod score_histogram;
mod scored_run;
mod table;
mod threshold_settings;
mod ticked;
pub mod time_series;
pub mod timeline;
mod together;

pub use asked::{Asked, against};
pub use axis::Axis;
pub use column_view::{AxisKind, ColumnView, Height, Picture};
pub use company::Company;
pub use labels::{Label, subject};
pub use marks::{Align, Hover, Key, Mark, Place, Tone, is_cloud, opacity, outline, shares};
pub use overlay::Overlay;
pub use scored_run::{ScoredRun, mark_words};
pub use table::{Head, Table, Value};
pub use threshold_settings::{Shares, ThresholdSettings};
pub use ticked::{CHOSEN, CURVES, DRAWN, Ticked};
pub use together::Together;

use serde::{Deserialize, Serialize};

use crate::{Diagnosis, Problem};

/// The id of a [`Chart`]. By this name, serde does not take it for something that lies in the JSON it reads.
pub type ChartId = &'static str;

/// A chart before it is painted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// The id of its [`Chart`].
    #[serde(deserialize_with = "kept::id")]
    pub id: ChartId,
    /// States what is shown.
    pub title: String,
    /// What a file must say besides, as it stands alone: the run that it is about. Empty where the title names it.
    pub subject: String,
    /// What is seen, in a sentence, for those who can't see it.
    pub summary: String,
    pub shape: Shape,
    pub x: Axis,
    pub y: Axis,
    pub marks: Vec<Mark>,
    /// Regions that show words under a pointer.
    pub hovers: Vec<Hover>,
    pub legend: Vec<Key>,
    /// What is left out of the picture; empty when nothing is.
    pub note: String,
    pub table: Table,
}

impl Scene {
    /// An empty plot with its axes, to be filled.
    fn on(id: &'static str, shape: Shape, x: Axis, y: Axis) -> Scene {
        Scene {
            id,
            title: String::new(),
            subject: String::new(),
            summary: String::new(),
            shape,
            x,
            y,
            marks: Vec::new(),
            hovers: Vec::new(),
            legend: Vec::new(),
            note: String::new(),
            table: Table::default(),
        }
    }

    /// Regions that show words under a pointer; of a chart without regions, its points that do.
    pub fn readable_spots(&self) -> usize {
        let points = self.marks.iter().map(|mark| if let Mark::Points { words, .. } = mark { words.len() } else { 0 });
        if self.hovers.is_empty() { points.sum() } else { self.hovers.len() }
    }

    /// With more marks on top: what the reader has chosen.
    fn with(mut self, marks: Vec<Mark>) -> Scene {
        self.marks.extend(marks);
        self
    }
}

/// The proportions of the plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    Wide,
    Square,
    /// So many rows of equal height, named by the ticks of `y`.
    Rows(usize),
    /// So many thin rows over one axis, named by the ticks of `y`.
    Strips(usize),
    /// So many cells across and down, named by the ticks of both axes.
    Matrix(usize),
}

impl Shape {
    /// Pixels from one row to the next.
    pub const ROW: usize = 34;
    /// The same of thin rows.
    pub const STRIP: usize = 22;
}

/// The kinds of files that a chart can be had as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Svg,
    Png,
    /// Its table.
    Csv,
}

impl FileKind {
    pub const ALL: [FileKind; 3] = [FileKind::Svg, FileKind::Png, FileKind::Csv];

    /// The end of the file's name.
    pub fn id(self) -> &'static str {
        match self {
            FileKind::Svg => "svg",
            FileKind::Png => "png",
            FileKind::Csv => "csv",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            FileKind::Svg => "SVG",
            FileKind::Png => "PNG",
            FileKind::Csv => "CSV",
        }
    }

    pub fn from_id(id: &str) -> Option<FileKind> {
        FileKind::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

/// A chart that can be asked for by its id.
pub struct Chart {
    /// Its name in addresses and of files.
    pub id: &'static str,
    pub draw: fn(&Diagnosis, &Asked) -> Result<Scene, Problem>,
}

/// Every chart, in the order of the pages.
pub const CHARTS: &[Chart] = &[
    fall::CHART,
    fall_course::CHART,
    column::CHART,
    roc::CHART,
    precision_recall::CHART,
    gains::CHART,
    calibration::CHART,
    score_histogram::CHART,
    cost_curve::CHART,
    confusion::CHART,
    regression::CHART,
    residuals::CHART,
    residual_groups::BY_PREDICTION,
    residual_groups::BY_TIME,
    residual_segments::CHART,
    quantile_calibration::CHART,
    learning_curve::CHART,
    learning_curves::CHART,
    time_series::CHART,
    drift_strips::CHART,
    layers::CHART,
];

impl Chart {
    pub fn from_id(id: &str) -> Option<&'static Chart> {
        CHARTS.iter().find(|chart| chart.id == id)
    }
}
