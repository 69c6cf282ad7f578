//! Every distance and test between two samples against SciPy's figures, on real data.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};

use serde_json::Value;
use stats::contingency::{category_psi, chi_square, cramers_v, share_distance, total_variation};
use stats::multiple::benjamini_hochberg;
use stats::quantiles::{median, standard_deviation};
use stats::two_sample::{
    js_distance, ks_pvalue_asymp, ks_statistic, mann_whitney_p, psi, psi_edges, wasserstein, wasserstein_over_std_ref,
};

/// Relative, and absolute below one.
const TOLERANCE: f64 = 1e-9;

/// Cells by column, for one side; the fixtures hold no quotes.
type Columns = BTreeMap<String, Vec<String>>;

fn read(path: &Path, side: &str) -> Result<Columns, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().ok_or("the fixture is empty")?.split(',').collect();
    let mut columns: Columns = header.iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
    for line in lines.filter(|line| line.starts_with(&format!("{side},"))) {
        for (name, cell) in header.iter().zip(line.split(',')).filter(|(_, cell)| !cell.is_empty()) {
            columns.get_mut(*name).ok_or("a column is missing")?.push(cell.to_owned());
        }
    }
    Ok(columns)
}

fn sorted(cells: &[String]) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut values = cells.iter().map(|cell| cell.parse()).collect::<Result<Vec<f64>, _>>()?;
    values.sort_by(f64::total_cmp);
    Ok(values)
}

fn assert_figure(found: Option<f64>, expected: &Value, what: &str) {
    let (found, expected) = (found.unwrap_or(f64::NAN), expected.as_f64().unwrap_or(f64::INFINITY));
    let scale = expected.abs().max(1.0);
    assert!((found - expected).abs() <= TOLERANCE * scale, "{what}: {found} against {expected}");
}

/// Checks one column of numbers; gives the p value of its test.
fn check_numbers(expected: &Value, reference: &[f64], current: &[f64], what: &str) -> f64 {
    let figure = |found, name: &str| assert_figure(found, &expected[name], &format!("{what} {name}"));
    let ks = ks_statistic(reference, current).unwrap_or(f64::NAN);
    let p = ks_pvalue_asymp(ks, reference.len(), current.len());
    let deviation = standard_deviation(reference);
    figure(Some(reference.len() as f64), "n_ref");
    figure(Some(current.len() as f64), "n_cur");
    figure(Some(median(reference)), "median_ref");
    figure(Some(deviation), "std_ref_ddof1");
    figure(Some(ks), "ks_statistic");
    figure(Some(p), "ks_pvalue_asymp");
    figure(wasserstein(reference, current), "wasserstein");
    figure(wasserstein_over_std_ref(reference, current, deviation), "wasserstein_over_std_ref");
    figure(psi(reference, current), "psi");
    figure(js_distance(reference, current), "js_distance");
    figure(mann_whitney_p(reference, current), "mannwhitney_p");
    let edges = expected["psi_inner_edges"].as_array().cloned().unwrap_or_default();
    assert_eq!(psi_edges(reference).len(), edges.len(), "{what}");
    for (edge, expected) in psi_edges(reference).into_iter().zip(&edges) {
        assert_figure(Some(edge), expected, what);
    }
    p
}

/// Checks one column of categories; gives the p value of its test.
fn check_categories(expected: &Value, reference: &[String], current: &[String], what: &str) -> f64 {
    let figure = |found, name: &str| assert_figure(found, &expected[name], &format!("{what} {name}"));
    let categories: BTreeSet<&String> = reference.iter().chain(current).collect();
    let count = |cells: &[String]| -> Vec<u64> {
        categories.iter().map(|category| cells.iter().filter(|cell| cell == category).count() as u64).collect()
    };
    let (reference, current) = (count(reference), count(current));
    let test = chi_square(&reference, &current);
    figure(test.map(|test| test.statistic), "chi2");
    figure(test.map(|test| test.degrees_of_freedom as f64), "chi2_dof");
    figure(test.map(|test| test.p), "chi2_pvalue");
    figure(cramers_v(&reference, &current), "cramers_v");
    figure(category_psi(&reference, &current), "psi");
    figure(share_distance(&reference, &current), "js_distance");
    figure(total_variation(&reference, &current), "total_variation");
    test.map_or(1.0, |test| test.p)
}

fn check(folder: &Path, name: &str) -> Result<usize, Box<dyn Error>> {
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(folder.join(format!("{name}.json")))?)?;
    let table = folder.join(format!("{name}.csv"));
    let (reference, current) = (read(&table, "reference")?, read(&table, "current")?);
    let expected = expected.as_object().ok_or("the figures are not an object")?;
    let mut p_values = Vec::new();
    for (column, figures) in expected {
        let what = format!("{name} {column}");
        let (a, b) = (&reference[column], &current[column]);
        p_values.push(if figures["type"] == "numeric" {
            check_numbers(figures, &sorted(a)?, &sorted(b)?, &what)
        } else {
            check_categories(figures, a, b, &what)
        });
    }
    for ((column, figures), q) in expected.iter().zip(benjamini_hochberg(&p_values)) {
        assert_figure(Some(q), &figures["p_benjamini_hochberg"], &format!("{name} {column} q"));
    }
    Ok(expected.len())
}

#[test]
fn every_figure_is_scipys() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/drift");
    assert_eq!(check(&folder, "breast_cancer")?, 6);
    assert_eq!(check(&folder, "penguins")?, 5);
    Ok(())
}
