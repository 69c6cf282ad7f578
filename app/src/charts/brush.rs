//! The brush: a stretch of a chart's horizontal axis, and the rows it stands for.

use domain::Comparison;
use domain::comparison::{ChartData, TimeChunk};
use domain::plot::format::{self, value};
use domain::plot::regroup::Bins;
use domain::plot::scale::Scale;
use domain::plot::scene::column::value_scale;
use domain::plot::scene::{ColumnView, Picture, histogram, over_time};
use domain::selection::{Condition, Subject, Test};
use domain::snapshot::{ColumnKind, ColumnRole};

use super::telling::range;

/// What can be marked on a chart: whole bins between ascending edges.
#[derive(Debug, Clone, PartialEq)]
pub struct BrushAxis {
    pub edges: Vec<f64>,
    pub scale: Scale,
    subject: Subject,
    kind: ColumnKind,
    /// Rows per bin, where they are known.
    counts: Option<Bins>,
}

impl BrushAxis {
    /// `None` where the chart has no axis of numbers or times.
    pub fn of(comparison: &Comparison, view: ColumnView) -> Option<BrushAxis> {
        let Some(ChartData::Numeric(chart)) = &comparison.chart else { return None };
        if view.picture == Picture::OverTime {
            return Some(BrushAxis {
                edges: moments(&chart.over_time),
                scale: over_time::time_scale(&chart.over_time),
                subject: Subject::Role(ColumnRole::Time),
                kind: ColumnKind::Datetime,
                counts: None,
            });
        }
        // The lengths of a text are drawn, but rows are picked by values.
        if comparison.kind == ColumnKind::Text {
            return None;
        }
        let bins = histogram::bins(chart, view.axis).regrouped(view.bins);
        Some(BrushAxis {
            edges: bins.edges.clone(),
            scale: value_scale(comparison, view)?,
            subject: Subject::Column(comparison.column.clone()),
            kind: comparison.kind,
            counts: Some(bins),
        })
    }

    pub fn bins(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// The bin at a position of the plot (0 to 1), the nearest one beyond the ends.
    pub fn bin_at(&self, position: f64) -> usize {
        let value = self.scale.value_at(position);
        self.edges.partition_point(|edge| *edge <= value).saturating_sub(1).min(self.bins().saturating_sub(1))
    }

    /// Where the bins `first..end` begin and end in the plot.
    pub fn span(&self, first: usize, end: usize) -> (f64, f64) {
        let at = |edge: usize| self.edges.get(edge).map_or(0.0, |edge| self.scale.position(*edge).clamp(0.0, 1.0));
        (at(first), at(end))
    }

    pub fn condition(&self, first: usize, end: usize) -> Option<Condition> {
        range(&self.edges, first, end).map(|test| Condition { subject: self.subject.clone(), test })
    }

    /// `8 to 60`, with the numbers of rows where they are known: `8 to 60: 120 train and 5,783 serve rows`.
    pub fn words(&self, first: usize, end: usize) -> String {
        let edge = |index: usize| self.edges.get(index).map_or(String::new(), |edge| value(*edge, self.kind));
        let span = format!("{} to {}", edge(first), edge(end));
        match &self.counts {
            None => span,
            Some(bins) => {
                let (train, serve) = bins.inside(first, end);
                format!("{span}: {} train and {} serve rows", format::count(train), format::count(serve))
            }
        }
    }

    /// The bins that a condition of an address stands for, if it is about this axis and meets its edges.
    pub fn bins_of(&self, condition: &Condition) -> Option<(usize, usize)> {
        let Test::Range { from, to, .. } = condition.test else { return None };
        let edge = |wanted: f64| self.edges.iter().position(|edge| *edge == wanted);
        let (first, end) = (edge(from)?, edge(to)?);
        (condition.subject == self.subject && first < end).then_some((first, end))
    }
}

/// Every beginning and end of a chunk, ascending.
fn moments(chunks: &[TimeChunk]) -> Vec<f64> {
    let mut all: Vec<i64> = chunks.iter().flat_map(|chunk| [chunk.from_ms, chunk.to_ms]).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|ms| ms as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::selection::UpperEnd;

    fn axis() -> BrushAxis {
        let bins = Bins { edges: vec![0.0, 10.0, 20.0, 30.0], reference: vec![5, 1, 0], current: vec![0, 2, 9] };
        BrushAxis {
            edges: bins.edges.clone(),
            scale: Scale::linear(0.0, 30.0),
            subject: Subject::Column("income".into()),
            kind: ColumnKind::Numeric,
            counts: Some(bins),
        }
    }

    #[test]
    fn a_pointer_beyond_the_ends_marks_the_last_bin() {
        assert_eq!([-0.2, 0.0, 0.5, 1.0, 1.7].map(|at| axis().bin_at(at)), [0, 0, 1, 2, 2]);
    }

    #[test]
    fn marked_bins_become_a_condition_and_come_back_from_it() {
        let condition = axis().condition(1, 3);
        let test = Test::Range { from: 10.0, to: 30.0, upper: UpperEnd::Included };
        assert_eq!(condition, Some(Condition::on_column("income", test)));
        assert_eq!(condition.and_then(|condition| axis().bins_of(&condition)), Some((1, 3)));
        assert_eq!(axis().words(1, 3), "10 to 30: 1 train and 11 serve rows");
    }

    #[test]
    fn a_condition_on_another_column_is_not_on_this_axis() {
        let other = Condition::on_column("age", Test::Range { from: 0.0, to: 10.0, upper: UpperEnd::Excluded });
        assert_eq!(axis().bins_of(&other), None);
    }
}
