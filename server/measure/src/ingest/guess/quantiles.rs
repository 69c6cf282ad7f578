//! Columns of predicted quantiles. A name alone shows little (`latency_p95` is a feature of many tables), so the values have
//! to agree with it: they ascend with the level in each row and lie around the label or the prediction.

use std::collections::BTreeMap;

use domain::{ColumnKind, ColumnRole, Roles};

use super::columns::ColumnFacts;
use super::names;
use super::quantile_names::{Named, named};

/// Share of the rows in which quantiles ascend with their level: models of one quantile each cross in some.
const ASCENDING: f64 = 0.9;
/// Share of the rows in which the prediction or the label lies between the lowest and the highest quantile.
const AROUND_PREDICTION: f64 = 0.8;
const AROUND_LABEL: f64 = 0.3;
/// Fewer rows show nothing.
const FEWEST_ROWS: usize = 20;

/// The columns of predicted quantiles, ascending by level; empty where names and values don't agree that they are some.
pub(super) fn quantiles(columns: &[ColumnFacts], roles: &Roles) -> Vec<String> {
    let free = |column: &&ColumnFacts| {
        column.kind == ColumnKind::Numeric
            && matches!(roles.of(&column.name), ColumnRole::Feature | ColumnRole::Prediction)
    };
    let mut families: BTreeMap<Vec<String>, Vec<(Named, &ColumnFacts)>> = BTreeMap::new();
    for column in columns.iter().filter(free) {
        if let Some(named) = named(&column.name) {
            families.entry(named.stem.clone()).or_default().push((named, column));
        }
    }
    let of_role = |role| columns.iter().find(|column| roles.column_with(role) == Some(&column.name));
    let (label, prediction) = (of_role(ColumnRole::Label), of_role(ColumnRole::Prediction));
    let mut best: Vec<(Named, &ColumnFacts)> = Vec::new();
    for mut family in families.into_values() {
        family.sort_by(|a, b| a.0.level.total_cmp(&b.0.level));
        family.dedup_by(|next, kept| next.0.level == kept.0.level);
        let belongs = belongs(&family, [label, prediction]);
        if family.len() >= 2 && family.len() > best.len() && belongs && ascend(&family) {
            best = family;
        }
    }
    best.into_iter().map(|(_, column)| column.name.clone()).collect()
}

/// Whether quantiles are those of what the table predicts. Where neither the label nor the prediction is known, only names
/// that say so show it: `p25`, `p50` and `p75` of something are features of many tables.
fn belongs(family: &[(Named, &ColumnFacts)], [label, prediction]: [Option<&ColumnFacts>; 2]) -> bool {
    let named_for = |column: &ColumnFacts| {
        let of = names::words(&column.name);
        family.iter().all(|(named, _)| named.stem.iter().all(|word| of.contains(word)))
    };
    let is_plain = family.iter().all(|(named, _)| named.is_plain);
    let around = |column: Option<&ColumnFacts>, share: f64| {
        column
            .filter(|column| column.quantities.len() >= FEWEST_ROWS)
            .map(|column| lies_within(column, family) >= share)
    };
    let fits_name = is_plain || [label, prediction].into_iter().flatten().any(named_for);
    match (around(prediction, AROUND_PREDICTION), around(label, AROUND_LABEL)) {
        (None, None) => is_plain && family.iter().all(|(named, _)| named.is_of_prediction),
        (prediction, label) => fits_name && prediction.unwrap_or(true) && label.unwrap_or(true),
    }
}

/// The share of the rows in which a column lies between the lowest and the highest quantile.
fn lies_within(column: &ColumnFacts, family: &[(Named, &ColumnFacts)]) -> f64 {
    let [(_, lowest), .., (_, highest)] = family else { return 0.0 };
    let rows = column.quantities.iter().zip(lowest.quantities.iter().zip(&highest.quantities));
    share(rows.filter_map(|(value, (low, high))| Some((*low)? <= (*value)? && (*value)? <= (*high)?)))
}

