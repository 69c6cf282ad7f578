//! Metrics of predicted classes.

use proptest::prelude::*;
use stats::confusion::{Margins, delta_standard_error};

use crate::given::close;

type Matrix = Vec<Vec<u64>>;

fn matrix() -> impl Strategy<Value = Matrix> {
    (1_usize..5).prop_flat_map(|classes| {
        let count = prop_oneof![2 => 0_u64..40, 1 => Just(0), 1 => 0_u64..100_000];
        prop::collection::vec(prop::collection::vec(count, classes), classes)
    })
}

fn of(counts: &Matrix, cell: impl Fn(usize, usize) -> u64) -> Matrix {
    (0..counts.len()).map(|truth| (0..counts.len()).map(|predicted| cell(truth, predicted)).collect()).collect()
}

const SHARES: [fn(&Margins) -> f64; 6] = [
    Margins::accuracy,
    Margins::balanced_accuracy,
    Margins::majority_baseline_accuracy,
    |margins| margins.macro_mean(Margins::f1),
    |margins| margins.weighted_mean(Margins::precision),
    |margins| margins.macro_mean(Margins::recall),
];
const AGREEMENTS: [fn(&Margins) -> f64; 2] = [Margins::mcc, Margins::cohen_kappa];

proptest! {
    #[test]
    fn figures_stay_in_their_ranges(counts in matrix()) {
        let margins = Margins::of(&counts);
        prop_assert_eq!(margins.classes(), counts.len());
        for share in SHARES {
            prop_assert!((0.0..=1.0 + 1e-12).contains(&share(&margins)), "{:?}", margins);
        }
        for agreement in AGREEMENTS {
            prop_assert!((-1.0..=1.0).contains(&agreement(&margins)), "{} {:?}", agreement(&margins), margins);
        }
        for class in 0..counts.len() {
            let (precision, recall, f1) = (margins.precision(class), margins.recall(class), margins.f1(class));
            prop_assert!(precision.min(recall) <= f1 + 1e-12 && f1 <= precision.max(recall) + 1e-12);
        }
    }

    #[test]
    fn classes_have_no_order_and_agreement_no_side(counts in matrix(), turn in 0_usize..5) {
        let n = counts.len();
        let margins = Margins::of(&counts);
        let renamed = Margins::of(&of(&counts, |truth, predicted| counts[(truth + turn) % n][(predicted + turn) % n]));
        for figure in SHARES.iter().chain(&AGREEMENTS) {
            prop_assert!(close(figure(&margins), figure(&renamed)));
        }
        let turned = Margins::of(&of(&counts, |truth, predicted| counts[predicted][truth]));
        for figure in [Margins::accuracy, Margins::mcc, Margins::cohen_kappa] {
            prop_assert!(close(figure(&margins), figure(&turned)));
        }
        for class in 0..n {
            prop_assert!(close(margins.precision(class), turned.recall(class)) && close(margins.f1(class), turned.f1(class)));
        }
    }

    #[test]
    fn more_rows_of_the_same_shares_change_nothing_but_the_error(counts in matrix(), times in 2_u64..9) {
        let more = of(&counts, |truth, predicted| counts[truth][predicted] * times);
        for figure in SHARES.iter().chain(&AGREEMENTS) {
            prop_assert!(close(figure(&Margins::of(&counts)), figure(&Margins::of(&more))));
        }
        let (few, many) = (delta_standard_error(&counts, Margins::accuracy), delta_standard_error(&more, Margins::accuracy));
        prop_assert!(few.is_finite() && few >= 0.0 && many <= few);
    }

    #[test]
    fn a_perfect_model_has_one_and_nothing_has_zero(diagonal in prop::collection::vec(1_u64..1_000, 2..5)) {
        let nothing = vec![vec![0; diagonal.len()]; diagonal.len()];
        let perfect = Margins::of(&of(&nothing, |truth, predicted| if truth == predicted { diagonal[truth] } else { 0 }));
        for figure in [Margins::accuracy, Margins::balanced_accuracy, Margins::mcc, Margins::cohen_kappa] {
            prop_assert!(close(figure(&perfect), 1.0));
            prop_assert_eq!(figure(&Margins::of(&nothing)), 0.0);
        }
        prop_assert_eq!(delta_standard_error(&nothing, Margins::accuracy), 0.0);
    }

    #[test]
    fn what_is_added_can_be_taken_away(counts in matrix(), truth in 0_usize..5, predicted in 0_usize..5) {
        let (truth, predicted) = (truth % counts.len(), predicted % counts.len());
        let mut margins = Margins::of(&counts);
        margins.add(truth, predicted, 3.0);
        prop_assert_eq!(margins.total, Margins::of(&counts).total + 3.0);
        margins.add(truth, predicted, -3.0);
        prop_assert_eq!(margins, Margins::of(&counts));
    }
}
