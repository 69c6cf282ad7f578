#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::measurements::row_join::{Relation, RowPattern};
use polars::prelude::{DataFrame, NamedFrom, Series, TimeUnit};

use super::*;
use crate::profile::tests::profiled;

const HOUR: i64 = 3_600_000;

fn roles() -> Roles {
    Roles::from([(ColumnRole::Id, "id"), (ColumnRole::Time, "at"), (ColumnRole::Prediction, "answer")])
}

fn side(columns: Vec<Series>) -> Profiled {
    let rows = columns[0].len();
    profiled(DataFrame::new(rows, columns.into_iter().map(Into::into).collect()).unwrap())
}

fn ids_of(rows: i64) -> Series {
    Series::new("id".into(), (0..rows).map(|row| row * 7 + (1 << 60)).collect::<Vec<i64>>())
}

/// Values without an order, each of them once.
fn scattered(rows: i64) -> Vec<f64> {
    (0..rows).map(|row| ((row * 7919) % 10_007) as f64 / 8.0).collect()
}

fn joined(name: &str, serve: Vec<f64>, offline: Vec<f64>) -> JoinedColumn {
    let rows = serve.len() as i64;
    let side = |values: Vec<f64>| side(vec![ids_of(rows), Series::new(name.into(), values)]);
    let join = row_join(&side(serve), &side(offline), &roles()).unwrap();
    assert_eq!((join.matched, join.left_out), (rows as u64, 0));
    join.column(name).unwrap().clone()
}

fn holds(column: &JoinedColumn, relation: &Relation) -> f64 {
    column.patterns.iter().find(|pattern| pattern.relation == *relation).map_or(0.0, |pattern| pattern.share())
}

#[test]
fn ids_are_matched_wherever_they_are_and_repeated_ones_are_left_out() {
    let serve = side(vec![
        Series::new("id".into(), vec![Some("a"), Some("b"), Some("b"), Some("c"), None, Some("x")]),
        Series::new("amount".into(), vec![Some(1.0), Some(2.0), Some(2.0), Some(3.5), Some(4.0), Some(5.0)]),
        Series::new("answer".into(), vec![1_i64, 0, 0, 1, 0, 0]),
    ]);
    let offline = side(vec![
        Series::new("id".into(), vec!["c", "a", "y", "z", "b"]),
        Series::new("amount".into(), vec![Some(3.0), None, Some(0.0), Some(0.0), Some(2.0)]),
        Series::new("answer".into(), vec![1_i64, 0, 0, 1, 0]),
    ]);
    let join = row_join(&serve, &offline, &roles()).unwrap();
    assert_eq!((join.matched, join.only_serve, join.only_offline, join.left_out), (2, 1, 2, 3));
    let amount = join.column("amount").unwrap();
    assert_eq!((amount.rows, amount.changed, amount.missing_offline, amount.missing_serve), (2, 1, 1, 0));
    assert_eq!(amount.differing(), Share::new(2, 2));
    assert!(amount.pairs.contains(&ValuePair { offline: Some("3".into()), serve: Some("3.5".into()), rows: 1 }));
    // The one row with another answer has another amount too.
    assert_eq!(join.answers_differ_on_equal_features, Some(Share::new(0, 0)));
}

#[test]
fn without_a_shared_id_there_is_no_join() {
    let left = side(vec![Series::new("id".into(), [1_i64, 2])]);
    let right = side(vec![Series::new("key".into(), [1_i64, 2])]);
    assert!(row_join(&left, &right, &roles()).is_none());
}

#[test]
fn single_precision_is_no_difference() {
    let offline: Vec<f64> = (1..300).map(|row| f64::from(row) / 7.0).collect();
    let serve = offline.iter().map(|value| f64::from(*value as f32)).collect();
    let column = joined("ratio", serve, offline);
    assert_eq!((column.changed, column.patterns.len(), column.pairs.len()), (0, 0, 0));
}

#[test]
fn rounding_cutting_off_offsets_and_factors_are_told_apart() {
    let offline = scattered(400);
    let map = |change: fn(f64) -> f64| joined("x", offline.iter().map(|x| change(*x)).collect(), offline.clone());
    let tens = map(|x| (x / 10.0).round() * 10.0);
    assert!(holds(&tens, &Relation::Rounded { decimals: -1 }) > 0.999, "{:?}", tens.patterns);
    let whole = map(f64::trunc);
    assert!(holds(&whole, &Relation::CutOff { decimals: 0 }) > 0.999, "{:?}", whole.patterns);
    assert!(holds(&whole, &Relation::Rounded { decimals: 0 }) < 0.7);
    let moved = map(|x| x - 3.0);
    assert_eq!(holds(&moved, &Relation::Offset { by: -3.0 }), 1.0);
    let scaled = map(|x| x * 4.0);
    assert_eq!(holds(&scaled, &Relation::Factor { by: 4.0 }), 1.0);
}

