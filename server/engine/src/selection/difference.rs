//! How one column differs between the selected rows and the rest.

use std::collections::HashMap;

use domain::comparison::{CategoryChart, ChartData, NumericChart};
use domain::number::{number, percent};
use domain::plot::format;
use domain::selection::{ColumnDifference, Contrast};
use domain::snapshot::ColumnKind;
use stats::contingency::{chi_square, pool_sparse, share_distance};
use stats::histogram::{chart_edges, histogram_clipped};
use stats::quantiles::median;
use stats::two_sample::{ks_pvalue_asymp, ks_statistic};

use super::values::Values;

/// Differences that chance explains this well are none (after correction for all columns).
const CHANCE: f64 = 0.01;

/// With many rows chance explains nothing any more. A distance below this would need a look at the numbers to be seen.
const TRIFLING: f64 = 0.03;

/// A column of numbers with at most this many different values is compared value by value.
const VALUES: usize = 2;

/// Bins and bars of the small charts.
const BINS: usize = 20;
const BARS: usize = 8;

/// Values of one column, on one side of the question.
struct Part<T> {
    present: Vec<T>,
    missing: u64,
}

/// The effect is 0 where one side has no value at all and nothing else differs.
pub(super) fn difference(
    column: String,
    kind: ColumnKind,
    values: &[Values],
    sides: &[Vec<bool>],
    selected: &[Vec<bool>],
) -> ColumnDifference {
    let numbers: Option<Vec<_>> =
        values.iter().map(|values| if let Values::Numbers(numbers) = values { Some(numbers) } else { None }).collect();
    let mut found = match numbers.filter(|numbers| kind == ColumnKind::Datetime || !has_few_values(numbers)) {
        Some(numbers) => {
            let (mut chosen, mut rest) = split(&numbers, sides, selected);
            for part in [&mut chosen, &mut rest] {
                part.present.retain(|value| value.is_finite());
                part.present.sort_unstable_by(f64::total_cmp);
            }
            of_numbers(column, kind, &chosen, &rest)
        }
        None => {
            let words: Vec<Vec<Option<String>>> = values.iter().map(to_words).collect();
            let (chosen, rest) = split(&words.iter().collect::<Vec<_>>(), sides, selected);
            of_words(column, kind, &chosen, &rest)
        }
    };
    weigh_missing(&mut found);
    found.difference
}

/// Flags and classes that are written as numbers: a median between two values is neither of them.
pub(super) fn has_few_values(tables: &[&Vec<Option<f64>>]) -> bool {
    let mut seen: Vec<f64> = Vec::with_capacity(VALUES);
    for value in tables.iter().flat_map(|values| values.iter()).flatten() {
        if !seen.contains(value) {
            if seen.len() == VALUES {
                return false;
            }
            seen.push(*value);
        }
    }
    true
}

/// Sets q, the phrase, and whether it is a difference at all.
pub(super) fn settle(difference: &mut ColumnDifference, q: f64) {
    difference.q = Some(q);
    if q > CHANCE || difference.effect < TRIFLING {
        difference.contrast = None;
    }
    difference.statement = statement(difference.kind, difference.contrast.as_ref());
}

fn statement(kind: ColumnKind, contrast: Option<&Contrast>) -> String {
    match contrast {
        None => "no difference".to_owned(),
        Some(Contrast::Share { value, selected, rest }) => {
            format!("{} {} against {}", shortened(value), percent(*selected), percent(*rest))
        }
        Some(Contrast::Missing { selected, rest }) => {
            format!("missing {} against {}", percent(*selected), percent(*rest))
        }
        Some(Contrast::Range { from, to, selected, rest }) => {
            let [from, to] = [from, to].map(|end| in_words(kind, *end));
            format!("{from} to {to} {} against {}", percent(*selected), percent(*rest))
        }
        Some(Contrast::Median { selected, rest }) => {
            let what = if kind == ColumnKind::Text { "median length" } else { "median" };
            format!("{what} {} against {}", in_words(kind, *selected), in_words(kind, *rest))
        }
    }
}

