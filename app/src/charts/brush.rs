//! What can be marked on a chart: bins along its horizontal axis, the rows they stand for, and what is shown of them.

use domain::Comparison;
use domain::comparison::{CategoryChart, ChartData, Side, TimeChunk};
use domain::evaluation::RegressionChart;
use domain::number::{counted, percent_of};
use domain::plot::format::{number, value, value_among};
use domain::plot::scale::Scale;
use domain::plot::scene::column::value_scale;
use domain::plot::scene::{ColumnView, Picture, histogram, over_time, regression};
use domain::selection::{Condition, Subject, Test};
use domain::snapshot::{ColumnKind, ColumnRole};
use serde::{Deserialize, Serialize};

use super::telling::{self, range};

/// Whole bins between ascending edges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BrushAxis {
    edges: Vec<f64>,
    /// Where each edge is in the plot, from 0 to 1.
    places: Vec<f64>,
    pub subject: Subject,
    kind: ColumnKind,
    shown: Shown,
}

/// What is known of each bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Shown {
    /// Rows of train and of serve.
    Counts([Vec<u64>; 2]),
    /// The median of train and of serve in that window of time, where it has rows.
    Medians(Vec<[Option<f64>; 2]>),
    /// Points of a run, and the sum of their errors.
    Errors(Vec<(u64, f64)>),
}

/// Bins along the true values of a regression.
const BINS: usize = 24;

impl BrushAxis {
    /// `None` where the chart has no axis of numbers or times.
    pub fn of(comparison: &Comparison, view: ColumnView) -> Option<BrushAxis> {
        let Some(ChartData::Numeric(chart)) = &comparison.chart else { return None };
        let scale = scale(comparison, view)?;
        let (edges, subject, shown) = if view.picture == Picture::OverTime {
            let edges = moments(&chart.over_time);
            let medians = edges.windows(2).map(|pair| medians(&chart.over_time, pair[0])).collect();
            (edges, Subject::Role(ColumnRole::Time), Shown::Medians(medians))
        } else {
            let bins = histogram::bins(chart, view.axis).regrouped(view.bins);
            let subject = Subject::Column(comparison.column.clone());
            (bins.edges, subject, Shown::Counts([bins.reference, bins.current]))
        };
        let places = edges.iter().map(|edge| scale.position(*edge).clamp(0.0, 1.0)).collect();
        Some(BrushAxis { edges, places, subject, kind: comparison.kind, shown })
    }

    /// The true values of a regression, as the chart of predicted against true values has them.
    pub fn of_errors(chart: &RegressionChart) -> BrushAxis {
        let scale = regression::scale(chart);
        let places: Vec<f64> = (0..=BINS).map(|edge| edge as f64 / BINS as f64).collect();
        let mut errors = vec![(0, 0.0); BINS];
        for (truth, predicted) in &chart.sample {
            let (points, sum) = &mut errors[((scale.position(*truth) * BINS as f64) as usize).min(BINS - 1)];
            (*points, *sum) = (*points + 1, *sum + predicted - truth);
        }
        BrushAxis {
            edges: places.iter().map(|place| scale.value_at(*place)).collect(),
            places,
            subject: Subject::Role(ColumnRole::Label),
            kind: ColumnKind::Numeric,
            shown: Shown::Errors(errors),
        }
    }

