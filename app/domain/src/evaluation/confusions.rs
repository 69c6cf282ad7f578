//! A confusion matrix of many classes: which classes come first, and which are confused most.

use std::cmp::Reverse;

use super::{ConfusionMatrix, Metric, wilson};

/// In which order the classes of a matrix stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassOrder {
    /// As the run has them.
    Name,
    /// The class with the most rows first.
    Support,
    /// The class with the most wrong predictions (of it or as it) first.
    Confusion,
}

impl ClassOrder {
    pub const ALL: [ClassOrder; 3] = [ClassOrder::Name, ClassOrder::Support, ClassOrder::Confusion];

    /// The value of `order=` in addresses.
    pub fn id(self) -> &'static str {
        match self {
            ClassOrder::Name => "name",
            ClassOrder::Support => "support",
            ClassOrder::Confusion => "confusion",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            ClassOrder::Name => "By name",
            ClassOrder::Support => "Most rows first",
            ClassOrder::Confusion => "Most confused first",
        }
    }

    pub fn from_id(id: &str) -> Option<ClassOrder> {
        ClassOrder::ALL.into_iter().find(|order| order.id() == id)
    }
}

/// Rows of one class that were taken for another.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfusedPair {
    /// Places of the true and of the predicted class in the matrix.
    pub truth: usize,
    pub predicted: usize,
    pub rows: u64,
    /// Of the rows of the true class, with Wilson's interval.
    pub share: Metric,
}

impl ConfusionMatrix {
    fn count(&self, truth: usize, predicted: usize) -> u64 {
        self.counts.get(truth).and_then(|row| row.get(predicted)).copied().unwrap_or(0)
    }

    /// Rows of a true class.
    fn support(&self, truth: usize) -> u64 {
        self.counts.get(truth).map_or(0, |row| row.iter().sum())
    }

    /// Wrong predictions of a class or as it.
    fn confusion(&self, class: usize) -> u64 {
        let predicted_as: u64 = (0..self.labels.len()).map(|truth| self.count(truth, class)).sum();
        self.support(class) + predicted_as - 2 * self.count(class, class)
    }

    /// The pairs of classes with the most confused rows, the most first.
    pub fn confused_pairs(&self, most: usize) -> Vec<ConfusedPair> {
        let classes = 0..self.labels.len();
        let pairs = classes.clone().flat_map(|truth| classes.clone().map(move |predicted| (truth, predicted)));
        let mut wrong: Vec<(usize, usize)> =
            pairs.filter(|(truth, predicted)| truth != predicted && self.count(*truth, *predicted) > 0).collect();
        wrong.sort_by_key(|(truth, predicted)| (Reverse(self.count(*truth, *predicted)), *truth, *predicted));
        wrong.truncate(most);
        let pair = |(truth, predicted): (usize, usize)| {
            let rows = self.count(truth, predicted);
            ConfusedPair { truth, predicted, rows, share: wilson(rows, self.support(truth)) }
        };
        wrong.into_iter().map(pair).collect()
    }

    /// The matrix with its classes in that order; of more than `most` classes the last ones are added up as one.
    pub fn arranged(&self, order: ClassOrder, most: usize) -> ConfusionMatrix {
        let mut places: Vec<usize> = (0..self.labels.len()).collect();
        match order {
            ClassOrder::Name => {}
            ClassOrder::Support => places.sort_by_key(|class| Reverse(self.support(*class))),
            ClassOrder::Confusion => places.sort_by_key(|class| Reverse(self.confusion(*class))),
        }
        let folded = places.split_off(if places.len() > most { most.saturating_sub(1) } else { places.len() });
        let mut groups: Vec<Vec<usize>> = places.iter().map(|class| vec![*class]).collect();
        let mut labels: Vec<String> = places.iter().map(|class| self.labels[*class].clone()).collect();
        if !folded.is_empty() {
            labels.push(format!("{} others", folded.len()));
            groups.push(folded);
        }
        let sum = |rows: &[usize], columns: &[usize]| -> u64 {
            rows.iter().flat_map(|row| columns.iter().map(|column| self.count(*row, *column))).sum()
        };
        let counts = groups.iter().map(|rows| groups.iter().map(|columns| sum(rows, columns)).collect()).collect();
        ConfusionMatrix { labels, counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix() -> ConfusionMatrix {
        let labels = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        ConfusionMatrix {
            labels,
            counts: vec![vec![5, 0, 0, 0], vec![1, 8, 3, 0], vec![0, 2, 2, 0], vec![0, 0, 0, 20]],
        }
    }

    #[test]
    fn the_most_confused_pair_comes_first_with_its_share_of_the_true_class() {
        let pairs = matrix().confused_pairs(2);
        assert_eq!(
            pairs.iter().map(|pair| (pair.truth, pair.predicted, pair.rows)).collect::<Vec<_>>(),
            [(1, 2, 3), (2, 1, 2)]
        );
        assert_eq!((pairs[0].share, pairs[1].share.value), (wilson(3, 12), 0.5));
    }

    #[test]
    fn classes_are_ordered_and_the_last_ones_are_added_up() {
        let labels = |order| matrix().arranged(order, 9).labels;
        assert_eq!(labels(ClassOrder::Name), ["a", "b", "c", "d"]);
        assert_eq!(labels(ClassOrder::Support), ["d", "b", "a", "c"]);
        assert_eq!(labels(ClassOrder::Confusion), ["b", "c", "a", "d"]);
        let folded = matrix().arranged(ClassOrder::Confusion, 3);
        assert_eq!(folded.labels, ["b", "c", "2 others"]);
        assert_eq!(folded.counts, [[8, 3, 1], [2, 2, 0], [0, 0, 25]]);
    }

    #[test]
    fn an_order_comes_back_from_its_address() {
        for order in ClassOrder::ALL {
            assert_eq!(ClassOrder::from_id(order.id()), Some(order));
        }
        assert_eq!(ClassOrder::from_id("nothing"), None);
    }
}
