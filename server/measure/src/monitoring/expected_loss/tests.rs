#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::ColumnRole;
use polars::prelude::{NamedFrom, TimeUnit};
use stats::rng::Rng;

use super::*;

/// Hourly rows with an input evenly drawn from `from` to `to`, and another one that says nothing.
fn rows(count: usize, seed: u64, (from, to): (f64, f64), answers: impl Fn(f64, &mut Rng) -> [Series; 2]) -> Sample {
    let mut rng = Rng::new(seed);
    let inputs: Vec<f64> = (0..count).map(|_| from + (to - from) * rng.next_f64()).collect();
    let mut both: Vec<[Series; 2]> = inputs.iter().map(|input| answers(*input, &mut rng)).collect();
    let mut columns = both.remove(0);
    for more in both {
        for (column, more) in columns.iter_mut().zip(more) {
            column.append(&more).unwrap();
        }
    }
    let times = (0..count as i64).map(|row| row * 3_600_000).collect::<Vec<_>>();
    let mut all = vec![
        Series::new("at".into(), times).into_datetime(TimeUnit::Milliseconds, None),
        Series::new("size".into(), inputs),
        Series::new("noise".into(), (0..count).map(|_| rng.next_f64()).collect::<Vec<_>>()),
    ];
    all.extend(columns);
    Sample::new(all, count).unwrap()
}

/// An amount that is off by up to the input itself: by half of it on average.
fn amount(input: f64, rng: &mut Rng) -> [Series; 2] {
    let off = input * (2.0 * rng.next_f64() - 1.0);
    [Series::new("label".into(), [10.0 * input + off]), Series::new("answer".into(), [10.0 * input])]
}

/// One of three classes, wrong in 5 of 100 rows with a small input and in 45 with a large one.
fn class(input: f64, rng: &mut Rng) -> [Series; 2] {
    let truth = rng.below(3);
    let is_wrong = rng.next_f64() < if input < 0.5 { 0.05 } else { 0.45 };
    let said = if is_wrong { (truth + 1) % 3 } else { truth };
    let word = |class: usize| ["ham", "spam", "other"][class];
    [Series::new("label".into(), [word(truth)]), Series::new("answer".into(), [word(said)])]
}

fn estimated(before: &Sample, serve: &Sample) -> Result<Option<FigureOverTime>, TooUnlike> {
    let roles =
        Roles::from([(ColumnRole::Time, "at"), (ColumnRole::Label, "label"), (ColumnRole::Prediction, "answer")]);
    let known = Known::of(Answers::find(&before.frame, &roles, None).unwrap(), None);
    Rows::of(before, serve, &roles, &BTreeMap::new(), &known).unwrap().estimate(&known)
}

fn level(chunks: &[Chunk]) -> f64 {
    mean(&chunks.iter().map(|chunk| chunk.point.value).collect::<Vec<_>>())
}

#[test]
fn larger_inputs_promise_larger_errors_of_an_amount() {
    let (before, serve) = (rows(4_000, 1, (0.0, 1.0), amount), rows(3_000, 2, (0.5, 1.0), amount));
    let Ok(Some(found)) = estimated(&before, &serve) else { panic!("nothing estimated") };
    assert_eq!((found.figure, found.served.len(), found.reference.len()), (Figure::MeanAbsoluteError, 20, 20));
    // By hand: half of the mean input, 0.5 before and 0.75 as served.
    assert!((level(&found.reference) - 0.25).abs() < 0.01, "{}", level(&found.reference));
    assert!((level(&found.served) - 0.375).abs() < 0.02, "{}", level(&found.served));
}

#[test]
fn harder_rows_promise_fewer_right_classes_and_the_same_rows_as_many() {
    let before = rows(4_000, 3, (0.0, 1.0), class);
    let Ok(Some(found)) = estimated(&before, &rows(3_000, 4, (0.5, 1.0), class)) else { panic!("nothing estimated") };
    // By hand: 0.95 and 0.55 in equal shares before.
    assert!((level(&found.reference) - 0.75).abs() < 0.01, "{}", level(&found.reference));
    assert!((level(&found.served) - 0.55).abs() < 0.03, "{}", level(&found.served));
    let Ok(Some(same)) = estimated(&before, &rows(3_000, 5, (0.0, 1.0), class)) else { panic!("nothing estimated") };
    assert!((level(&same.served) - 0.75).abs() < 0.02, "{}", level(&same.served));
}

#[test]
fn of_rows_like_none_that_were_learnt_from_nothing_is_estimated() {
    let before = rows(2_000, 6, (0.0, 1.0), amount);
    assert!(matches!(estimated(&before, &rows(2_000, 7, (3.0, 4.0), amount)), Err(TooUnlike)));
}