/// A time to the minute; anything else as a number.
fn in_words(kind: ColumnKind, value: f64) -> String {
    const MINUTE: f64 = 60_000.0;
    match kind {
        ColumnKind::Datetime if value.is_finite() => format::time(((value / MINUTE).floor() * MINUTE) as i64),
        _ => number(value),
    }
}

/// A difference and how many values it is about.
struct Found {
    difference: ColumnDifference,
    present_selected: u64,
    present_rest: u64,
}

pub(super) fn to_words(values: &Values) -> Vec<Option<String>> {
    match values {
        Values::Words(words) => words.clone(),
        Values::Numbers(numbers) => numbers.iter().map(|value| value.map(|value| value.to_string())).collect(),
    }
}

fn split<T: Clone>(tables: &[&Vec<Option<T>>], sides: &[Vec<bool>], selected: &[Vec<bool>]) -> (Part<T>, Part<T>) {
    let mut chosen = Part { present: Vec::new(), missing: 0 };
    let mut rest = Part { present: Vec::new(), missing: 0 };
    for ((values, inside), picked) in tables.iter().zip(sides).zip(selected) {
        for ((value, inside), picked) in values.iter().zip(inside).zip(picked) {
            let part = if *picked { &mut chosen } else { &mut rest };
            match value {
                _ if !inside => {}
                Some(value) => part.present.push(value.clone()),
                None => part.missing += 1,
            }
        }
    }
    (chosen, rest)
}

fn of_numbers(column: String, kind: ColumnKind, chosen: &Part<f64>, rest: &Part<f64>) -> Found {
    let effect = ks_statistic(&rest.present, &chosen.present);
    let p = effect.map(|effect| ks_pvalue_asymp(effect, rest.present.len(), chosen.present.len()));
    let chart = chart_edges(&[&rest.present, &chosen.present], BINS).map(|edges| NumericChart {
        reference: histogram_clipped(&rest.present, &edges),
        current: histogram_clipped(&chosen.present, &edges),
        edges,
        log: None,
        reference_quantiles: Vec::new(),
        current_quantiles: Vec::new(),
        over_time: Vec::new(),
    });
    let contrast = effect.map(|effect| {
        let range = chart.as_ref().filter(|_| !medians_differ(chosen, rest, effect)).and_then(range);
        range.unwrap_or(Contrast::Median { selected: median(&chosen.present), rest: median(&rest.present) })
    });
    let chart = chart.map(ChartData::Numeric);
    Found {
        difference: ColumnDifference {
            column,
            kind,
            effect_name: "ks_statistic".to_owned(),
            effect: effect.unwrap_or(0.0),
            q: p,
            statement: String::new(),
            contrast,
            nulls_selected: chosen.missing,
            nulls_rest: rest.missing,
            chart,
        },
        present_selected: chosen.present.len() as u64,
        present_rest: rest.present.len() as u64,
    }
}

/// Whether the medians are as far apart as the distributions: at least half of their distance is between the ranks of the
/// two medians. Where the spread differs, or only a tail, they are not.
fn medians_differ(chosen: &Part<f64>, rest: &Part<f64>, effect: f64) -> bool {
    let middle = median(&chosen.present);
    let below = rest.present.partition_point(|value| *value < middle) as f64 / rest.present.len().max(1) as f64;
    let up_to = rest.present.partition_point(|value| *value <= middle) as f64 / rest.present.len().max(1) as f64;
    // The rank of a value that occurs often is a range.
    let apart = if below > 0.5 { below - 0.5 } else { (0.5 - up_to).max(0.0) };
    apart >= effect / 2.0
}

/// The values that the selection has most more often.
fn range(chart: &NumericChart) -> Option<Contrast> {
    let (first, end) = chart.surplus()?;
    let share = |counts: &[u64]| {
        let inside: u64 = counts.iter().take(end).skip(first).sum();
        inside as f64 / counts.iter().sum::<u64>().max(1) as f64
    };
    Some(Contrast::Range {
        from: *chart.edges.get(first)?,
        to: *chart.edges.get(end)?,
        selected: share(&chart.current),
        rest: share(&chart.reference),
    })
}

