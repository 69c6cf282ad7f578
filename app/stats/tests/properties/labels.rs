//! Labels against probabilities.

use proptest::prelude::*;
use stats::label_trust::{
    ClassProbabilities, ClassTrust, confident_joint, label_trust, most_doubtful_first, relation_change,
};

use crate::given::close;

/// Per row a label and the weights of three classes, each of which occurs.
fn rows() -> impl Strategy<Value = Vec<(u32, [u32; 3])>> {
    prop::collection::vec((0_u32..3, prop::array::uniform3(1_u32..1_000)), 0..60).prop_map(|mut rows| {
        rows.extend([(0, [3, 2, 1]), (1, [1, 3, 2]), (2, [2, 1, 3])]);
        rows
    })
}

/// Names, probabilities and labels with the classes moved on by `turn`.
fn turned(rows: &[(u32, [u32; 3])], turn: usize) -> (Vec<String>, Vec<Vec<f64>>, Vec<u32>) {
    let names = (0..3).map(|class| ["a", "b", "c"][(class + 3 - turn) % 3].to_owned()).collect();
    let of = |class: usize| {
        let from = (class + 3 - turn) % 3;
        rows.iter().map(|row| f64::from(row.1[from]) / f64::from(row.1.iter().sum::<u32>())).collect()
    };
    (names, (0..3).map(of).collect(), rows.iter().map(|row| (row.0 + turn as u32) % 3).collect())
}

fn by_name(mut classes: Vec<ClassTrust>) -> Vec<ClassTrust> {
    classes.sort_by(|a, b| a.class.cmp(&b.class));
    classes
}

/// Whether no row has its highest probability in two classes; then no order of classes decides.
fn decided(rows: &[(u32, [u32; 3])]) -> bool {
    rows.iter().all(|(_, weights)| weights[0] != weights[1] && weights[1] != weights[2] && weights[0] != weights[2])
}

proptest! {
    #[test]
    fn trust_counts_every_row_and_knows_no_names(rows in rows(), turn in 1_usize..3) {
        prop_assume!(decided(&rows));
        let (classes, of, labels) = turned(&rows, 0);
        let found = label_trust(&ClassProbabilities { classes: &classes, of: &of, labels: &labels });
        prop_assert_eq!(found.classes.iter().map(|class| class.predicted).sum::<u64>(), rows.len() as u64);
        prop_assert!((0.0..=1.0).contains(&found.decided) && found.wrong <= found.rows);
        let parts = |class: &ClassTrust| class.first_quarter.n + class.second_quarter.n + class.rest.n;
        prop_assert!(found.classes.iter().all(|class| parts(class) == class.predicted && (0.0..=1.0).contains(&class.confidence)));
        let (classes, of, labels) = turned(&rows, turn);
        let renamed = label_trust(&ClassProbabilities { classes: &classes, of: &of, labels: &labels });
        prop_assert_eq!((found.wrong, found.rows), (renamed.wrong, renamed.rows));
        prop_assert_eq!(by_name(found.classes), by_name(renamed.classes));
    }

    #[test]
    fn the_confident_joint_stays_in_its_range_and_knows_no_names(rows in rows(), turn in 1_usize..3) {
        prop_assume!(decided(&rows));
        let (classes, of, labels) = turned(&rows, 0);
        let found = confident_joint(&ClassProbabilities { classes: &classes, of: &of, labels: &labels });
        prop_assert!((0.0..=1.0).contains(&found.wrong) && found.thresholds.iter().all(|limit| (0.0..=1.0).contains(limit)));
        prop_assert!(found.counts.iter().flatten().sum::<u64>() <= rows.len() as u64);
        let (classes, of, labels) = turned(&rows, turn);
        let renamed = confident_joint(&ClassProbabilities { classes: &classes, of: &of, labels: &labels });
        prop_assert!(close(found.wrong, renamed.wrong));
        for label in 0..3 {
            for class in 0..3 {
                prop_assert_eq!(found.counts[label][class], renamed.counts[(label + turn) % 3][(class + turn) % 3]);
            }
        }
    }

    #[test]
    fn every_row_is_in_the_order_of_doubt_and_no_name_decides(rows in rows(), turn in 1_usize..3) {
        let (classes, of, labels) = turned(&rows, 0);
        let found = most_doubtful_first(&ClassProbabilities { classes: &classes, of: &of, labels: &labels });
        let mut sorted = found.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, (0..rows.len()).collect::<Vec<_>>());
        // Where the label is the most probable class, it is doubted later than where it is not.
        let agrees = |row: usize| (0..3).all(|class| of[class][row] <= of[labels[row] as usize][row]);
        let order: Vec<bool> = found.iter().map(|row| agrees(*row)).collect();
        prop_assert!(order.is_sorted(), "{:?}", order);
        let (classes, of, labels) = turned(&rows, turn);
        prop_assert_eq!(found, most_doubtful_first(&ClassProbabilities { classes: &classes, of: &of, labels: &labels }));
    }

    #[test]
    fn a_relation_that_is_the_same_on_both_sides_has_not_changed(rows in rows()) {
        let (classes, of, labels) = turned(&rows, 0);
        let side = ClassProbabilities { classes: &classes, of: &of, labels: &labels };
        let found = relation_change(&side, &side);
        prop_assert_eq!((found.train_rows, found.serve_rows), (rows.len() as u64, rows.len() as u64));
        for class in &found.classes {
            prop_assert_eq!(class.predicted_train, class.predicted_serve);
            prop_assert!(class.contradicted_train.hits <= class.contradicted_train.n);
        }
        prop_assert_eq!(found.classes.iter().map(|class| class.predicted_train.hits).sum::<u64>(), rows.len() as u64);
    }
}
