//! Confusion matrix: counts of true against predicted classes, shaded by the share of the true class.

use super::super::format;
use super::{Axis, Chart, Head, Key, Mark, Scene, Shape, Shares, Table, Value, subject};
use crate::evaluation::{ClassOrder, ConfusionMatrix};

pub const CHART: Chart = Chart {
    id: "confusion",
    draw: |diagnosis, asked| {
        let at_threshold = asked.settings.threshold.and(asked.scored(diagnosis).ok());
        let (run, read) = asked.run_with(diagnosis, |run| run.confusion_matrix.as_ref())?;
        let matrix = match at_threshold {
            Some((scored, threshold)) => scored.matrix(&scored.scores.at(threshold)),
            None => read.clone(),
        };
        Ok(Scene { subject: subject(&run.name, &run.split), ..arranged(&matrix, asked.settings.shares, asked.order) })
    },
};

/// Classes that fit a matrix; of more, the last ones are drawn as one.
pub const MOST_CLASSES: usize = 30;

/// The matrix with its classes in an order, and those that don't fit added up. Its table has all of them. Without an
/// order, the most confused classes come first where not all of them fit.
pub fn arranged(matrix: &ConfusionMatrix, shares: Shares, order: Option<ClassOrder>) -> Scene {
    let classes = matrix.labels.len();
    let order = order.unwrap_or_else(|| usual_order(classes));
    let note = if classes > MOST_CLASSES {
        format!(
            "{} of {classes} classes are drawn, and the others as one. The CSV file has all of them.",
            MOST_CLASSES - 1
        )
    } else {
        String::new()
    };
    let mut drawn = scene(&matrix.arranged(order, MOST_CLASSES), shares);
    if classes > MOST_CLASSES {
        drawn.marks.iter_mut().for_each(without_shade_of_the_others);
    }
    Scene { table: table(matrix), note, summary: summary(matrix), ..drawn }
}

/// The order of the classes when none is asked for.
pub fn usual_order(classes: usize) -> ClassOrder {
    if classes > MOST_CLASSES { ClassOrder::Confusion } else { ClassOrder::Name }
}

/// The others taken for others are partly right and partly wrong: the shade would be neither.
fn without_shade_of_the_others(mark: &mut Mark) {
    if let Mark::Cell { row, column, share, .. } = mark
        && (*row, *column) == (MOST_CLASSES - 1, MOST_CLASSES - 1)
    {
        *share = 0.0;
    }
}

pub fn scene(matrix: &ConfusionMatrix, shares: Shares) -> Scene {
    let size = matrix.labels.len();
    let n: u64 = matrix.counts.iter().flatten().sum();
    let cells = (0..size).flat_map(|truth| (0..size).map(move |predicted| (truth, predicted)));
    Scene {
        title: format!("Confusion matrix, {} rows", format::count(n)),
        summary: summary(matrix),
        marks: cells.map(|(truth, predicted)| cell(matrix, shares, truth, predicted)).collect(),
        legend: vec![Key::plain(match shares {
            Shares::Counts => "rows, with their share of the true class",
            Shares::OfTrue => "share of the true class",
            Shares::OfPredicted => "share of the predicted class",
        })],
        table: table(matrix),
        ..Scene::on(
            CHART.id,
            Shape::Matrix(size),
            Axis::names(&matrix.labels, "predicted"),
            Axis::names_down(&matrix.labels, "true"),
        )
    }
}

fn summary(matrix: &ConfusionMatrix) -> String {
    let n: u64 = matrix.counts.iter().flatten().sum();
    let right: u64 = (0..matrix.labels.len()).map(|class| count(matrix, class, class)).sum();
    format!("{} of the predictions are correct.", format::share(right as f64 / n.max(1) as f64))
}

