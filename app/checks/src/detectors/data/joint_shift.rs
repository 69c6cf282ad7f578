//! D1.joint_shift: did the relations between columns change although each column looks the same?

use crate::detectors::words::{count, names, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, JOINT_AUC, JOINT_AUC_POSSIBLE, JOINT_OVER_FLOOR, JOINT_ROWS_NEEDED, JOINT_TELLING, SIGNIFICANCE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::joint_shift::{Area, Floor, Halves, JointShift, ToldApart};
use domain::need::{Need, SharedColumns, Tables};
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::distributions::normal_sf;

/// The classifier is `stats::boosted_trees`, which the checks of labels use too: the question is the same (which of two
/// classes is this row?), and a library would have to compile for the browser as well.
pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D1.joint_shift"),
    item: Item::D1,
    title: "Joint shift of several columns",
    looks_for: "Serve rows that a classifier can distinguish from train rows although each column alone looks the same: relations between columns changed, or many small shifts add up.",
    why_it_matters: "A join on the wrong key, a feature from another row or a new mix of customers leaves every histogram unchanged. The model learned which values occur together, and now gets combinations that are not in the training data.",
    how_it_decides: "The check takes up to {JOINT_ROWS} random rows per side (fixed seed) and up to {JOINT_FEATURES} features. Features that differ on their own are left out, because other checks report them. Gradient-boosted trees are tested with {JOINT_FOLDS}-fold cross-validation; all rows of one entity are in one fold. The ROC AUC (with DeLong's standard error) is a mismatch from {JOINT_AUC}, possible from {JOINT_AUC_POSSIBLE}. It must also be at least {JOINT_OVER_FLOOR} above the AUC between two halves of train (earlier and later, if there is a time column). The difference needs p under {CERTAINTY} for a mismatch and under {SIGNIFICANCE} for possible. The named columns are those whose shuffling lowers the AUC most (at least {JOINT_TELLING:%} of the largest loss).",
    try_next: "Plot the named columns against each other for train and serve. If their relation changed, check the key and the time of the join that combines them.",
    causes: &[Cause::DistributionShift],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.train_and_serve().is_none() {
        return Judgement::missing(Need::train_and_serve());
    }
    let Some(measured) = &measurements.joint_shift else {
        let both = Tables::all([SnapshotRole::Train, SnapshotRole::Serve]);
        return Judgement::missing(both.rows(JOINT_ROWS_NEEDED as u64).sharing(2, SharedColumns::Features));
    };
    let Some(told) = &measured.told_apart else {
        let summary = format!(
            "Fewer than two features look the same on both sides; other checks judge the {} that differ.",
            count(measured.apart.len() as u64, "feature")
        );
        return Judgement::Judged { summary, findings: Vec::new() };
    };
    let left_out = match measured.apart.len() as u64 {
        0 => String::new(),
        apart => format!(" ({} that differ on their own left out)", count(apart, "feature")),
    };
    let summary = format!(
        "A classifier tried to distinguish {} from {} by {}{left_out}: ROC AUC {}.",
        count(measured.train_rows, "train row"),
        count(measured.serve_rows, "serve row"),
        count(measured.together.len() as u64, "feature"),
        number(told.area.value),
    );
    Judgement::Judged { summary, findings: shift(measured, told).into_iter().collect() }
}

fn shift(measured: &JointShift, told: &ToldApart) -> Option<Finding> {
    let floor = told.floor?;
    let over = told.area.value - floor.area.value.max(0.5);
    let p = chance_of(told.area, floor);
    let verdict = match told.area.value {
        _ if over < JOINT_OVER_FLOOR => return None,
        area if area >= JOINT_AUC && p < CERTAINTY => Verdict::Mismatch,
        area if area >= JOINT_AUC_POSSIBLE && p < SIGNIFICANCE => Verdict::Possible,
        _ => return None,
    };
    let columns = leading(told);
    let error = 1.96 * told.area.standard_error;
    let (low, high) = ((told.area.value - error).max(0.0), (told.area.value + error).min(1.0));
    let halves = match floor.halves {
        Halves::InTime => "the earlier and the later half of train",
        Halves::AtRandom => "two random halves of train",
    };
    let statement = format!(
        "The combination of {} is different in serving than in training, although each column alone looks the same.",
        names(&columns),
    );
    let effect = Effect::new("roc_auc", told.area.value, JOINT_AUC).with_interval(low, high);
    let finding = DETECTOR
        .finding(verdict, &columns, statement, effect, Certainty::p(p))
        .for_cause(Cause::DistributionShift)
        .with_n("train", measured.train_rows)
        .with_n("serve", measured.serve_rows)
        .with_evidence(format!("ROC AUC between {halves}"), number(floor.area.value));
    let finding = told.relations.iter().take(3).fold(finding, |finding, relation| {
        finding.with_evidence(
            format!("rank correlation of {} (train, serve)", names(&relation.columns)),
            format!("{}, {}", number(relation.train), number(relation.serve)),
        )
    });
    Some(told.columns.iter().take(5).fold(finding, |finding, column| {
        let label = format!("loss of AUC after shuffling {}", names(&[&column.column]));
        finding.with_evidence(label, number(column.loss))
    }))
}