#[test]
fn small_numbers_are_not_rounded_by_being_close_to_nought() {
    // Between -0.05 and 0.05, as standardised columns are; served from other rows.
    let offline: Vec<f64> = scattered(400).iter().map(|x| (x * 0.618).fract() / 20.0).collect();
    let served: Vec<f64> = (0..400).map(|row| offline[(row * 7 + 3) % 400]).collect();
    let column = joined("x", served, offline);
    for pattern in &column.patterns {
        let round = matches!(pattern.relation, Relation::Rounded { .. } | Relation::CutOff { .. });
        assert!(!round || pattern.share() < 0.1, "{pattern:?}");
    }
}

#[test]
fn a_value_from_some_rows_before_is_found_in_the_order_of_time() {
    let rows = 500;
    let values = scattered(rows);
    let late: Vec<f64> = (0..rows as usize).map(|row| values[row.saturating_sub(37)]).collect();
    // Both files are in another order than time.
    let shuffled: Vec<usize> = (0..rows as usize).map(|row| row * 211 % rows as usize).collect();
    let table = |column: &[f64]| {
        let take = |row: &usize| *row as i64;
        side(vec![
            Series::new("id".into(), shuffled.iter().map(take).collect::<Vec<i64>>()),
            Series::new("x".into(), shuffled.iter().map(|row| column[*row]).collect::<Vec<f64>>()),
            Series::new("at".into(), shuffled.iter().map(|row| take(row) * HOUR).collect::<Vec<i64>>())
                .into_datetime(TimeUnit::Milliseconds, None),
        ])
    };
    let join = row_join(&table(&late), &table(&values), &roles()).unwrap();
    assert!(join.in_time_order);
    assert!(holds(join.column("x").unwrap(), &Relation::RowsBack { rows: 37 }) > 0.999);
    assert_eq!(join.column("at").unwrap().differing().hits, 0);
}

#[test]
fn yesterdays_values_are_earlier_ones_and_shuffled_ones_are_not() {
    let daily = |day: usize, place: usize| ((day * 31 + place * 17) % 1009) as f64 + place as f64 / 10.0;
    let place = |row: usize| (row * 7 + row / 11) % 3;
    let offline: Vec<f64> = (0..900).map(|row| daily(row / 30, place(row))).collect();
    let serve = (0..900_usize).map(|row| daily((row / 30).saturating_sub(1), place(row))).collect();
    let column = joined("x", serve, offline.clone());
    assert_eq!(holds(&column, &Relation::EarlierValue { later: 0 }), 1.0, "{:?}", column.patterns);
    let dealt_out = (0..900).map(|row| offline[row * 437 % 900]).collect();
    let column = joined("x", dealt_out, offline);
    let told = column.patterns.iter().find_map(|pattern| match pattern.relation {
        Relation::EarlierValue { later } => Some((pattern.rows, later)),
        _ => None,
    });
    let (earlier, later) = told.unwrap();
    assert!(earlier.abs_diff(later) < 150, "{earlier} {later}");
}

#[test]
fn hours_turn_round_the_clock_and_times_move_by_zones() {
    let hours: Vec<f64> = (0..240).map(|row| f64::from(row % 24)).collect();
    let late = hours.iter().map(|hour| (hour + 5.0) % 24.0).collect();
    assert_eq!(holds(&joined("hour", late, hours), &Relation::ClockOffset { hours: 5 }), 1.0);
    let times = |by: i64| {
        let ms: Vec<i64> = (0..100).map(|row| row * 1_234_567 + by).collect();
        side(vec![ids_of(100), Series::new("at".into(), ms).into_datetime(TimeUnit::Milliseconds, None)])
    };
    let join = row_join(&times(-5 * HOUR), &times(0), &roles()).unwrap();
    assert_eq!(holds(join.column("at").unwrap(), &Relation::TimeZone { by_ms: -5 * HOUR }), 1.0);
}

