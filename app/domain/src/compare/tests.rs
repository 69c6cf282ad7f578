use super::*;
use crate::profile::{NumericProfile, TextProfile, TimeProfile};

fn column(name: &str, kind: ColumnKind, rows: u64) -> ColumnProfile {
    ColumnProfile {
        name: name.into(),
        position: 0,
        kind,
        stored_type: "Float64".into(),
        rows,
        nulls: 0,
        null_spellings: Vec::new(),
        distinct: 0,
        numeric: None,
        categories: None,
        text: None,
        time: None,
    }
}

fn numeric(name: &str, mut sorted: Vec<f64>) -> ColumnProfile {
    sorted.sort_by(f64::total_cmp);
    let rows = sorted.len() as u64;
    let numeric = NumericProfile {
        finite: rows,
        nan: 0,
        positive_infinity: 0,
        negative_infinity: 0,
        zeros: 0,
        negatives: 0,
        min: sorted.first().copied().unwrap_or(0.0),
        max: sorted.last().copied().unwrap_or(0.0),
        mean: 0.0,
        std: standard_deviation(&sorted),
        integers: false,
        decimals: 2,
        sorted,
        modes: Vec::new(),
    };
    ColumnProfile { numeric: Some(numeric), ..column(name, ColumnKind::Numeric, rows) }
}

fn categorical(name: &str, counts: &[(&str, u64)], other: u64) -> ColumnProfile {
    let rows = counts.iter().map(|(_, count)| count).sum::<u64>() + other;
    let counts = counts.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect();
    let categories = Some(CategoryProfile { counts, other });
    ColumnProfile { categories, ..column(name, ColumnKind::Categorical, rows) }
}

fn times(name: &str, sorted_ms: Vec<i64>) -> ColumnProfile {
    let rows = sorted_ms.len() as u64;
    let time =
        Some(TimeProfile { min_ms: sorted_ms[0], max_ms: sorted_ms[sorted_ms.len() - 1], sorted_ms, placeholders: 0 });
    ColumnProfile { time, ..column(name, ColumnKind::Datetime, rows) }
}

fn text(name: &str, sorted_lengths: Vec<f64>) -> ColumnProfile {
    let rows = sorted_lengths.len() as u64;
    let text = Some(TextProfile {
        min_length: 0,
        max_length: 9,
        mean_length: 1.0,
        blank: 0,
        numeric_like: 0,
        sorted_lengths,
        patterns: Vec::new(),
    });
    ColumnProfile { text, ..column(name, ColumnKind::Text, rows) }
}

fn profile(columns: Vec<ColumnProfile>) -> Profile {
    let rows = columns.first().map_or(0, |column| column.rows);
    Profile { key: String::new(), rows, sampled_rows: rows, duplicate_rows: 0, columns }
}

fn ramp(n: u32, step: f64, start: f64) -> Vec<f64> {
    (0..n).map(|i| start + step * f64::from(i)).collect()
}

fn numeric_chart_of(comparison: &Comparison) -> &NumericChart {
    match &comparison.chart {
        Some(ChartData::Numeric(chart)) => chart,
        other => panic!("not a numeric chart: {other:?}"),
    }
}

fn category_chart_of(comparison: &Comparison) -> &CategoryChart {
    match &comparison.chart {
        Some(ChartData::Categories(chart)) => chart,
        other => panic!("not a chart of categories: {other:?}"),
    }
}

#[test]
fn features_share_one_correction_and_the_label_has_its_own() {
    let train = profile(vec![
        numeric("a", ramp(200, 0.5, 0.25)),
        numeric("b", ramp(200, 0.5, 0.25)),
        categorical("label", &[("no", 150), ("yes", 50)], 0),
        numeric("row", ramp(200, 1.0, 0.0)),
    ]);
    let serve = profile(vec![
        numeric("row", ramp(200, 1.0, 200.0)),
        numeric("a", ramp(200, 0.5, 20.25)),
        numeric("b", ramp(200, 0.5, 0.25)),
        categorical("label", &[("no", 120), ("yes", 80)], 0),
        numeric("new", ramp(200, 1.0, 0.0)),
    ]);
    let roles = Roles::from([(ColumnRole::Label, "label"), (ColumnRole::Id, "row")]);
    let found = compare(&train, &serve, &roles);
    assert_eq!(found.iter().map(|c| c.column.as_str()).collect::<Vec<_>>(), ["a", "b", "label"]);
    let (a, b, label) = (&found[0], &found[1], &found[2]);
    assert!((a.effects["ks_statistic"] - 0.2).abs() < 1e-12 && (a.effects["wasserstein"] - 20.0).abs() < 1e-9);
    // Two features: the smaller p is doubled, the larger stays.
    assert_eq!(a.q, a.p.map(|p| 2.0 * p));
    assert_eq!((b.p, b.q), (Some(1.0), Some(1.0)));
    assert_eq!((label.q, label.role), (label.p, ColumnRole::Label));
    assert_eq!(label.n, BTreeMap::from([(Side::Train, 200), (Side::Serve, 200)]));
}

