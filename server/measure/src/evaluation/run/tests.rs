//! Tables of predictions as programs write them.

use domain::evaluation::{EvaluationRun, PositiveBy, Split, Task};
use polars::prelude::{Column, NamedFrom};

use super::*;

type Checked = Result<(), Box<dyn std::error::Error>>;

fn column<T, P: ?Sized>(name: &str, values: T) -> Column
where
    Series: NamedFrom<T, P>,
{
    Series::new(name.into(), values).into()
}

fn roles() -> Roles {
    Roles::from([
        (ColumnRole::Label, "label"),
        (ColumnRole::Prediction, "prediction"),
        (ColumnRole::Score, "score"),
        (ColumnRole::Split, "split"),
    ])
}

fn runs(columns: Vec<Column>) -> Result<Vec<EvaluationRun>, Box<dyn std::error::Error>> {
    runs_with(columns, None)
}

fn runs_with(columns: Vec<Column>, positive: Option<&str>) -> Result<Vec<EvaluationRun>, Box<dyn std::error::Error>> {
    let frame = DataFrame::new_infer_height(columns)?;
    let (roles, split) = (roles(), Split::Test);
    let table = EvaluationTable { frame: &frame, roles: &roles, name: "run", split, threshold: None, positive };
    Ok(evaluation_runs(&table))
}

#[test]
fn splits_come_under_their_usual_names_and_rows_without_a_label_are_counted() -> Checked {
    let found = runs(vec![
        column("split", vec!["Validation", "training", "training", "Validation", "training"]),
        column("label", vec![Some("bad"), Some("good"), Some("bad"), None, Some("good")]),
        column("prediction", vec!["bad", "good", "good", "bad", "good"]),
        column("score", vec![0.9, 0.2, 0.4, 0.8, 0.1]),
    ])?;
    let names: Vec<&str> = found.iter().map(|run| run.split.word()).collect();
    assert_eq!(names, ["train", "val"]);
    assert_eq!((found[1].n, found[1].rows_left_out), (1, 1));
    // The score is high where "bad" is predicted, so that is what it is the score of.
    assert_eq!(found[0].positive.as_deref(), Some("bad"));
    assert_eq!(found[0].value("roc_auc"), Some(1.0));
    Ok(())
}

#[test]
fn labels_and_predictions_may_say_yes_and_no_in_different_words() -> Checked {
    let found = runs(vec![
        column("label", vec![true, false, true, false]),
        column("prediction", vec![1_i64, 0, 0, 0]),
        column("score", vec![0.9, 0.1, 0.4, 0.3]),
    ])?;
    assert_eq!(found[0].split, Split::Test);
    assert_eq!(found[0].value("accuracy"), Some(0.75));
    assert_eq!(found[0].positive.as_deref(), Some("true"));
    let used = found[0].thresholds["in_use"];
    assert!(used > 0.4 && used <= 0.9);
    Ok(())
}

#[test]
fn scores_without_predictions_are_cut_at_the_usual_threshold() -> Checked {
    let columns = vec![column("label", vec![0_i64, 1, 1, 0]), column("score", vec![0.2, 0.7, 0.4, 0.1])];
    let found = runs(columns)?;
    assert_eq!(found[0].value("accuracy"), Some(0.75));
    assert!(!found[0].thresholds.contains_key("in_use"));
    Ok(())
}

#[test]
fn of_two_numbers_the_greater_is_positive_whatever_the_scores_say() -> Checked {
    // High scores at the lower label: the scores point the wrong way, and nothing is turned round.
    for (low, high) in [(1_i64, 2_i64), (-1, 1), (0, 1)] {
        let columns = vec![column("label", vec![low, high, low, high]), column("score", vec![0.9, 0.2, 0.7, 0.3])];
        let found = runs(columns)?;
        assert_eq!(found[0].positive, Some(high.to_string()));
        assert_eq!(found[0].value("roc_auc"), Some(0.0));
    }
    Ok(())
}

#[test]
fn words_without_yes_and_no_take_the_class_that_scores_higher_and_say_so() -> Checked {
    let columns = vec![column("label", vec!["good", "bad", "good", "bad"]), column("score", vec![0.1, 0.8, 0.3, 0.7])];
    let found = runs(columns.clone())?;
    assert_eq!((found[0].positive.as_deref(), found[0].positive_by), (Some("bad"), Some(PositiveBy::Scores)));
    // What is known of the model goes first: then the same scores point the wrong way.
    let known = runs_with(columns, Some("good"))?;
    assert_eq!((known[0].positive_by, known[0].value("roc_auc")), (Some(PositiveBy::Known), Some(0.0)));
    Ok(())
}

#[test]
fn a_split_of_one_class_is_completed_by_the_class_that_is_known() -> Checked {
    let columns = vec![column("label", vec![1_i64, 1]), column("score", vec![0.1, 0.8])];
    assert_eq!(runs_with(columns, Some("2"))?[0].positive.as_deref(), Some("2"));
    Ok(())
}

