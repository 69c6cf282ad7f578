use super::*;
use crate::{Cause, Item};

fn suspect(cause: Cause, column: &str, statement: &str) -> Suspect {
    Suspect {
        rank: 1,
        cause,
        layer: cause.item().layer(),
        item: Item::F2,
        standing: false,
        columns: vec![column.into()],
        statement: statement.into(),
        score: 0.9,
        findings: Vec::new(),
        explains: Vec::new(),
        against: Vec::new(),
        settle: String::new(),
        since: None,
        rows: None,
        effect: None,
        points: None,
        symptoms: Vec::new(),
    }
}

fn points(points: f64, low: f64, high: f64) -> Points {
    Points { points, low, high }
}

fn fall() -> (Fall, Vec<Suspect>) {
    let scale = suspect(Cause::UnitScale, "car_value", "car_value is 1,000 times smaller in serving than in training.");
    let by_scale = Share { of: ShareOf::Suspect { key: scale.key() }, points: points(5.1, 4.4, 5.9) };
    let by_age = Share { of: ShareOf::Column { name: "age".into() }, points: points(0.7, 0.2, 1.2) };
    let fall = Fall {
        metric: SplitMetric::Accuracy,
        compared_with: Split::Test,
        before: Some(0.851),
        after: Some(0.788),
        fall: Some(points(6.3, 4.8, 7.7)),
        parts: vec![
            Part { mechanism: Mechanism::Scoring, points: points(5.1, 4.4, 5.9), by: vec![by_scale] },
            Part { mechanism: Mechanism::Mix, points: points(0.7, 0.3, 1.1), by: vec![by_age] },
        ],
        unexplained: Some(points(0.5, -0.9, 1.9)),
        recovered: None,
        undone: None,
        repaired: vec!["car_value".into()],
        left_out: Vec::new(),
        over_time: Vec::new(),
        changed: None,
        slices: None,
        refusals: Vec::new(),
    };
    (fall, vec![scale])
}

/// A fall that is certainly made of these points, and of nothing else.
pub fn split(parts: &[(Mechanism, f64)]) -> Fall {
    let near = |amount: f64| points(amount, amount - 0.4, amount + 0.4);
    let part =
        |(mechanism, amount): &(Mechanism, f64)| Part { mechanism: *mechanism, points: near(*amount), by: Vec::new() };
    let parts: Vec<Part> = parts.iter().map(part).collect();
    let sum = parts.iter().map(|part| part.points.points).sum::<f64>();
    let of_nobody = Fall { repaired: Vec::new(), ..fall().0 };
    Fall { after: Some(0.851 - sum / 100.0), fall: Some(near(sum)), parts, ..of_nobody }
}

/// A day on which other predictions cost so many points.
pub fn window(day: i64, points: f64) -> FallWindow {
    FallWindow {
        from_ms: day * 86_400_000,
        to_ms: (day + 1) * 86_400_000,
        rows: 500,
        fall: Points::new(points, 0.5),
        parts: vec![PartInWindow { mechanism: Mechanism::Scoring, points }],
    }
}

#[test]
fn a_split_fall_is_one_sentence_whose_steps_add_up() {
    let (fall, suspects) = fall();
    assert_eq!(
        fall.sentence(&suspects),
        "Accuracy fell 6.3 points (95 % interval 4.8 to 7.7). 5.1 because car_value is 1,000 times smaller in serving than in \
         training (4.4 to 5.9), 0.7 because different rows arrive, mostly in age (0.3 to 1.1), 0.5 not explained."
    );
    let sum: f64 = fall.steps(&suspects).iter().map(|step| step.points.points).sum();
    assert!((sum - 6.3).abs() < 1e-9);
    assert_eq!(fall.of_suspect(&suspects[0]), Some((Mechanism::Scoring, points(5.1, 4.4, 5.9))));
    assert_eq!(fall.basis(), "The fault in car_value was corrected before the estimate.");
}

#[test]
fn what_is_left_of_a_part_and_what_took_from_the_fall_are_steps_too() {
    let (mut fall, suspects) = fall();
    fall.parts[0].points = points(6.1, 5.0, 7.2);
    fall.parts[1].points = points(-0.3, -0.5, -0.1);
    let said = fall.sentence(&suspects);
    assert!(said.contains("1.0 because also the system gives different predictions for the same inputs"), "{said}");
    assert!(said.contains("0.3 less because different rows arrive, mostly in age (0.1 to 0.5)"), "{said}");
}

#[test]
fn a_refusal_says_what_is_known_and_what_would_help() {
    let (fall, _) = fall();
    let refused = Fall {
        parts: Vec::new(),
        unexplained: None,
        refusals: vec![Refusal::TooFewRows { side: SideOfFall::After, rows: 900, needed: 2_000 }],
        ..fall
    };
    assert_eq!(
        refused.sentence(&[]),
        "Accuracy is 85.1 % on test rows, and 78.8 % on served rows. To split a fall, 2,000 served rows with label and \
         prediction are needed; there are 900. Add more labelled rows."
    );
    assert!(refused.steps(&[]).is_empty() && !refused.is_split());
}

#[test]
fn its_json_is_flat_and_opens_again() {
    let (fall, _) = fall();
    let json = serde_json::to_value(&fall).expect("it is JSON");
    assert_eq!(json["metric"], "accuracy");
    assert_eq!(json["parts"][0]["mechanism"], "scoring");
    assert_eq!(json["parts"][0]["points"], 5.1);
    assert_eq!(json["parts"][0]["by"][0]["of"]["key"], "unit_scale(car_value)");
    assert!(json.get("refusals").is_none());
    assert_eq!(serde_json::from_value::<Fall>(json).expect("and opens"), fall);
}