fn ascend(family: &[(Named, &ColumnFacts)]) -> bool {
    let rows = family.iter().map(|(_, column)| column.quantities.len()).min().unwrap_or(0);
    let in_order = |row: usize| {
        let values = family.iter().map(|(_, column)| column.quantities[row]).collect::<Option<Vec<f64>>>()?;
        Some(values.is_sorted())
    };
    let complete: Vec<bool> = (0..rows).filter_map(in_order).collect();
    // Columns that are equal everywhere ascend too.
    let [(_, lowest), .., (_, highest)] = family else { return false };
    let apart = lowest.quantities.iter().zip(&highest.quantities).filter_map(|(low, high)| Some((*high)? > (*low)?));
    complete.len() >= FEWEST_ROWS && share(complete.into_iter()) >= ASCENDING && share(apart) >= ASCENDING
}

fn share(holds: impl Iterator<Item = bool>) -> f64 {
    let (hits, all) = holds.fold((0_usize, 0_usize), |(hits, all), holds| (hits + usize::from(holds), all + 1));
    hits as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use polars::prelude::{Column, NamedFrom, Series};

    use super::super::{facts_of, guess_roles};
    use super::*;

    /// Labels 1 to 200 and columns that lie at a distance from them.
    fn table(label: &str, columns: &[(&str, f64)]) -> Vec<ColumnFacts> {
        let truth: Vec<f64> = (0..200).map(|row| f64::from(row * 37 % 200)).collect();
        let column = |name: &str, away: f64| {
            let values: Vec<f64> = truth.iter().map(|value| value + away).collect();
            facts_of(&Column::from(Series::new(name.into(), values)))
        };
        [column(label, 0.0)].into_iter().chain(columns.iter().map(|(name, away)| column(name, *away))).collect()
    }

    fn guessed(label: &str, columns: &[(&str, f64)]) -> (Vec<String>, Option<String>) {
        let roles = guess_roles(&table(label, columns));
        (roles.columns(ColumnRole::Quantile).to_vec(), roles.prediction().map(str::to_owned))
    }

    #[test]
    fn ordered_columns_around_the_prediction_are_its_quantiles() {
        let columns = [("q90", 9.0), ("y_pred", 1.5), ("q10", -8.0), ("q50", 1.0)];
        let (quantiles, prediction) = guessed("y_true", &columns);
        assert_eq!(
            (quantiles, prediction.as_deref()),
            (["q10", "q50", "q90"].map(str::to_owned).to_vec(), Some("y_pred"))
        );
        let (ends, _) = guessed("y_true", &[("lower_90", -9.0), ("prediction", 0.5), ("upper_90", 9.0)]);
        assert_eq!(ends, ["lower_90", "upper_90"]);
    }

    #[test]
    fn the_median_is_the_prediction_where_there_is_no_other() {
        let (quantiles, prediction) = guessed("y_true", &[("q10", -8.0), ("q50", 1.0), ("q90", 9.0)]);
        assert_eq!((quantiles, prediction.as_deref()), (["q10", "q90"].map(str::to_owned).to_vec(), Some("q50")));
    }

    #[test]
    fn features_with_such_names_stay_features() {
        for columns in [
            // Not in the order of their levels.
            vec![("q10", 9.0), ("y_pred", 0.0), ("q90", -9.0)],
            // Nowhere near what is predicted.
            vec![("q10", 5_000.0), ("y_pred", 0.0), ("q90", 9_000.0)],
            // Of something else.
            vec![("latency_p05", -9.0), ("y_pred", 0.0), ("latency_p95", 9.0)],
            // Alone.
            vec![("q90", 9.0), ("y_pred", 0.0)],
        ] {
            assert_eq!(guessed("y_true", &columns).0, Vec::<String>::new(), "{columns:?}");
        }
        let without_label = |columns: &[(&str, f64)]| guessed("wage", columns).0;
        assert_eq!(without_label(&[("p25", -9.0), ("p50", 0.0), ("p75", 9.0)]), Vec::<String>::new());
        assert_eq!(without_label(&[("yhat_lower_80", -9.0), ("yhat_upper_80", 9.0)]).len(), 2);
    }
}