#[test]
fn class_probabilities_are_recognised_by_what_their_names_share() -> Checked {
    let found = runs(vec![
        column("label", vec!["a", "b", "c", "a", "b", "c"]),
        column("P(a", vec![0.1; 6]),
        column("prob_a", vec![0.8, 0.1, 0.1, 0.4, 0.3, 0.2]),
        column("prob_b", vec![0.1, 0.8, 0.1, 0.5, 0.4, 0.2]),
        column("prob_c", vec![0.1, 0.1, 0.8, 0.1, 0.3, 0.6]),
        column("age", vec![3_i64; 6]),
    ])?;
    assert_eq!(found[0].task, Task::Multiclass);
    assert_eq!(found[0].value("accuracy"), Some(5.0 / 6.0));
    assert!(found[0].value("roc_auc_ovr_macro").is_some() && found[0].value("top_label_ece_10_equal_width").is_some());
    Ok(())
}

#[test]
fn flags_of_another_column_are_no_probabilities() -> Checked {
    let found = runs(vec![
        column("label", vec!["0", "1", "0", "1", "0", "1"]),
        column("sex_0", vec![1_i64, 0, 0, 1, 1, 0]),
        column("sex_1", vec![0_i64, 1, 1, 0, 0, 1]),
    ])?;
    assert!(found.is_empty());
    Ok(())
}

#[test]
fn class_probabilities_may_end_with_what_they_share() -> Checked {
    let columns = vec![
        column("label", vec!["a", "b", "c", "a", "b", "c"]),
        column("a_prob", vec![0.8, 0.1, 0.1, 0.4, 0.3, 0.2]),
        column("b_prob", vec![0.1, 0.8, 0.1, 0.5, 0.4, 0.2]),
        column("c_prob", vec![0.1, 0.1, 0.8, 0.1, 0.3, 0.6]),
    ];
    let frame = DataFrame::new_infer_height(columns)?;
    let of_class = ["c_prob", "a_prob", "b_prob"].map(|column| (ColumnRole::Probability, column));
    let roles: Roles = of_class.into_iter().chain([(ColumnRole::Label, "label")]).collect();
    let split = Split::Test;
    let table = EvaluationTable { frame: &frame, roles: &roles, name: "run", split, threshold: None, positive: None };
    assert_eq!(evaluation_runs(&table)[0].value("accuracy"), Some(5.0 / 6.0));
    Ok(())
}

#[test]
fn numbers_predicted_as_numbers_are_a_regression() -> Checked {
    let found = runs(vec![
        column("label", vec![Some(1.0), Some(2.5), Some(3.0), None]),
        column("prediction", vec![1.5, 2.5, f64::NAN, 1.0]),
    ])?;
    assert_eq!((found[0].task, found[0].n, found[0].rows_left_out), (Task::Regression, 2, 2));
    assert_eq!(found[0].value("mae"), Some(0.25));
    Ok(())
}

#[test]
fn without_labels_or_answers_there_is_no_run() -> Checked {
    assert!(runs(vec![column("age", vec![1_i64, 2])])?.is_empty());
    assert!(runs(vec![column("label", vec![1_i64, 0]), column("age", vec![1_i64, 2])])?.is_empty());
    Ok(())
}

#[test]
fn predicted_quantiles_are_measured_with_the_prediction_that_is_one_of_them() -> Checked {
    let truth: Vec<f64> = (1..=40).map(f64::from).collect();
    let at = |away: f64| truth.iter().map(|label| label + away).collect::<Vec<f64>>();
    let mut upper: Vec<Option<f64>> = at(2.0).into_iter().map(Some).collect();
    upper[0] = None;
    // Three labels are over the upper end; one row lacks it and is left out.
    upper[10..13].fill(Some(0.0));
    let frame = DataFrame::new_infer_height(vec![
        column("label", truth.clone()),
        column("q50", at(0.25)),
        column("q10", at(-2.0)),
        column("q90", upper),
        column("size", at(7.0)),
    ])?;
    let quantiles = [(ColumnRole::Quantile, "q10"), (ColumnRole::Quantile, "q90")];
    let named = [(ColumnRole::Label, "label"), (ColumnRole::Prediction, "q50")];
    let roles: Roles = named.into_iter().chain(quantiles).collect();
    let split = Split::Test;
    let table = EvaluationTable { frame: &frame, roles: &roles, name: "run", split, threshold: None, positive: None };
    let runs = evaluation_runs(&table);
    let found = runs[0].regression.as_ref().and_then(|chart| chart.quantiles.as_ref()).ok_or("no quantiles")?;
    let columns: Vec<(&str, f64)> =
        found.quantiles.iter().map(|one| (one.column.as_str(), one.at_or_below.value)).collect();
    assert_eq!(columns, [("q10", 0.0), ("q50", 1.0), ("q90", 36.0 / 39.0)]);
    assert_eq!((runs[0].n, found.n, found.crossed), (40, 39, 3));
    assert_eq!(found.intervals.iter().map(|one| one.coverage.value).collect::<Vec<_>>(), [36.0 / 39.0]);
    Ok(())
}
