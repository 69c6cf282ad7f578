use super::*;

const ROWS: u64 = 400;

fn ids(name: &str, from: f64) -> FileColumn<'_> {
    let glance = Glance {
        filled: ROWS,
        distinct: ROWS,
        whole: true,
        low: Some(from),
        high: Some(from + ROWS as f64 - 1.0),
        values: vec![],
    };
    FileColumn { name, kind: ColumnKind::Numeric, role: ColumnRole::Id, glance: Some(glance) }
}

fn numbers(name: &str, role: ColumnRole) -> FileColumn<'_> {
    let glance =
        Glance { filled: ROWS, distinct: ROWS / 2, whole: false, low: Some(0.0), high: Some(0.9), values: vec![] };
    FileColumn { name, kind: ColumnKind::Numeric, role, glance: Some(glance) }
}

fn flags(name: &str, role: ColumnRole) -> FileColumn<'_> {
    let values = vec!["0".to_owned(), "1".to_owned()];
    let glance = Glance { filled: ROWS, distinct: 2, whole: true, low: Some(0.0), high: Some(1.0), values };
    FileColumn { name, kind: ColumnKind::Numeric, role, glance: Some(glance) }
}

fn file<'a>(name: &'a str, role: SnapshotRole, columns: &[FileColumn<'a>]) -> File<'a> {
    File { name, role, columns: columns.to_vec() }
}

/// Train with the label, test or serve without.
fn tables<'a>() -> [File<'a>; 2] {
    let features = ["age", "fare", "class"].map(|name| numbers(name, ColumnRole::Feature));
    let with = |first: FileColumn<'a>, last: &[FileColumn<'a>]| [&[first], &features[..], last].concat();
    [
        file("train.csv", SnapshotRole::Train, &with(ids("key", 1.0), &[flags("survived", ColumnRole::Feature)])),
        file("test.csv", SnapshotRole::Serve, &with(ids("key", 401.0), &[])),
    ]
}

#[test]
fn a_submission_is_what_the_model_says_of_the_served_rows_and_not_their_label() {
    let [train, serve] = tables();
    let submission =
        file("submission.csv", SnapshotRole::Predictions, &[ids("key", 401.0), flags("survived", ColumnRole::Feature)]);
    let found = joins(&[submission, train, serve], &Roles::default());
    let [join] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((join.from, join.into, join.from_id.as_str(), join.into_id.as_str()), (0, 2, "key", "key"));
    let expected =
        JoinedColumn { name: "survived".into(), as_name: "survived (predicted)".into(), role: ColumnRole::Prediction };
    assert_eq!(join.columns, [expected]);
}

#[test]
fn scores_go_to_the_table_whose_ids_they_have() {
    let [train, serve] = tables();
    let scores =
        |from| file("scores.csv", SnapshotRole::Predictions, &[ids("key", from), numbers("p", ColumnRole::Score)]);
    let into =
        |from| joins(&[train.clone(), serve.clone(), scores(from)], &Roles::default()).first().map(|join| join.into);
    assert_eq!((into(401.0), into(1.0), into(5_000.0)), (Some(1), Some(0), None));
}

#[test]
fn labels_that_come_later_have_the_name_of_the_label_in_train_and_go_to_runs_too() {
    let [train, serve] = tables();
    let run = file("scores.csv", SnapshotRole::Predictions, &[ids("id", 5_000.0), numbers("p", ColumnRole::Score)]);
    let labels =
        |from| file("labels.csv", SnapshotRole::Labels, &[ids("id", from), flags("outcome", ColumnRole::Label)]);
    let served = joins(&[train.clone(), serve.clone(), labels(401.0)], &Roles::default());
    assert_eq!(served.len(), 1, "{served:?}");
    assert_eq!((served[0].into, served[0].into_id.as_str(), served[0].from_id.as_str()), (1, "key", "id"));
    assert_eq!(served[0].columns[0].as_name, "survived");
    let of_run = joins(&[train, serve, run, labels(5_000.0)], &Roles::default());
    assert_eq!(of_run.iter().map(|join| join.into).collect::<Vec<_>>(), [2]);
}

#[test]
fn what_has_its_label_or_its_answers_is_left_alone() {
    let [train, mut serve] = tables();
    let run = [ids("key", 401.0), flags("truth", ColumnRole::Label), numbers("p", ColumnRole::Score)];
    let run = file("run.csv", SnapshotRole::Predictions, &run);
    assert_eq!(joins(&[train.clone(), serve.clone(), run], &Roles::default()), []);
    serve.columns.push(numbers("score", ColumnRole::Score));
    let scores = file("scores.csv", SnapshotRole::Predictions, &[ids("key", 401.0), numbers("p", ColumnRole::Score)]);
    assert_eq!(joins(&[train, serve, scores], &Roles::default()), []);
}