/// A cell without rows says nothing, so that the others are seen.
fn cell(matrix: &ConfusionMatrix, shares: Shares, row: usize, column: usize) -> Mark {
    let n = count(matrix, row, column);
    let (rows, of_true) = (format::count(n), share_of(matrix, Shares::OfTrue, row, column));
    let (main, small) = match shares {
        _ if n == 0 => (String::new(), String::new()),
        Shares::Counts => (rows, format::share(of_true)),
        Shares::OfTrue => (format::share(of_true), rows),
        Shares::OfPredicted => (format::share(share_of(matrix, shares, row, column)), rows),
    };
    Mark::Cell { row, column, share: of_true, is_right: row == column, main, small }
}

/// The share of a cell: of its row, of its column, or of everything when counts are shown.
fn share_of(matrix: &ConfusionMatrix, shares: Shares, truth: usize, predicted: usize) -> f64 {
    let whole: u64 = match shares {
        Shares::OfTrue => matrix.counts.get(truth).map_or(0, |row| row.iter().sum()),
        Shares::OfPredicted => (0..matrix.counts.len()).map(|row| count(matrix, row, predicted)).sum(),
        Shares::Counts => matrix.counts.iter().flatten().sum(),
    };
    count(matrix, truth, predicted) as f64 / whole.max(1) as f64
}

fn count(matrix: &ConfusionMatrix, truth: usize, predicted: usize) -> u64 {
    matrix.counts.get(truth).and_then(|row| row.get(predicted)).copied().unwrap_or(0)
}

fn table(matrix: &ConfusionMatrix) -> Table {
    let heads = [Head::ours("true")].into_iter().chain(matrix.labels.iter().map(|label| Head::theirs(label)));
    let rows = matrix.labels.iter().enumerate().map(|(truth, label)| {
        let counts = (0..matrix.labels.len()).map(|predicted| Value::Count(count(matrix, truth, predicted)));
        [Value::Text(label.clone())].into_iter().chain(counts).collect()
    });
    Table::new(heads.collect(), rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_show_recall_and_columns_precision() {
        let matrix = ConfusionMatrix { labels: vec!["no".into(), "yes".into()], counts: vec![vec![6, 2], vec![1, 3]] };
        assert_eq!(share_of(&matrix, Shares::OfTrue, 1, 1), 0.75);
        assert_eq!(share_of(&matrix, Shares::OfPredicted, 1, 1), 0.6);
        assert_eq!(share_of(&matrix, Shares::Counts, 0, 0), 0.5);
        assert_eq!(scene(&matrix, Shares::OfTrue).summary, "75 % of the predictions are correct.");
    }

    #[test]
    fn cells_are_shaded_by_the_share_of_the_true_class_and_blank_without_rows() {
        let matrix = ConfusionMatrix { labels: vec!["no".into(), "yes".into()], counts: vec![vec![8, 0], vec![1, 3]] };
        for shares in Shares::ALL {
            let cells: Vec<(f64, String)> = scene(&matrix, shares)
                .marks
                .into_iter()
                .filter_map(|mark| if let Mark::Cell { share, main, .. } = mark { Some((share, main)) } else { None })
                .collect();
            assert_eq!(cells.iter().map(|cell| cell.0).collect::<Vec<_>>(), [1.0, 0.0, 0.25, 0.75]);
            assert_eq!((cells[1].1.as_str(), cells[2].1.is_empty()), ("", false));
        }
    }

    #[test]
    fn many_classes_are_drawn_with_the_last_ones_as_one_and_listed_in_full() {
        let labels: Vec<String> = (0..80).map(|class| format!("class {class}")).collect();
        let matrix = ConfusionMatrix { labels, counts: vec![vec![1; 80]; 80] };
        let drawn = arranged(&matrix, Shares::Counts, Some(ClassOrder::Support));
        assert_eq!((drawn.shape, drawn.table.rows.len()), (Shape::Matrix(MOST_CLASSES), 80));
        assert_eq!(drawn.summary, "1.3 % of the predictions are correct.", "of all classes and not of those drawn");
        let Some(Mark::Cell { share, main, .. }) = drawn.marks.last() else { panic!("no cell") };
        assert_eq!((*share, main.as_str()), (0.0, "2,601"));
        assert!(drawn.x.ticks.last().is_some_and(|tick| tick.label == "51 others"), "{}", drawn.note);
    }
}
