use domain::{ColumnKind, ColumnRole, SnapshotRole};

use super::*;
use crate::ingest::BatchReader;
use crate::ingest::{Limits, ReadOptions};

#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn guess_of(file_name: &str, text: &str) -> Guess {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let reader = BatchReader::open(file.path(), file_name, &ReadOptions::default(), &Limits::default(), None).unwrap();
    guess(&reader, file_name).unwrap()
}

fn rows(header: &str, count: u32, row: impl Fn(u32) -> String) -> String {
    (0..count).fold(format!("{header}\n"), |text, place| text + &row(place) + "\n")
}

#[test]
fn roles_come_from_names_that_the_values_bear_out() {
    let text = rows("request_id,event_time,customer_id,amount,churned,y_pred,y_proba,model_version", 60, |i| {
        format!(
            "r{i},2024-01-{:02} 10:00:00,c{},{},{},{},0.{:02},v{}",
            i % 28 + 1,
            i % 7,
            i * 3,
            i % 2,
            i % 2,
            i,
            i % 2
        )
    });
    let guess = guess_of("somefile.csv", &text);
    let roles = &guess.roles;
    assert_eq!(roles.id(), Some("request_id"));
    assert_eq!(roles.time(), Some("event_time"));
    assert_eq!(roles.group(), Some("customer_id"));
    assert_eq!(roles.prediction(), Some("y_pred"));
    assert_eq!(roles.score(), Some("y_proba"));
    assert_eq!(roles.version(), Some("model_version"));
    // Nothing in its name says so, but it has the prediction's values and agrees with it.
    assert_eq!(roles.label(), Some("churned"));
}

#[test]
fn a_name_that_the_values_contradict_names_nothing() {
    let text = rows("credit_score,time,split,class", 30, |i| {
        format!("{},{},{},{}", 500 + i, i, i % 3, "abc".repeat(i as usize + 30))
    });
    let roles = guess_of("data.csv", &text).roles;
    assert_eq!((roles.score(), roles.time(), roles.label()), (None, None, None));
}

#[test]
fn a_customer_with_a_single_row_is_still_whom_the_row_is_about() {
    let text = rows("row_id,customer_id,amount", 40, |i| format!("{i},c{},{}", i * 7, i % 5));
    let roles = guess_of("somefile.csv", &text).roles;
    assert_eq!((roles.id(), roles.group()), (Some("row_id"), Some("customer_id")));
}

#[test]
fn classes_that_a_threshold_on_the_score_gives_are_the_prediction() {
    let text = rows("amount,approved,repaid,score,urgent", 60, |i| {
        let score = f64::from(i * 37 % 60) / 60.0;
        format!(
            "{},{},{},{score},{}",
            i * 3,
            u8::from(score >= 0.4),
            u8::from(score >= 0.4) ^ u8::from(i % 9 == 0),
            i % 2
        )
    });
    let roles = guess_of("somefile.csv", &text).roles;
    assert_eq!((roles.prediction(), roles.score()), (Some("approved"), Some("score")));
    assert_eq!(roles.label(), Some("repaid"));
}

#[test]
fn a_constant_score_decides_nothing() {
    let text = rows("amount,urgent,weekend,score", 60, |i| format!("{},{},{},0.16203", i * 3, i % 2, u8::from(i > 30)));
    let roles = guess_of("somefile.csv", &text).roles;
    assert_eq!((roles.prediction(), roles.score()), (None, Some("score")));
    // Two values that were rounded to meet are decided all the same.
    let rounded = rows("approved,score", 80, |i| format!("{},{:.1}", u8::from(i >= 38), f64::from(i) / 80.0));
    assert_eq!(guess_of("somefile.csv", &rounded).roles.prediction(), Some("approved"));
}

#[test]
fn what_a_threshold_gives_is_no_prediction_of_a_label_with_other_values() {
    let text = rows("band,y_true,score", 60, |i| {
        format!("{},{},0.{:02}", if i < 30 { "low" } else { "high" }, ["paid", "lost"][i as usize % 2], i + 10)
    });
    let roles = guess_of("somefile.csv", &text).roles;
    assert_eq!((roles.label(), roles.prediction()), (Some("y_true"), None));
}

#[test]
fn margins_on_both_sides_of_zero_are_scores() {
    for name in ["decision_function", "y_score", "margin"] {
        let text = rows(&format!("age,y_true,{name}"), 40, |i| format!("{i},{},{}", i % 2, f64::from(i) / 7.0 - 2.9));
        assert_eq!(guess_of("run.csv", &text).roles.score(), Some(name));
    }
    let feature = rows("age,credit_score", 40, |i| format!("{i},{}", f64::from(i) / 7.0 - 2.9));
    assert_eq!(guess_of("run.csv", &feature).roles.score(), None);
}

