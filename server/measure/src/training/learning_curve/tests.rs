//! Curves as training programs write them.

use polars::prelude::{Column, NamedFrom};

use super::*;

type Checked = Result<(), Box<dyn std::error::Error>>;

fn frame(columns: Vec<Column>) -> Result<DataFrame, Box<dyn std::error::Error>> {
    Ok(DataFrame::new_infer_height(columns)?)
}

fn column<T, P: ?Sized>(name: &str, values: T) -> Column
where
    Series: NamedFrom<T, P>,
{
    Series::new(name.into(), values).into()
}

#[test]
fn one_row_per_epoch_with_the_usual_names() -> Checked {
    let table = frame(vec![
        column("epoch", vec![1_i64, 2, 3]),
        column("train_loss", vec!["0.7", "inf", "NaN"]),
        column("val_loss", vec![Some(0.8), None, Some(0.6)]),
        column("val_acc", vec![0.5, 0.6, 0.7]),
        column("learning_rate", vec![0.1, 0.1, 0.01]),
        column("seconds", vec![9.0, 9.0, 9.0]),
    ])?;
    let curve = learning_curve(&table, "run.csv").ok_or("no curve")?;
    assert_eq!(curve.epochs, [1.0, 2.0, 3.0]);
    assert_eq!(curve.learning_rate, Some(vec![0.1, 0.1, 0.01]));
    let names: Vec<&str> = curve.series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names, ["train_loss", "val_loss", "val_acc"]);
    assert_eq!(curve.series[0].first_non_finite, Some(1));
    assert_eq!(curve.series[0].values, [Some(0.7), None, None]);
    assert_eq!(curve.series[1].first_non_finite, None);
    assert_eq!((curve.series[1].split, curve.series[1].measure), (CurveSplit::Validation, CurveMeasure::Loss));
    assert_eq!(curve.series[2].measure, CurveMeasure::Score);
    Ok(())
}

#[test]
fn one_row_per_metric_and_step_in_any_order() -> Checked {
    let table = frame(vec![
        column("metric", vec!["loss", "eval/loss", "loss", "eval/loss", "gpu_memory"]),
        column("step", vec![20_i64, 10, 10, 20, 10]),
        column("value", vec![0.4, 0.9, 0.8, f64::NAN, 12.0]),
    ])?;
    let curve = learning_curve(&table, "history").ok_or("no curve")?;
    assert_eq!(curve.epochs, [10.0, 20.0]);
    assert_eq!(curve.series.len(), 2);
    assert_eq!(curve.series[0].values, [Some(0.8), Some(0.4)]);
    assert_eq!((curve.series[1].split, curve.series[1].first_non_finite), (CurveSplit::Validation, Some(1)));
    Ok(())
}

#[test]
fn a_resumed_run_keeps_the_later_row_and_a_log_of_steps_keeps_its_steps() -> Checked {
    let resumed = frame(vec![column("epoch", vec![1_i64, 2, 2, 3]), column("loss", vec![1.0, 0.9, 0.8, 0.7])])?;
    let curve = learning_curve(&resumed, "resumed").ok_or("no curve")?;
    assert_eq!(curve.series[0].values, [Some(1.0), Some(0.8), Some(0.7)]);
    let steps = frame(vec![
        column("epoch", vec![0_i64, 0, 1, 1]),
        column("step", vec![5_i64, 10, 15, 20]),
        column("loss", vec![1.0, 0.9, 0.8, 0.7]),
    ])?;
    assert_eq!(learning_curve(&steps, "steps").ok_or("no curve")?.epochs, [5.0, 10.0, 15.0, 20.0]);
    Ok(())
}

#[test]
fn a_table_of_rows_is_no_curve() -> Checked {
    let rows = frame(vec![column("age", vec![1.0, 2.0]), column("income", vec![3.0, 4.0])])?;
    assert_eq!(learning_curve(&rows, "rows"), None);
    Ok(())
}
