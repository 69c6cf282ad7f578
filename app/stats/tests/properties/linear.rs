//! Linear equations and ridge regression.

use proptest::prelude::*;
use stats::linear::{product, ridge, solve};

/// Three columns of a few rows, and a target.
fn columns() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<f64>)> {
    let numbers = |rows| prop::collection::vec(-5.0..5.0_f64, rows);
    (6_usize..20).prop_flat_map(move |rows| (prop::collection::vec(numbers(rows), 3), numbers(rows)))
}

fn products(columns: &[Vec<f64>]) -> Vec<Vec<f64>> {
    columns.iter().map(|a| columns.iter().map(|b| product(a, b)).collect()).collect()
}

proptest! {
    #[test]
    fn a_solution_solves_its_equations((columns, _) in columns(), right in prop::collection::vec(-5.0..5.0_f64, 3)) {
        // Products of columns with a penalty have an inverse.
        let mut matrix = products(&columns);
        for (place, row) in matrix.iter_mut().enumerate() {
            row[place] += 0.5;
        }
        let Some(solution) = solve(matrix.clone(), right.clone()) else { return Err(TestCaseError::fail("no solution")) };
        for (row, right) in matrix.iter().zip(&right) {
            prop_assert!((product(row, &solution) - right).abs() < 1e-6, "{solution:?}");
        }
    }

    #[test]
    fn products_do_not_depend_on_the_order_of_the_columns((columns, target) in columns()) {
        prop_assert_eq!(product(&columns[0], &target), product(&target, &columns[0]));
        prop_assert!(product(&target, &target) >= 0.0);
    }

    #[test]
    fn what_a_ridge_leaves_is_orthogonal_but_for_the_penalty((columns, target) in columns(), penalty in 0.1..10.0_f64) {
        // The normal equations: X'(y - Xw) = penalty * w.
        let with_target = columns.iter().map(|column| product(column, &target)).collect();
        let Some(weights) = ridge(products(&columns), with_target, penalty) else { return Err(TestCaseError::fail("no weights")) };
        let predicted = |row: usize| columns.iter().zip(&weights).map(|(column, weight)| column[row] * weight).sum::<f64>();
        let left: Vec<f64> = target.iter().enumerate().map(|(row, target)| target - predicted(row)).collect();
        for (column, weight) in columns.iter().zip(&weights) {
            prop_assert!((product(column, &left) - penalty * weight).abs() < 1e-6, "{weights:?}");
        }
    }
}