    pub fn bins(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// The bin at a position of the plot (0 to 1), the nearest one beyond the ends.
    pub fn bin_at(&self, position: f64) -> usize {
        self.places.partition_point(|place| *place <= position).saturating_sub(1).min(self.bins().saturating_sub(1))
    }

    /// Where the bins `first..end` begin and end in the plot.
    pub fn span(&self, first: usize, end: usize) -> (f64, f64) {
        let at = |edge: usize| self.places.get(edge).copied().unwrap_or(0.0);
        (at(first), at(end))
    }

    pub fn condition(&self, first: usize, end: usize) -> Option<Condition> {
        range(&self.edges, first, end).map(|test| Condition { subject: self.subject.clone(), test })
    }

    /// `8 to 60`.
    pub fn words(&self, first: usize, end: usize) -> String {
        let kind = if self.is_time() { ColumnKind::Datetime } else { self.kind };
        let range = self.edges.first().copied().zip(self.edges.last().copied()).unwrap_or_default();
        let edge = |index: usize| self.edges.get(index).map_or(String::new(), |edge| value_among(*edge, kind, range));
        format!("{} to {}", edge(first), edge(end))
    }

    /// What is known of the bins `first..end`, each line with the class of its colour: `train 12.3 %, 615 rows`, the median of
    /// one window of time, or the points of a run with their mean error.
    pub fn lines(&self, first: usize, end: usize) -> Vec<(&'static str, String)> {
        let sides = |of: &dyn Fn(usize) -> String| {
            let line = |(at, side): (usize, Side)| (side.id(), format!("{} {}", side.id(), of(at)));
            Side::BOTH.into_iter().enumerate().map(line).collect()
        };
        match &self.shown {
            Shown::Counts(counts) => sides(&|side| {
                let inside: u64 = counts[side].iter().take(end).skip(first).sum();
                let all: u64 = counts[side].iter().sum();
                format!("{}, {}", percent_of(inside, all), counted(inside, "row"))
            }),
            Shown::Medians(medians) => sides(&|side| {
                let one = medians.get(first).filter(|_| end == first + 1).and_then(|pair| pair[side]);
                one.map_or_else(|| "–".to_owned(), |median| format!("median {}", value(median, self.kind)))
            }),
            Shown::Errors(errors) => {
                let inside = errors.iter().take(end).skip(first);
                let (points, sum) = inside.fold((0, 0.0), |(points, sum), (n, error)| (points + n, sum + error));
                let mean = (points > 0).then(|| format!(", mean error {}", number(sum / points as f64)));
                vec![("model", format!("{}{}", counted(points, "point"), mean.unwrap_or_default()))]
            }
        }
    }

    /// Everything about the bins `first..end` in one sentence.
    pub fn sentence(&self, first: usize, end: usize) -> String {
        let lines: Vec<String> = self.lines(first, end).into_iter().map(|(_, words)| words).collect();
        format!("{}: {}", self.words(first, end), lines.join("; "))
    }

    fn is_time(&self) -> bool {
        self.subject == Subject::Role(ColumnRole::Time)
    }
}

/// Where the values that pass a test are in the plot; `None` where the chart can't show it.
pub fn span_of(comparison: &Comparison, view: ColumnView, test: &Test) -> Option<(f64, f64)> {
    let Test::Range { from, to, .. } = test else { return None };
    let scale = scale(comparison, view)?;
    // A logarithmic axis has no place for what is not positive: it is left of everything.
    let at = |value: f64| Some(scale.position(value)).filter(|place| !place.is_nan()).unwrap_or(0.0).clamp(0.0, 1.0);
    let (low, high) = (at(*from), at(*to));
    (low < high).then_some((low, high))
}

/// The horizontal scale, where rows can be picked along it.
fn scale(comparison: &Comparison, view: ColumnView) -> Option<Scale> {
    let Some(ChartData::Numeric(chart)) = &comparison.chart else { return None };
    match view.picture {
        Picture::OverTime if chart.over_time.is_empty() => None,
        // Both axes are values, one of each side.
        Picture::Qq => None,
        Picture::OverTime => Some(over_time::time_scale(&chart.over_time)),
        // The lengths of a text are drawn, but rows are picked by values.
        _ if comparison.kind == ColumnKind::Text => None,
        _ => value_scale(comparison, view),
    }
}

/// Every beginning and end of a chunk, ascending.
fn moments(chunks: &[TimeChunk]) -> Vec<f64> {
    let mut all: Vec<i64> = chunks.iter().flat_map(|chunk| [chunk.from_ms, chunk.to_ms]).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|ms| ms as f64).collect()
}