fn of_words(column: String, kind: ColumnKind, chosen: &Part<String>, rest: &Part<String>) -> Found {
    let mut counts: HashMap<&str, (u64, u64)> = HashMap::new();
    for word in &rest.present {
        counts.entry(word).or_default().0 += 1;
    }
    for word in &chosen.present {
        counts.entry(word).or_default().1 += 1;
    }
    let mut counts: Vec<(&str, (u64, u64))> = counts.into_iter().collect();
    counts.sort_by(|(a, (m, _)), (b, (n, _))| n.cmp(m).then(a.cmp(b)));
    let in_rest: Vec<u64> = counts.iter().map(|(_, (rest, _))| *rest).collect();
    let in_selection: Vec<u64> = counts.iter().map(|(_, (_, chosen))| *chosen).collect();
    let effect = share_distance(&in_rest, &in_selection);
    let (pooled_rest, pooled_selection) = pool_sparse(&in_rest, &in_selection);
    let p = chi_square(&pooled_rest, &pooled_selection).map(|test| test.p);
    let (selected_total, rest_total) = (chosen.present.len() as f64, rest.present.len() as f64);
    let share = |part: u64, total: f64| if total > 0.0 { part as f64 / total } else { 0.0 };
    let shares = |(rest, chosen): (u64, u64)| (share(chosen, selected_total), share(rest, rest_total));
    // Two values always differ equally: then the one that the selection has more often, or of a flag the raised one.
    let gap = |(selected, rest): (f64, f64)| (selected - rest).abs();
    let by_gap = |a: &(&str, (u64, u64)), b: &(&str, (u64, u64))| {
        let (first, second) = (shares(a.1), shares(b.1));
        gap(first).total_cmp(&gap(second)).then((first.0 - first.1).total_cmp(&(second.0 - second.1)))
    };
    let raised = counts.iter().find(|(word, _)| counts.len() == 2 && matches!(*word, "1" | "true"));
    let most = raised.or(counts.iter().max_by(|a, b| by_gap(a, b)));
    let contrast = effect.and(most).map(|(word, counts)| {
        let (selected, rest) = shares(*counts);
        Contrast::Share { value: (*word).to_owned(), selected, rest }
    });
    Found {
        difference: ColumnDifference {
            column,
            kind,
            effect_name: "js_distance".to_owned(),
            effect: effect.unwrap_or(0.0),
            q: p,
            statement: String::new(),
            contrast,
            nulls_selected: chosen.missing,
            nulls_rest: rest.missing,
            chart: Some(bars(&counts)),
        },
        present_selected: chosen.present.len() as u64,
        present_rest: rest.present.len() as u64,
    }
}

/// The largest categories by name, the others together.
fn bars(counts: &[(&str, (u64, u64))]) -> ChartData {
    let (named, others) = counts.split_at(counts.len().min(BARS));
    let mut chart = CategoryChart {
        labels: named.iter().map(|(word, _)| (*word).to_owned()).collect(),
        reference: named.iter().map(|(_, (rest, _))| *rest).collect(),
        current: named.iter().map(|(_, (_, chosen))| *chosen).collect(),
    };
    if !others.is_empty() {
        chart.labels.push("(other)".to_owned());
        chart.reference.push(others.iter().map(|(_, (rest, _))| rest).sum());
        chart.current.push(others.iter().map(|(_, (_, chosen))| chosen).sum());
    }
    ChartData::Categories(chart)
}

/// Where the two sides differ more in what is missing than in the values, that is the difference.
fn weigh_missing(found: &mut Found) {
    let Found { difference, present_selected, present_rest } = found;
    let in_rest = [*present_rest, difference.nulls_rest];
    let in_selection = [*present_selected, difference.nulls_selected];
    let Some(distance) = share_distance(&in_rest, &in_selection).filter(|distance| *distance > difference.effect)
    else {
        return;
    };
    let share = |[present, missing]: [u64; 2]| missing as f64 / (present + missing).max(1) as f64;
    difference.effect = distance;
    "js_distance".clone_into(&mut difference.effect_name);
    difference.q = chi_square(&in_rest, &in_selection).map(|test| test.p);
    difference.contrast = Some(Contrast::Missing { selected: share(in_selection), rest: share(in_rest) });
}

