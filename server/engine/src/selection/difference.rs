//! How one column differs between the selected rows and the rest.

use std::collections::HashMap;

use domain::comparison::{CategoryChart, ChartData, NumericChart};
use domain::number::{number, percent};
use domain::selection::ColumnDifference;
use domain::snapshot::ColumnKind;
use stats::contingency::{chi_square, pool_sparse, share_distance};
use stats::histogram::{chart_edges, histogram_clipped};
use stats::quantiles::median;
use stats::two_sample::{ks_pvalue_asymp, ks_statistic};

use super::values::Values;

/// Differences that chance explains this well are none (after correction for all columns).
pub(super) const CHANCE: f64 = 0.01;

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
    let mut found = if let Some(numbers) = numbers {
        let (mut chosen, mut rest) = split(&numbers, sides, selected);
        for part in [&mut chosen, &mut rest] {
            part.present.retain(|value| value.is_finite());
            part.present.sort_unstable_by(f64::total_cmp);
        }
        of_numbers(column, kind, &chosen, &rest)
    } else {
        let words: Vec<Vec<Option<String>>> = values.iter().map(to_words).collect();
        let (chosen, rest) = split(&words.iter().collect::<Vec<_>>(), sides, selected);
        of_words(column, kind, &chosen, &rest)
    };
    weigh_missing(&mut found);
    found.difference
}

/// A difference and how many values it is about.
struct Found {
    difference: ColumnDifference,
    present_selected: u64,
    present_rest: u64,
}

fn to_words(values: &Values) -> Vec<Option<String>> {
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
    let statement = if effect.is_some() {
        let show = |part: &Part<f64>| number_in_words(kind, median(&part.present));
        let what = if kind == ColumnKind::Text { "median length" } else { "median" };
        format!("{what} {} against {}", show(chosen), show(rest))
    } else {
        "no difference".to_owned()
    };
    let chart = chart_edges(&[&rest.present, &chosen.present], BINS).map(|edges| {
        ChartData::Numeric(NumericChart {
            reference: histogram_clipped(&rest.present, &edges),
            current: histogram_clipped(&chosen.present, &edges),
            edges,
            log: None,
            reference_quantiles: Vec::new(),
            current_quantiles: Vec::new(),
            over_time: Vec::new(),
        })
    });
    Found {
        difference: ColumnDifference {
            column,
            kind,
            effect_name: "ks_statistic".to_owned(),
            effect: effect.unwrap_or(0.0),
            q: p,
            statement,
            nulls_selected: chosen.missing,
            nulls_rest: rest.missing,
            chart,
        },
        present_selected: chosen.present.len() as u64,
        present_rest: rest.present.len() as u64,
    }
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
    let gap = |(rest, chosen): (u64, u64)| (share(chosen, selected_total) - share(rest, rest_total)).abs();
    let most = counts.iter().max_by(|(_, a), (_, b)| gap(*a).total_cmp(&gap(*b)));
    let statement = match (effect, most) {
        (Some(_), Some((word, (in_rest, in_selection)))) => format!(
            "{} {} against {}",
            shortened(word),
            percent(share(*in_selection, selected_total)),
            percent(share(*in_rest, rest_total))
        ),
        _ => "no difference".to_owned(),
    };
    Found {
        difference: ColumnDifference {
            column,
            kind,
            effect_name: "js_distance".to_owned(),
            effect: effect.unwrap_or(0.0),
            q: p,
            statement,
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
    difference.statement = format!("missing {} against {}", percent(share(in_selection)), percent(share(in_rest)));
}

fn shortened(word: &str) -> String {
    if word.chars().count() <= 40 { word.to_owned() } else { word.chars().take(39).chain(['…']).collect() }
}

fn number_in_words(kind: ColumnKind, value: f64) -> String {
    if kind == ColumnKind::Datetime
        && let Ok(moment) = jiff::Timestamp::from_millisecond(value as i64)
    {
        return moment.strftime("%Y-%m-%d %H:%M").to_string();
    }
    number(value)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn ask(values: Values, kind: ColumnKind, selected: Vec<bool>) -> ColumnDifference {
        difference("column".into(), kind, &[values], &[vec![true; selected.len()]], &[selected])
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
    fn figures_are_short_and_exact_enough_to_compare() {
        let show = |value| number_in_words(ColumnKind::Numeric, value);
        assert_eq!(
            [show(0.0), show(12.0), show(1234.567), show(0.012_345_6), show(-2.5)],
            ["0", "12", "1,235", "0.01235", "-2.5"]
        );
        assert_eq!(number_in_words(ColumnKind::Datetime, 951_782_400_000.0), "2000-02-29 00:00");
    }
}