/// The medians of the chunks that hold a moment.
fn medians(chunks: &[TimeChunk], moment: f64) -> [Option<f64>; 2] {
    Side::BOTH.map(|side| {
        let holds =
            |chunk: &&TimeChunk| chunk.side == side && (chunk.from_ms as f64) <= moment && moment < chunk.to_ms as f64;
        chunks.iter().find(holds).map(|chunk| chunk.median).filter(|median| median.is_finite())
    })
}

/// One bar of a chart of categories, and whether it is marked.
pub struct Bar {
    pub label: String,
    /// `train 12.3 %, 615 rows`, and the same of serve.
    pub sides: [String; 2],
    /// What is asked of the column when this bar is picked too, or let go; `None` when no bar is left.
    pub toggled: Option<Test>,
    pub is_marked: bool,
}

/// The first bars of a chart of categories, as many as are drawn; `test` is what is asked of the column now.
pub fn bars(chart: &CategoryChart, test: Option<&Test>, shown: usize) -> Vec<Bar> {
    let marked = telling::marked(chart, test);
    let of_side = |counts: &[u64], index: usize| {
        let (one, all) = (counts[index], counts.iter().sum());
        format!("{}, {}", percent_of(one, all), counted(one, "row"))
    };
    (0..chart.labels.len().min(shown))
        .map(|index| {
            let is_marked = marked.contains(&index);
            let mut toggled: Vec<usize> = marked.iter().copied().filter(|one| *one != index).collect();
            if !is_marked {
                toggled.push(index);
            }
            Bar {
                label: chart.labels[index].clone(),
                sides: [of_side(&chart.reference, index), of_side(&chart.current, index)],
                toggled: telling::any_of(chart, &toggled),
                is_marked,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::selection::UpperEnd;

    fn axis() -> BrushAxis {
        BrushAxis {
            edges: vec![0.0, 10.0, 20.0, 30.0],
            places: vec![0.0, 0.25, 0.5, 1.0],
            subject: Subject::Column("income".into()),
            kind: ColumnKind::Numeric,
            shown: Shown::Counts([vec![5, 1, 0], vec![0, 2, 9]]),
        }
    }

    #[test]
    fn a_pointer_beyond_the_ends_is_on_the_last_bin() {
        assert_eq!([-0.2, 0.0, 0.3, 0.5, 1.0, 1.7].map(|at| axis().bin_at(at)), [0, 0, 1, 2, 2, 2]);
    }

    #[test]
    fn marked_bins_are_a_condition_and_a_sentence() {
        let test = Test::Range { from: 10.0, to: 30.0, upper: UpperEnd::Included };
        assert_eq!(axis().condition(1, 3), Some(Condition::on_column("income", test)));
        assert_eq!(axis().sentence(1, 3), "10 to 30: train 16.7 %, 1 row; serve 100 %, 11 rows");
    }

    #[test]
    fn a_bin_of_true_values_has_its_points_with_their_mean_error() {
        let sample = vec![(0.0, 3.0), (1.0, 2.0), (48.0, 40.0)];
        let axis = BrushAxis::of_errors(&RegressionChart { sample, ..RegressionChart::default() });
        assert_eq!(axis.sentence(0, 1), "0 to 2: 2 points, mean error 2");
        assert_eq!(axis.sentence(0, 24), "0 to 48: 3 points, mean error -1.333");
        assert_eq!(axis.sentence(3, 4), "6 to 8: 0 points");
        let test = Test::Range { from: 46.0, to: 48.0, upper: UpperEnd::Included };
        assert_eq!(axis.condition(23, 24), Some(Condition { subject: Subject::Role(ColumnRole::Label), test }));
    }

    #[test]
    fn a_bar_is_picked_in_addition_and_let_go_again() {
        let labels = ["a", "b", "c"].map(str::to_owned).to_vec();
        let chart = CategoryChart { labels, reference: vec![1; 3], current: vec![2; 3] };
        let picked = Test::OneOf(vec!["b".into()]);
        let bars = bars(&chart, Some(&picked), 20);
        assert_eq!(bars[0].toggled, Some(Test::OneOf(vec!["b".into(), "a".into()])));
        assert_eq!((bars[1].is_marked, &bars[1].toggled), (true, &None));
    }
}