fn shortened(word: &str) -> String {
    if word.chars().count() <= 40 { word.to_owned() } else { word.chars().take(39).chain(['…']).collect() }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn ask(values: Values, kind: ColumnKind, selected: Vec<bool>) -> ColumnDifference {
        let mut found = difference("column".into(), kind, &[values], &[vec![true; selected.len()]], &[selected]);
        let p = found.q.unwrap_or(1.0);
        settle(&mut found, p);
        found
    }

    #[test]
    fn numbers_are_told_apart_by_their_distribution() {
        let values = (0..100).map(|row| Some(f64::from(row))).collect();
        let found = ask(Values::Numbers(values), ColumnKind::Numeric, (0..100).map(|row| row < 20).collect());
        assert_eq!((found.effect_name.as_str(), found.effect), ("ks_statistic", 1.0));
        assert_eq!(found.statement, "median 9.5 against 59.5");
        let Some(ChartData::Numeric(chart)) = found.chart else { panic!("no chart") };
        assert_eq!((chart.reference.iter().sum::<u64>(), chart.current.iter().sum::<u64>()), (80, 20));
    }

    #[test]
    fn words_are_told_apart_by_their_shares() {
        let values = (0..40).map(|row| Some(if row < 10 { "pricing-api" } else { "web" }.to_owned())).collect();
        let found = ask(Values::Words(values), ColumnKind::Categorical, (0..40).map(|row| row < 10).collect());
        assert_eq!((found.effect_name.as_str(), found.effect), ("js_distance", 1.0));
        assert_eq!(found.statement, "pricing-api 100 % against 0 %");
        assert!(found.q.unwrap() < 1e-8);
    }

    #[test]
    fn what_is_missing_is_a_difference_too() {
        let values = (0..40).map(|row| (row >= 10).then_some(f64::from(row % 3))).collect();
        let found = ask(Values::Numbers(values), ColumnKind::Numeric, (0..40).map(|row| row < 12).collect());
        assert_eq!((found.nulls_selected, found.nulls_rest), (10, 0));
        assert_eq!(found.statement, "missing 83.3 % against 0 %");
    }

    #[test]
    fn a_flag_written_as_a_number_is_compared_by_its_share() {
        let values = (0..100).map(|row| Some(f64::from(u8::from(row < 20 || row % 2 == 0)))).collect();
        let found = ask(Values::Numbers(values), ColumnKind::Numeric, (0..100).map(|row| row < 20).collect());
        assert_eq!(found.contrast, Some(Contrast::Share { value: "1".into(), selected: 1.0, rest: 0.5 }));
        assert!(matches!(found.chart, Some(ChartData::Categories(_))));
    }

    #[test]
    fn a_difference_that_the_medians_do_not_show_is_a_range() {
        // The same median, but all of the selection is in the middle.
        let values = (0..300).map(|row| Some(f64::from(if row < 60 { 45 + row % 10 } else { row % 100 }))).collect();
        let found = ask(Values::Numbers(values), ColumnKind::Numeric, (0..300).map(|row| row < 60).collect());
        let Some(Contrast::Range { from, to, selected, rest }) = found.contrast else { panic!("{found:?}") };
        assert!(from >= 40.0 && to <= 60.0 && selected == 1.0 && rest < 0.3, "{from} {to} {selected} {rest}");
    }

    #[test]
    fn what_chance_explains_and_what_nobody_would_see_is_no_difference() {
        let shifted = |row: i32| f64::from(row % 50) + if row < 20 { 40.0 } else { 0.0 };
        let numbers = Values::Numbers((0..100).map(|row| Some(shifted(row))).collect());
        let mut found = ask(numbers, ColumnKind::Numeric, (0..100).map(|row| row < 20).collect());
        assert!(found.contrast.is_some());
        settle(&mut found, 0.2);
        assert_eq!((found.contrast, found.statement.as_str()), (None, "no difference"));
    }

    #[test]
    fn figures_are_short_and_exact_enough_to_compare() {
        let show = |value| in_words(ColumnKind::Numeric, value);
        assert_eq!(
            [show(0.0), show(12.0), show(1234.567), show(0.012_345_6), show(-2.5)],
            ["0", "12", "1,235", "0.01235", "-2.5"]
        );
        assert_eq!(in_words(ColumnKind::Datetime, 951_782_490_000.0), "2000-02-29 00:01");
    }
}