#[test]
fn exchanged_codes_and_a_single_filler_are_told_apart() {
    let codes: Vec<f64> = (0..300).map(|row| f64::from(row % 5)).collect();
    let exchanged = codes.iter().map(|code| (code + 2.0) % 5.0).collect();
    assert_eq!(holds(&joined("code", exchanged, codes.clone()), &Relation::Recoded { values: 5 }), 1.0);
    let filled: Vec<f64> = codes.iter().enumerate().map(|(row, code)| if row % 4 == 0 { 9.0 } else { *code }).collect();
    let filled_offline = joined("code", codes.clone(), filled.clone());
    assert_eq!(holds(&filled_offline, &Relation::OneOfflineValue { value: "9".into() }), 1.0);
    let column = joined("code", filled, codes);
    assert_eq!(holds(&column, &Relation::OneValue { value: "9".into() }), 1.0);
    assert!(!column.patterns.iter().any(|pattern| matches!(pattern.relation, Relation::Recoded { .. })));
}

#[test]
fn values_that_come_once_show_no_mapping() {
    let offline = scattered(100);
    let mut served = offline.clone();
    for row in [3, 40, 77] {
        served[row] += row as f64 * 1.37;
    }
    let column = joined("x", served, offline);
    assert_eq!(column.differing().hits, 3);
    assert!(!column.patterns.iter().any(|pattern| matches!(pattern.relation, Relation::Recoded { .. })));
}

#[test]
fn a_line_between_two_scalers_is_exact_even_after_rounding() {
    let offline: Vec<f64> = scattered(400).iter().map(|x| ((x / 500.0 - 1.2) * 1e4).round() / 1e4).collect();
    let line = |x: &f64| ((1.25 * x - 0.375) * 1e4).round() / 1e4;
    let column = joined("x", offline.iter().map(line).collect(), offline.clone());
    let found = column.patterns.iter().find(|pattern| matches!(pattern.relation, Relation::Affine { .. })).unwrap();
    let Relation::Affine { scale, offset } = found.relation else { panic!("{found:?}") };
    assert!((scale - 1.25).abs() < 1e-3 && (offset + 0.375).abs() < 1e-3 && found.share() > 0.99, "{found:?}");
    let curved = joined("x", offline.iter().map(|x| x * x).collect(), offline.clone());
    let affine = |pattern: &&RowPattern| matches!(pattern.relation, Relation::Affine { .. });
    assert!(curved.patterns.iter().find(affine).is_none_or(|pattern| pattern.share() < 0.1), "{:?}", curved.patterns);
}

#[test]
fn a_category_that_is_left_out_closes_the_ranks() {
    let codes: Vec<f64> = (0..300).map(|row| f64::from(row % 6)).collect();
    // Code 2 becomes unknown, which is code 0; those behind it move up.
    let refitted = codes.iter().map(|code| match *code {
        2.0 => 0.0,
        code if code > 2.0 => code - 1.0,
        code => code,
    });
    let column = joined("code", refitted.collect(), codes.clone());
    assert_eq!(holds(&column, &Relation::Recoded { values: 4 }), 1.0, "{:?}", column.patterns);
}

#[test]
fn columns_that_hold_each_other_are_found_and_equal_columns_are_not() {
    let (price, weight) = (scattered(400), scattered(400).iter().map(|x| (x * 0.31).fract()).collect::<Vec<f64>>());
    let flag = |row: usize| f64::from(u8::from(row.is_multiple_of(3)));
    let red: Vec<f64> = (0..400).map(flag).collect();
    let blue: Vec<f64> = (0..400).map(|row| flag(row + 1)).collect();
    let table = |columns: [(&str, &Vec<f64>); 4]| {
        let columns = columns.map(|(name, values)| Series::new(name.into(), values.clone()));
        side([vec![ids_of(400)], columns.to_vec()].concat())
    };
    let offline = table([("price", &price), ("weight", &weight), ("red", &red), ("blue", &blue)]);
    let served = table([("price", &weight), ("weight", &price), ("red", &blue), ("blue", &red)]);
    let join = row_join(&served, &offline, &roles()).unwrap();
    for (column, source) in [("price", "weight"), ("weight", "price"), ("red", "blue"), ("blue", "red")] {
        let found = join.column(column).unwrap();
        assert_eq!(holds(found, &Relation::OtherColumn { column: source.into() }), 1.0, "{found:?}");
    }
    let moved: Vec<f64> = price.iter().map(|x| x + 3.0).collect();
    let served = table([("price", &moved), ("weight", &price), ("red", &red), ("blue", &blue)]);
    let price = row_join(&served, &offline, &roles()).unwrap().column("price").unwrap().clone();
    assert!(!price.patterns.iter().any(|pattern| matches!(pattern.relation, Relation::OtherColumn { .. })));
}
