//! D1.joint_shift: do columns that look alike one by one go together in another way at serving?

use crate::detectors::words::{chance, count, names, number};
use crate::detectors::{Detector, Judgement, sides};
use crate::thresholds::{CERTAINTY, JOINT_AUC, JOINT_AUC_POSSIBLE, JOINT_OVER_FLOOR, JOINT_TELLING, SIGNIFICANCE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::joint_shift::{Area, Floor, Halves, JointShift, ToldApart};
use domain::{Cause, Finding, Item, Verdict};
use stats::distributions::normal_sf;

/// The classifier is the domain's own boosted trees (`stats::boosted_trees`), made for the checks of labels: the question
/// is the same (which of two classes is this row?), and a library would have to compile for the browser as well.
pub static DETECTOR: Detector = Detector {
    id: "D1.joint_shift",
    item: Item::D1,
    title: "Joint shift of several columns",
    looks_for: "Serve rows that a classifier can tell from train rows although each of the columns looks the same by itself: relations between columns that changed, or many small shifts that add up.",
    why_it_matters: "A join on the wrong key, a feature of another row or a new mix of customers leaves every histogram as it was. The model has learnt which values go together, and meets combinations it never saw.",
    how_it_decides: "Up to 5,000 seeded rows a side and 30 features; those that differ by themselves are left out, because other checks name them. Gradient-boosted trees, five folds (an entity stays in one): the ROC AUC of rows they have not seen, DeLong's standard error. A mismatch from 0.60 on, possible from 0.55, if it is 0.05 over the AUC between two halves of train (the earlier and the later one where there is a time column) and certainly so (p under 0.0001, for possible 0.01). The columns named are those whose shuffling costs the classifier most.",
    try_next: "Plot the named columns against each other for train and serve. If their relation broke, check the key and the time by which they are joined.",
    causes: &[Cause::DistributionShift],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.train_and_serve().is_none() {
        return Judgement::missing(sides::TRAIN_AND_SERVE);
    }
    let Some(measured) = &measurements.joint_shift else {
        return Judgement::missing("at least 200 train and 200 serve rows with two features that both have");
    };
    let Some(told) = &measured.told_apart else {
        let summary = format!(
            "Fewer than two features look alike by themselves; {} differ and are judged one by one.",
            count(measured.apart.len() as u64, "feature")
        );
        return Judgement::Judged { summary, findings: Vec::new() };
    };
    let left_out = match measured.apart.len() as u64 {
        0 => String::new(),
        apart => format!("; {} that differ by themselves were left out", count(apart, "feature")),
    };
    let summary = format!(
        "Tried to tell {} from {} by {} together: ROC AUC {}{left_out}.",
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
    let columns = telling(told);
    let error = 1.96 * told.area.standard_error;
    let (low, high) = ((told.area.value - error).max(0.0), (told.area.value + error).min(1.0));
    let halves = match floor.halves {
        Halves::InTime => "the earlier and the later half of train",
        Halves::AtRandom => "two random halves of train",
    };
    let statement = format!(
        "Serve rows can be told from train rows by {} together, though each looks alike by itself: ROC AUC {:.2} (95 % interval {low:.2} to {high:.2}) against {:.2} between {halves} (p {}).",
        names(&columns),
        told.area.value,
        floor.area.value,
        chance(p),
    );
    let effect = Effect::new("roc_auc", told.area.value, JOINT_AUC).with_interval(low, high);
    let finding = DETECTOR
        .finding(verdict, &columns, statement, effect, Certainty::p(p))
        .for_cause(Cause::DistributionShift)
        .with_n("train", measured.train_rows)
        .with_n("serve", measured.serve_rows)
        .with_evidence(format!("ROC AUC between {halves}"), format!("{:.3}", floor.area.value));
    let finding = told.relations.iter().take(3).fold(finding, |finding, relation| {
        finding.with_evidence(
            format!("rank correlation of {} in train, at serving", names(&relation.columns)),
            format!("{:.2}, {:.2}", relation.train, relation.serve),
        )
    });
    Some(told.columns.iter().take(5).fold(finding, |finding, column| {
        let label = format!("AUC lost without {}", names(&[&column.column]));
        finding.with_evidence(label, format!("{:.3}", column.loss))
    }))
}

/// The one-sided chance of so much more than the floor, the two areas being independent and about normal.
fn chance_of(area: Area, floor: Floor) -> f64 {
    let error = area.standard_error.hypot(floor.area.standard_error).max(f64::MIN_POSITIVE);
    normal_sf((area.value - floor.area.value.max(0.5)) / error)
}

/// The columns that give it away: the most telling one, and those not far behind; at most five.
fn telling(told: &ToldApart) -> Vec<&str> {
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
        assert!(found[0].evidence.iter().any(|line| line.value == "0.90, 0.02"), "{:?}", found[0].evidence);
        // z = 0.22 / sqrt(0.012² + 0.02²) = 9.43, of which the upper tail is 2e-21.
        assert!(found[0].certainty.value < 1e-20 && found[0].certainty.value > 1e-22);
    }

    #[test]
    fn what_train_does_by_itself_and_what_chance_does_is_no_shift() {
        // Train's own halves are as far apart in time.
        assert!(judged(Area { value: 0.72, standard_error: 0.012 }, floor(0.70, Halves::InTime)).is_empty());
        // Few rows: 0.60 is 1.6 standard errors from a coin.
        assert!(judged(Area { value: 0.6, standard_error: 0.06 }, floor(0.5, Halves::AtRandom)).is_empty());
        assert!(judged(Area { value: 0.51, standard_error: 0.001 }, None).is_empty());
        // A floor under one half is chance, and gives nothing away.
        assert!(judged(Area { value: 0.54, standard_error: 0.001 }, floor(0.45, Halves::AtRandom)).is_empty());
        let some = judged(Area { value: 0.57, standard_error: 0.01 }, floor(0.5, Halves::AtRandom));
        assert_eq!(some[0].verdict, Verdict::Possible);
    }
}
