//! Where it fell, in each report.

use domain::Fall;
use domain::evaluation::Split;
use domain::fall::{FallSlice, FallSlices, Points, SplitMetric};
use domain::selection::{Condition, Test};

use super::*;

fn fallen() -> Diagnosis {
    let points = |points: f64| Points { points, low: points - 4.0, high: points + 4.0 };
    let slice = FallSlice {
        conditions: vec![Condition::on_column(NAME, Test::OneOf(vec!["<i>x</i>".into()]))],
        rows_before: 1_412,
        rows_after: 433,
        before: 0.91,
        after: 0.62,
        lost: points(29.0),
        surplus: points(27.0),
        adds: points(2.5),
        share: 0.45,
        p: 1e-6,
    };
    let slices =
        FallSlices { rows_before: 5_000, rows_after: 5_000, proposed: 3, confirmed: vec![slice; 7], refusal: None };
    let fall = Fall {
        metric: SplitMetric::Accuracy,
        compared_with: Split::Test,
        before: Some(0.85),
        after: Some(0.79),
        fall: Some(points(6.0)),
        parts: Vec::new(),
        unexplained: Some(points(6.0)),
        recovered: None,
        undone: None,
        repaired: Vec::new(),
        left_out: Vec::new(),
        over_time: Vec::new(),
        changed: None,
        slices: Some(slices),
        refusals: Vec::new(),
    };
    Diagnosis { fall: Some(fall), ..diagnosis() }
}

#[test]
fn each_report_lists_five_groups_of_rows_with_their_sizes_and_says_that_there_are_more() {
    let fallen = fallen();
    let reports = [text::render(&fallen), markdown::render(&(&fallen).into()), html::render(&(&fallen).into())];
    for report in &reports {
        assert!(report.to_lowercase().contains("where it fell"), "{report}");
        assert_eq!(report.matches("1,412 before, 433 served").count(), 5, "{report}");
        for words in ["7 groups of rows fell more", "91 % to 62 %", "29.0 (25.0 to 33.0)", "45 %", "2 slices more"] {
            assert!(report.contains(words), "{words}: {report}");
        }
        assert!(!report.contains('\u{1b}'), "a name can't drive a terminal");
    }
    assert!(!reports[2].contains("<i>x</i>") && !reports[1].contains("| `x` "), "names stay text");
}

#[test]
fn json_has_all_of_them_as_data() {
    let json: serde_json::Value = serde_json::from_str(&json::render(&fallen()).unwrap()).unwrap();
    let slices = &json["fall"]["slices"];
    assert_eq!((slices["proposed"].as_u64(), slices["confirmed"].as_array().map(Vec::len)), (Some(3), Some(7)));
    assert_eq!(slices["confirmed"][0]["conditions"][0]["test"]["oneof"][0], "<i>x</i>");
}