/// The one-sided p of the difference from the floor; the two areas are independent and about normal.
fn chance_of(area: Area, floor: Floor) -> f64 {
    let error = area.standard_error.hypot(floor.area.standard_error).max(f64::MIN_POSITIVE);
    normal_sf((area.value - floor.area.value.max(0.5)) / error)
}

/// The columns that matter most to the classifier: the first one and those close behind it; at most five.
fn leading(told: &ToldApart) -> Vec<&str> {
    let most = told.columns.first().map_or(0.0, |first| first.loss);
    let columns = told.columns.iter().filter(|column| column.loss >= JOINT_TELLING * most);
    columns.take(5).map(|column| column.column.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{bell_pair, measured};
    use domain::measurements::joint_shift::{Relation, TellingColumn};

    fn judged(area: Area, floor: Option<Floor>) -> Vec<Finding> {
        let (train, serve) = bell_pair();
        let mut measurements = measured(&train, &serve);
        let column = |column: &str, loss| TellingColumn { column: column.into(), loss };
        let told_apart = ToldApart {
            area,
            floor,
            columns: vec![column("a", 0.2), column("b", 0.15), column("c", 0.01)],
            relations: vec![Relation { columns: ["a".into(), "b".into()], train: 0.9, serve: 0.02 }],
        };
        measurements.joint_shift = Some(JointShift {
            train_rows: 1_000,
            serve_rows: 800,
            together: vec!["a".into(), "b".into(), "c".into()],
            apart: Vec::new(),
            told_apart: Some(told_apart),
        });
        judge(&measurements).findings()
    }

    fn floor(value: f64, halves: Halves) -> Option<Floor> {
        Some(Floor { area: Area { value, standard_error: 0.02 }, halves })
    }

    #[test]
    fn a_broken_relation_names_its_columns_and_its_correlation() {
        let found = judged(Area { value: 0.72, standard_error: 0.012 }, floor(0.5, Halves::AtRandom));
        assert_eq!((found.len(), found[0].verdict), (1, Verdict::Mismatch));
        assert_eq!(found[0].columns, ["a", "b"]);
        assert!(found[0].evidence.iter().any(|line| line.value == "0.9, 0.02"), "{:?}", found[0].evidence);
        // z = 0.22 / sqrt(0.012² + 0.02²) = 9.43, of which the upper tail is 2e-21.
        assert!(found[0].certainty.value < 1e-20 && found[0].certainty.value > 1e-22);
    }

    #[test]
    fn what_train_does_by_itself_and_what_chance_does_is_no_shift() {
        // Train's own halves are as far apart in time.
        assert!(judged(Area { value: 0.72, standard_error: 0.012 }, floor(0.70, Halves::InTime)).is_empty());
        // Few rows: 0.60 is 1.6 standard errors above random guessing.
        assert!(judged(Area { value: 0.6, standard_error: 0.06 }, floor(0.5, Halves::AtRandom)).is_empty());
        assert!(judged(Area { value: 0.51, standard_error: 0.001 }, None).is_empty());
        // A floor under one half is chance, and does not lower the limit.
        assert!(judged(Area { value: 0.54, standard_error: 0.001 }, floor(0.45, Halves::AtRandom)).is_empty());
        let some = judged(Area { value: 0.57, standard_error: 0.01 }, floor(0.5, Halves::AtRandom));
        assert_eq!(some[0].verdict, Verdict::Possible);
    }
}
