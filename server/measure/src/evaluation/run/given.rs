//! Class probabilities that a table came with, row by row.

use polars::prelude::DataFrame;

use super::answers::Answers;
use domain::snapshot::Roles;
use stats::ranking::Ranked;

/// Probabilities of each class for the rows that have all of them and a label.
pub struct GivenProbabilities {
    pub columns: Vec<String>,
    pub classes: Vec<String>,
    /// `of[class][row]`.
    pub of: Vec<Vec<f64>>,
    pub labels: Vec<u32>,
}

/// `None` when the label is no class, when there are no probabilities, when they are not between 0 and 1, or when they
/// are those of the other class.
pub fn given_probabilities(frame: &DataFrame, roles: &Roles) -> Option<GivenProbabilities> {
    let Answers::Classes(classes) = Answers::find(frame, roles, None)? else { return None };
    let (columns, of_class): (Vec<String>, Vec<Vec<Option<f64>>>) = match (classes.positive, &classes.score) {
        (Some(positive), Some(score)) => {
            let other: Vec<Option<f64>> = score.iter().map(|score| score.map(|score| 1.0 - score)).collect();
            let both = if positive == 0 { vec![score.clone(), other] } else { vec![other, score.clone()] };
            let column =
                roles.score().map(str::to_owned).or_else(|| classes.probability_columns.get(positive).cloned());
            (column.or_else(|| roles.prediction().map(str::to_owned)).into_iter().collect(), both)
        }
        _ if !classes.probabilities.is_empty() => (classes.probability_columns, classes.probabilities),
        _ => return None,
    };
    let rows: Vec<usize> = (0..classes.truth.len())
        .filter(|row| classes.truth[*row].is_some() && of_class.iter().all(|column| column[*row].is_some()))
        .collect();
    let of: Vec<Vec<f64>> =
        of_class.iter().map(|column| rows.iter().filter_map(|row| column[*row]).collect()).collect();
    let is_probability = of.iter().flatten().all(|value| (0.0..=1.0).contains(value));
    let labels: Vec<u32> = rows.iter().filter_map(|row| classes.truth[*row]).collect();
    let useful = is_probability && !rank_backwards(&of, &labels);
    useful.then_some(GivenProbabilities { columns, classes: classes.names, of, labels })
}

/// Two classes whose probabilities rank the rows the wrong way round: they are those of the other class.
fn rank_backwards(of: &[Vec<f64>], labels: &[u32]) -> bool {
    let [_, second] = of else { return false };
    let hits: Vec<bool> = labels.iter().map(|label| *label == 1).collect();
    let ranked = Ranked::new(second, &hits);
    ranked.has_both_classes() && ranked.roc_auc() < 0.5
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use domain::ColumnRole;
    use polars::prelude::{NamedFrom, Series};

    use super::*;

    #[test]
    fn a_score_is_the_probability_of_the_positive_class_and_margins_are_none() {
        let roles = Roles::from([(ColumnRole::Label, "paid"), (ColumnRole::Score, "p")]);
        let frame = |scores: [Option<f64>; 4]| {
            let paid = Series::new("paid".into(), [1_i64, 0, 1, 0]).into();
            DataFrame::new(4, vec![paid, Series::new("p".into(), scores).into()]).unwrap()
        };
        let given = given_probabilities(&frame([Some(0.75), Some(0.25), None, Some(0.5)]), &roles).unwrap();
        assert_eq!((given.columns, given.classes), (vec!["p".to_owned()], vec!["0".to_owned(), "1".to_owned()]));
        assert_eq!((given.of, given.labels), (vec![vec![0.25, 0.75, 0.5], vec![0.75, 0.25, 0.5]], vec![1, 0, 0]));
        assert!(given_probabilities(&frame([Some(2.5), Some(-1.0), Some(0.5), None]), &roles).is_none());
        let of_the_other_class = [Some(0.25), Some(0.75), Some(0.4), Some(0.5)];
        assert!(given_probabilities(&frame(of_the_other_class), &roles).is_none());
    }
}