#[test]
fn charts_keep_every_value_and_have_a_log_axis_only_when_all_are_positive() {
    let mut heavy = ramp(1_000, 0.01, 0.01);
    heavy.push(1e9);
    let found = compare(
        &profile(vec![numeric("positive", heavy), numeric("mixed", ramp(50, 0.3, -3.1))]),
        &profile(vec![numeric("positive", ramp(500, 0.01, 5.0)), numeric("mixed", ramp(60, 0.3, 0.1))]),
        &Roles::default(),
    );
    let positive = numeric_chart_of(&found[0]);
    assert!(positive.edges.len() == 31 && positive.edges[30] < 100.0, "{:?}", positive.edges);
    assert_eq!((positive.reference.iter().sum::<u64>(), positive.current.iter().sum::<u64>()), (1_001, 500));
    let log = positive.log.as_ref().expect("all values are positive");
    assert_eq!((log.edges[0], log.edges[30], log.reference.iter().sum::<u64>()), (0.01, 1e9, 1_001));
    assert_eq!((positive.reference_quantiles.len(), positive.reference_quantiles[100]), (101, 1e9));
    assert!(numeric_chart_of(&found[1]).log.is_none());
}

#[test]
fn rare_categories_are_drawn_together_and_a_new_one_is_seen() {
    let labels: Vec<String> = (0..40).map(|i| format!("c{i:02}")).collect();
    let reference: Vec<(&str, u64)> =
        labels.iter().enumerate().map(|(i, label)| (label.as_str(), 100 - i as u64)).collect();
    let mut current = reference.clone();
    current.push(("new", 500));
    let found = compare(
        &profile(vec![categorical("c", &reference, 0)]),
        &profile(vec![categorical("c", &current, 0)]),
        &Roles::default(),
    );
    let chart = category_chart_of(&found[0]);
    assert_eq!(chart.labels.len(), 31);
    assert_eq!((chart.labels[0].as_str(), chart.labels[30].as_str()), ("c00", OTHER));
    let new = chart.labels.iter().position(|label| label == "new").expect("a new category is drawn");
    assert_eq!((chart.reference[new], chart.current[new]), (0, 500));
    assert_eq!(chart.reference.iter().sum::<u64>(), found[0].n[&Side::Train]);
    assert_eq!(chart.current.iter().sum::<u64>(), found[0].n[&Side::Serve]);
}

#[test]
fn a_category_a_truncated_side_does_not_name_counts_as_other_on_both() {
    let table = Table::of(
        Some(&CategoryProfile { counts: vec![("a".into(), 5), ("b".into(), 3)], other: 2 }),
        Some(&CategoryProfile { counts: vec![("b".into(), 4), ("z".into(), 1)], other: 0 }),
    );
    assert_eq!(table.labels, ["a", "b", OTHER]);
    assert_eq!((table.reference, table.current), (vec![5, 3, 2], vec![0, 4, 1]));
}

#[test]
fn whole_numbers_that_name_classes_are_categories_only_as_a_label() {
    let coded = |zeros: u64, ones: u64| {
        let values = [vec![0.0; zeros as usize], vec![1.0; ones as usize]].concat();
        ColumnProfile {
            kind: ColumnKind::Numeric,
            numeric: numeric("y", values).numeric,
            ..categorical("y", &[("0", zeros), ("1", ones)], 0)
        }
    };
    let sides = |roles: &Roles| compare(&profile(vec![coded(60, 40)]), &profile(vec![coded(50, 50)]), roles).remove(0);
    assert_eq!(sides(&Roles::default()).kind, ColumnKind::Numeric);
    let label = sides(&Roles::from([(ColumnRole::Label, "y")]));
    assert_eq!(label.kind, ColumnKind::Categorical);
    assert!(label.effects.contains_key("chi2") && !label.effects.contains_key("ks_statistic"));
}

#[test]
fn the_time_column_is_drawn_but_not_tested_and_another_date_is() {
    let found = compare(
        &profile(vec![times("at", (0..100).collect()), times("due", (0..100).collect())]),
        &profile(vec![times("at", (100..200).collect()), times("due", (100..200).collect())]),
        &Roles::from([(ColumnRole::Time, "at")]),
    );
    assert!(found[0].p.is_none() && found[0].effects.is_empty() && found[0].chart.is_some());
    assert_eq!(found[1].effects["ks_statistic"], 1.0);
    assert!(found[1].q.is_some_and(|q| q < 1e-9));
}

#[test]
fn text_is_compared_by_length_and_kinds_that_differ_are_left_out() {
    let found = compare(
        &profile(vec![
            text("note", vec![2.0; 30]),
            numeric("typed", ramp(30, 1.0, 0.0)),
            column("gone", ColumnKind::Empty, 30),
        ]),
        &profile(vec![
            text("note", vec![5.0; 30]),
            text("typed", vec![3.0; 30]),
            column("gone", ColumnKind::Empty, 30),
        ]),
        &Roles::default(),
    );
    assert_eq!(found.iter().map(|c| c.column.as_str()).collect::<Vec<_>>(), ["note"]);
    assert_eq!((found[0].kind, found[0].effects["wasserstein"]), (ColumnKind::Text, 3.0));
    // A constant reference has no standard deviation to measure by.
    assert!(!found[0].effects.contains_key("wasserstein_over_std_ref"));
}

#[test]
fn a_side_without_values_is_shown_but_has_no_distance() {
    let found = compare(
        &profile(vec![numeric("a", ramp(30, 1.5, 0.25))]),
        &profile(vec![ColumnProfile { nulls: 30, ..column("a", ColumnKind::Empty, 30) }]),
        &Roles::default(),
    );
    assert!(found[0].effects.is_empty() && found[0].p.is_none() && found[0].q.is_none());
    assert_eq!((found[0].kind, found[0].n[&Side::Serve], found[0].nulls[&Side::Serve]), (ColumnKind::Numeric, 0, 30));
    assert_eq!(numeric_chart_of(&found[0]).current.iter().sum::<u64>(), 0);
    assert!(numeric_chart_of(&found[0]).current_quantiles.is_empty());
}