#[test]
fn a_probability_per_class_is_no_single_score() {
    let text = rows("y_true,y_pred,proba_a,proba_b,proba_c", 12, |i| {
        format!("{0},{0},0.2,0.3,0.5", ["a", "b", "c"][i as usize % 3])
    });
    let guess = guess_of("anything.csv", &text);
    assert_eq!(guess.roles.score(), None);
    assert_eq!(guess.roles.label(), Some("y_true"));
    assert_eq!(guess.part, SnapshotRole::Predictions);
}

#[test]
fn columns_that_sum_to_one_are_the_probabilities_of_the_classes() {
    let shares = |i: u32| {
        let a = f64::from(i * 37 % 60) / 100.0;
        let b = (1.0 - a) * f64::from(i * 17 % 50) / 50.0;
        format!("{a:.4},{b:.4},{:.4}", 1.0 - a - b)
    };
    for header in ["proba_red,proba_green,proba_blue", "red_prob,green_prob,blue_prob", "p.1,p.2,p.3"] {
        let text = rows(&format!("size,{header},prob_of_rain"), 40, |i| format!("{i},{},0.{:02}", shares(i), i + 10));
        let roles = guess_of("somefile.csv", &text).roles;
        assert_eq!(roles.columns(ColumnRole::Probability), header.split(',').collect::<Vec<_>>());
    }
    // Of two classes, one column is the score.
    let two = rows("size,proba_0,proba_1", 40, |i| {
        format!("{i},{:.2},{:.2}", 0.99 - f64::from(i) / 50.0, 0.01 + f64::from(i) / 50.0)
    });
    let roles = guess_of("somefile.csv", &two).roles;
    assert_eq!((roles.score(), roles.columns(ColumnRole::Probability)), (Some("proba_1"), &["proba_0".to_owned()][..]));
    // Shares that do not sum to one are features.
    let apart = rows("prob_rain,prob_snow,prob_wind", 40, |i| format!("0.{:02},0.{:02},0.5", i + 10, 60 - i));
    assert_eq!(guess_of("somefile.csv", &apart).roles.columns(ColumnRole::Probability), Vec::<String>::new());
}

#[test]
fn kinds_follow_values() {
    let text = rows("few,many,code,flag,day,empty,level", 100, |i| {
        format!(
            "{},user {i} wrote this,{:05},{},2024-02-{:02},,{}",
            ["x", "y"][i as usize % 2],
            i,
            i % 2 == 0,
            i % 28 + 1,
            i % 3
        )
    });
    let kinds: Vec<ColumnKind> = guess_of("a.csv", &text).columns.iter().map(|column| column.kind).collect();
    use ColumnKind::{Boolean, Categorical, Datetime, Empty, Numeric, Text};
    assert_eq!(kinds, [Categorical, Text, Text, Boolean, Datetime, Empty, Numeric]);
}

#[test]
fn a_nameless_index_is_left_out() {
    let text = rows(",id,v", 20, |i| format!("{i},{},{}", i + 100, i % 4));
    let roles = guess_of("a.csv", &text).roles;
    assert_eq!(roles.id(), Some("id"));
    assert_eq!(roles.columns(ColumnRole::Ignore), [""]);
}

#[test]
fn the_part_a_snapshot_plays() {
    let table = rows("a,b", 5, |i| format!("{i},{i}"));
    let labelled = rows("a,label", 8, |i| format!("{i},{}", i % 2));
    let evaluated =
        rows("split,label,prediction", 9, |i| format!("{},{},1", ["train", "val", "test"][i as usize % 3], i % 2));
    let all_alike = rows("split,repaid,approved,score", 30, |i| {
        format!("{},{},0,0.02", ["train", "test"][i as usize % 2], i % 5 / 4)
    });
    let bare_log = rows("timestamp,request_id,inputs,output", 30, |i| {
        format!("2024-01-01 00:00:{i:02},r{i},\"{{\"\"a\"\": {i}}}\",1")
    });
    let curve = rows("epoch,train_loss,val_loss", 5, |i| format!("{i},0.5,0.6"));
    let log = rows("ts,latency_ms,status", 5, |i| format!("2024-01-01 00:00:0{i},{i}.5,200"));
    for (name, text, part) in [
        ("customers_train_2024.csv", &table, SnapshotRole::Train),
        ("reference.parquet", &table, SnapshotRole::Train),
        ("current.csv", &labelled, SnapshotRole::Serve),
        ("production-data.csv", &table, SnapshotRole::Serve),
        ("validation.csv", &labelled, SnapshotRole::Validation),
        ("x_test.csv", &labelled, SnapshotRole::Test),
        ("upload.csv", &labelled, SnapshotRole::Train),
        ("upload.csv", &table, SnapshotRole::Serve),
        ("test.csv", &evaluated, SnapshotRole::Predictions),
        ("results.csv", &all_alike, SnapshotRole::Predictions),
        ("calls.csv", &bare_log, SnapshotRole::ServingLog),
        ("history.csv", &curve, SnapshotRole::LearningCurve),
        ("requests.csv", &log, SnapshotRole::ServingLog),
    ] {
        assert_eq!(guess_of(name, text).part, part, "{name}");
    }
}
