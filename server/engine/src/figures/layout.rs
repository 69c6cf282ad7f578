//! Where things stand on a sheet, in pixels from the top left.

use domain::Problem;
use domain::plot::scene::{Place, Scene, Shape, Tone};

/// The plot and the sheet around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    pub width: f64,
    pub height: f64,
    /// The plot's left and top edge, width and height.
    pub left: f64,
    pub top: f64,
    pub plot_width: f64,
    pub plot_height: f64,
    pub shape: Shape,
}

/// Title and one line of legend.
const HEAD: f64 = 74.0;
/// Labels and name of the horizontal axis.
const FOOT: f64 = 56.0;
const MARGIN: f64 = 20.0;

/// Cells of a matrix that can still be read.
const MOST_CLASSES: usize = 60;

impl Layout {
    /// # Errors
    /// When a matrix has more classes than can be read in a picture.
    pub fn of(scene: &Scene) -> Result<Layout, Problem> {
        let layout = Layout::of_shape(scene.shape)?;
        let more = if is_listed(scene) { (heads(scene).saturating_sub(1)) as f64 * Layout::LINE } else { 0.0 };
        Ok(Layout { top: layout.top + more, height: layout.height + more, ..layout })
    }

    fn of_shape(shape: Shape) -> Result<Layout, Problem> {
        match shape {
            Shape::Wide => Ok(Layout::around(shape, 72.0, (660.0, 270.0), FOOT)),
            Shape::Square => Ok(Layout::around(shape, 72.0, (420.0, 420.0), FOOT)),
            Shape::Rows(rows) => Ok(Layout::around(shape, 190.0, (540.0, (rows.max(1) * Shape::ROW) as f64), MARGIN)),
            Shape::Strips(rows) => Ok(Layout::around(shape, 190.0, (540.0, (rows.max(1) * Shape::STRIP) as f64), FOOT)),
            Shape::Matrix(classes) if classes > MOST_CLASSES => Err(Problem::bad_input(format!(
                "This matrix has {classes} classes; a picture shows at most {MOST_CLASSES}. The CSV file has all of them."
            ))),
            Shape::Matrix(classes) => {
                let (width, height) = if classes <= 8 { (112.0, 56.0) } else { (72.0, 44.0) };
                let classes = classes.max(1) as f64;
                let matrix = Layout::around(shape, 150.0, (width * classes, height * classes), MARGIN);
                // The names of the predicted classes stand above it.
                Ok(Layout { top: matrix.top + 30.0, height: matrix.height + 30.0, ..matrix })
            }
        }
    }

    fn around(shape: Shape, left: f64, (plot_width, plot_height): (f64, f64), foot: f64) -> Layout {
        let width = (left + plot_width + MARGIN).max(560.0);
        Layout { width, height: HEAD + plot_height + foot, left, top: HEAD, plot_width, plot_height, shape }
    }

    /// A place of the plot in pixels; beyond an edge it is drawn on the edge.
    pub fn at(&self, (x, y): Place) -> (f64, f64) {
        let inside = |fraction: f64| fraction.clamp(0.0, 1.0);
        (self.left + inside(x) * self.plot_width, self.top + (1.0 - inside(y)) * self.plot_height)
    }

    pub fn bottom(&self) -> f64 {
        self.top + self.plot_height
    }

    pub fn right(&self) -> f64 {
        self.left + self.plot_width
    }

    /// Left of the title and of the legend.
    pub const EDGE: f64 = MARGIN;

    /// From one line of the legend to the next.
    pub const LINE: f64 = 18.0;
}

/// Whether the entries of the legend stand below each other: those of many runs have no room on one line.
pub fn is_listed(scene: &Scene) -> bool {
    scene.legend.iter().any(|key| key.tone.is_some_and(Tone::is_another))
}

/// What stands under the title: the subject, the legend and the note.
fn heads(scene: &Scene) -> usize {
    usize::from(!scene.subject.is_empty()) + scene.legend.len() + usize::from(!scene.note.is_empty())
}
