//! Linear equations, and the linear prediction of one column by others.

/// Gaussian elimination with the largest pivot; `None` where the matrix has no inverse.
pub fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        if matrix[pivot][column].abs() < 1e-14 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..n {
            let factor = matrix[row][column] / matrix[column][column];
            let (above, below) = matrix.split_at_mut(row);
            for (value, from) in below[0].iter_mut().zip(&above[column]).skip(column) {
                *value -= factor * from;
            }
            right[row] -= factor * right[column];
        }
    }
    let mut solution = vec![0.0; n];
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| matrix[row][column] * solution[column]).sum();
        solution[row] = (right[row] - known) / matrix[row][row];
    }
    Some(solution)
}

/// The sum of the products of two columns, over rows of both.
pub fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The weights of ridge regression without a constant (Hoerl and Kennard 1970; scikit-learn's `Ridge(fit_intercept=False)`):
/// `products` of every two columns, and of each column `with_target`. `None` where the penalty is 0 and the columns depend
/// on each other.
pub fn ridge(mut products: Vec<Vec<f64>>, with_target: Vec<f64>, penalty: f64) -> Option<Vec<f64>> {
    for (place, row) in products.iter_mut().enumerate() {
        row[place] += penalty;
    }
    solve(products, with_target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_solved_whatever_their_order() {
        let matrix = vec![vec![0.0, 2.0, 1.0], vec![1.0, -1.0, 0.0], vec![3.0, 0.0, 1.0]];
        let solution = solve(matrix, vec![7.0, -1.0, 6.0]).unwrap_or_default();
        for (found, expected) in solution.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-12, "{solution:?}");
        }
        assert!(solve(vec![vec![1.0, 2.0], vec![2.0, 4.0]], vec![1.0, 2.0]).is_none());
    }

    #[test]
    fn the_weights_of_a_ridge_are_those_of_scikit_learn() {
        // Ridge(alpha=2.0, fit_intercept=False), scikit-learn 1.9.1.
        let columns = [vec![1.0, 2.0, -1.0, 0.5, -2.0], vec![0.0, 1.0, 1.0, -1.0, 2.0]];
        let target = [2.0, 5.0, -1.0, 0.0, -2.5];
        let products = columns.iter().map(|a| columns.iter().map(|b| product(a, b)).collect()).collect();
        let with_target = columns.iter().map(|column| product(column, &target)).collect();
        let weights = ridge(products, with_target, 2.0).unwrap_or_default();
        for (found, expected) in weights.iter().zip([1.617346938776, 0.517857142857]) {
            assert!((found - expected).abs() < 1e-9, "{weights:?}");
        }
    }
}
