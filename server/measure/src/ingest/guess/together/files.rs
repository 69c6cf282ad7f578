//! Which file has which role, all of them together.

use std::collections::BTreeSet;

use domain::snapshot::{Glance, Snapshot};
use domain::{ColumnKind, ColumnRole, SnapshotRole};

use super::super::names::words;
use super::super::part::named_role;
use super::{File, FileColumn, label};

/// Why a file has its role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Its own name and columns.
    ItsOwn,
    /// No file is named as train, and its rows are the earliest, or it came first.
    Earliest,
    /// It has the columns of train, and its rows come later.
    After { train: String },
    /// It is the only table, and no name says what it is.
    Only,
    /// It lacks the label, as data in serving do.
    LacksLabel { label: String },
    /// Its rows are served like those of another file, in another window of time.
    Window { of: String },
    /// Another file has the role that it would have by itself.
    Taken { role: SnapshotRole, by: String },
    /// It has the id of another file, and what a model says.
    AnswersById,
    /// It has the id of another file, and labels alone.
    LabelsById,
    /// Hardly any of its columns is in train.
    Unrelated { train: String },
}

/// A file with the role that it has among all files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arranged {
    /// Id of the snapshot.
    pub snapshot: String,
    /// `None` where the file is better left out.
    pub role: Option<SnapshotRole>,
    pub reason: Reason,
}

impl Reason {
    /// As a sentence; `None` where the file says it by itself.
    pub fn words(&self) -> Option<String> {
        Some(match self {
            Reason::ItsOwn => return None,
            Reason::After { train } => format!("Its rows come after those of “{train}”."),
            Reason::Only => "It is the only table.".into(),
            Reason::Earliest => "No file is named as training data, and these rows are the first.".into(),
            Reason::LacksLabel { label } => format!("It lacks the label “{label}”, as data in serving do."),
            Reason::Window { of } => format!("Its rows are read as one served table with “{of}”."),
            Reason::Taken { role, by } => format!("“{by}” is {} already.", role.words()),
            Reason::AnswersById => "It has the id of another file and what a model says.".into(),
            Reason::LabelsById => "It has the id of another file and labels alone.".into(),
            Reason::Unrelated { train } => format!("Hardly any of its columns is in “{train}”."),
        })
    }
}

/// With a smaller share of its columns in train, a table that no name places is of something else.
const RELATED: f64 = 0.3;
/// Windows of one served table have at least this share of their columns in common.
const SAME_TABLE: f64 = 0.8;
/// A file of an id and answers has at most this many columns, and train has more than twice as many.
const NARROW: usize = 4;
/// Words of a file of answers.
const ANSWERS: [&str; 9] =
    ["submission", "prediction", "predictions", "preds", "pred", "scores", "scored", "output", "outputs"];

/// The role of each file, in the order of the files; a file that comes twice has one. What the files show by themselves
/// stays, unless the others contradict it.
pub fn arrange(snapshots: &[Snapshot]) -> Vec<Arranged> {
    let mut seen = BTreeSet::new();
    let mut files: Vec<Placed> =
        snapshots.iter().filter(|snapshot| seen.insert(&snapshot.id)).map(Placed::by_itself).collect();
    let train = find_train(&mut files);
    if let Some(train) = train {
        place_narrow_and_unrelated(&mut files, train);
        give_serve(&mut files, train);
    }
    hold_apart(&mut files, train);
    let arranged = |file: Placed| Arranged { snapshot: file.id, role: file.role, reason: file.reason };
    files.into_iter().map(arranged).collect()
}

/// A file on its way to a role.
struct Placed<'a> {
    id: String,
    role: Option<SnapshotRole>,
    reason: Reason,
    /// In the role that it has by itself.
    table: File<'a>,
}

impl<'a> Placed<'a> {
    fn by_itself(snapshot: &'a Snapshot) -> Self {
        let role = snapshot.guessed_role;
        let table = File::of(snapshot, role);
        Self { id: snapshot.id.clone(), role: Some(role), reason: Reason::ItsOwn, table }
    }

    fn set(&mut self, role: Option<SnapshotRole>, reason: Reason) {
        (self.role, self.reason) = (role, reason);
    }

    fn is(&self, role: SnapshotRole) -> bool {
        self.role == Some(role)
    }

    /// A table of rows with features.
    fn has_rows(&self) -> bool {
        self.role.is_some_and(|role| role.is_compared() && role != SnapshotRole::ServingLog)
    }

    fn has(&self, column: &str) -> bool {
        self.table.column(column).is_some()
    }

    /// The earliest of its times.
    fn starts(&self) -> Option<f64> {
        let times = self.table.columns.iter().filter(|column| column.kind == ColumnKind::Datetime);
        times.filter_map(|column| column.glance.as_ref()?.low).min_by(f64::total_cmp)
    }
}

/// The place of train: what is named so, or else what seems to be by itself, or else any table; of several the one with the
/// earliest rows.
fn find_train(files: &mut [Placed]) -> Option<usize> {
    let seems = |place: &usize| files[*place].is(SnapshotRole::Train);
    let is_named = |place: &usize| named_role(files[*place].table.name) == Some(SnapshotRole::Train);
    let places = 0..files.len();
    let starts = |place: &usize| files[*place].starts().unwrap_or(f64::INFINITY);
    let earliest = |a: &usize, b: &usize| starts(a).total_cmp(&starts(b));
    let named = places.clone().filter(seems).find(is_named);
    if let Some(train) = named.or_else(|| places.clone().filter(seems).min_by(earliest)) {
        return Some(train);
    }
    let open: Vec<usize> = places.filter(|place| files[*place].is(SnapshotRole::Serve)).collect();
    let nameless = open.iter().copied().filter(|place| named_role(files[*place].table.name).is_none());
    let first = nameless.min_by(earliest)?;
    let is_alone = files.iter().filter(|file| file.has_rows()).count() == 1;
    let reason = if is_alone { Reason::Only } else { Reason::Earliest };
    files[first].set(Some(SnapshotRole::Train), reason);
    Some(first)
}

/// Files that hold no features of their own, and tables of something else.
fn place_narrow_and_unrelated(files: &mut [Placed], train: usize) {
    for place in (0..files.len()).filter(|place| *place != train) {
        if !files[place].has_rows() {
            continue;
        }
        if let Some((role, reason)) = narrow(files, place, train) {
            files[place].set(role, reason);
        } else if is_unrelated(&files[place], &files[train]) {
            let train = files[train].table.name.to_owned();
            files[place].set(None, Reason::Unrelated { train });
        }
    }
}

/// What a file is that has an id of another file and little else.
fn narrow(files: &[Placed], place: usize, train: usize) -> Option<(Option<SnapshotRole>, Reason)> {
    let columns = &files[place].table.columns;
    let (ids, rest): (Vec<&FileColumn>, Vec<&FileColumn>) = columns.iter().partition(|column| is_id(column));
    let elsewhere = |id: &&FileColumn| (0..files.len()).any(|other| other != place && files[other].has(id.name));
    let is_narrow = columns.len() <= NARROW && 2 * columns.len() < files[train].table.columns.len();
    if !is_narrow || rest.is_empty() || !ids.iter().any(elsewhere) {
        return None;
    }
    let says_a_model = |column: &&FileColumn| {
        matches!(
            column.role,
            ColumnRole::Prediction | ColumnRole::Score | ColumnRole::Probability | ColumnRole::Quantile
        )
    };
    let is_named = words(files[place].table.name).iter().any(|word| ANSWERS.contains(&word.as_str()));
    if is_named || rest.iter().any(says_a_model) {
        return Some((Some(SnapshotRole::Predictions), Reason::AnswersById));
    }
    // When a label became known stands next to it in many files.
    let mut rest = rest.iter().filter(|column| column.kind != ColumnKind::Datetime).peekable();
    let are_labels = rest.peek().is_some() && rest.all(|column| column.may_be_label());
    are_labels.then_some((Some(SnapshotRole::Labels), Reason::LabelsById))
}

pub(super) fn is_id(column: &FileColumn) -> bool {
    let names_rows = column.kind != ColumnKind::Numeric || column.glance.as_ref().is_some_and(|glance| glance.whole);
    column.role == ColumnRole::Id || (names_rows && column.glance.as_ref().is_some_and(Glance::is_key))
}

fn is_unrelated(file: &Placed, train: &Placed) -> bool {
    named_role(file.table.name).is_none() && file.table.shared_with(&train.table) < RELATED
}

/// Where no file is served, the one that lacks the label is.
fn give_serve<'a>(files: &mut [Placed<'a>], train: usize) {
    if files.iter().any(|file| file.is(SnapshotRole::Serve)) {
        return;
    }
    let own = files[train].table.columns.iter().find(|column| column.role == ColumnRole::Label);
    let placed = |file: &Placed<'a>| Some(File { role: file.role?, ..file.table.clone() });
    let tables: Vec<File> = files.iter().filter_map(placed).collect();
    let Some(label) = label(&tables).map(|guess| guess.column).or(own.map(|column| column.name.to_owned())) else {
        return;
    };
    let is_split = |file: &Placed| file.is(SnapshotRole::Test) || file.is(SnapshotRole::Validation);
    if let Some(file) = files.iter_mut().find(|file| is_split(file) && !file.has(&label)) {
        file.set(Some(SnapshotRole::Serve), Reason::LacksLabel { label });
    }
}

/// No two files have a role that only one can have; the later one takes another that is free, or is left out. Several files are
/// served where they have the same columns.
fn hold_apart(files: &mut [Placed], train: Option<usize>) {
    let others = (0..files.len()).filter(|place| Some(*place) != train);
    let mut settled: Vec<usize> = Vec::with_capacity(files.len());
    for place in train.into_iter().chain(others) {
        if let Some(earlier) = train.filter(|train| moved_on(&files[place], &files[*train])) {
            let train = files[earlier].table.name.to_owned();
            files[place].set(Some(SnapshotRole::Serve), Reason::After { train });
        }
        let same = |other: &&usize| files[place].role.is_some_and(|role| files[**other].is(role));
        if let Some(first) = settled.iter().find(same) {
            let (role, reason) = second(files, place, *first);
            files[place].set(role, reason);
        }
        settled.push(place);
    }
}

/// Whether a table that no name places has the columns of train and later rows.
fn moved_on(file: &Placed, train: &Placed) -> bool {
    let is_later = || file.starts().zip(train.starts()).is_some_and(|(file, train)| file > train);
    file.is(SnapshotRole::Train) && named_role(file.table.name).is_none() && is_later() && is_window_of(file, train)
}

/// What a file is whose role another has already.
fn second(files: &[Placed], place: usize, first: usize) -> (Option<SnapshotRole>, Reason) {
    const INSTEAD: [SnapshotRole; 3] = [SnapshotRole::Serve, SnapshotRole::Test, SnapshotRole::Validation];
    let (file, name) = (&files[place], files[first].table.name.to_owned());
    let Some(role) = file.role else { return (None, file.reason.clone()) };
    let is_window = role == SnapshotRole::Serve && is_window_of(file, &files[first]);
    if is_window {
        return (Some(role), Reason::Window { of: name });
    }
    if role.may_repeat() && role != SnapshotRole::Serve {
        return (Some(role), file.reason.clone());
    }
    // A second table to train with is another split; a second window of other columns is none.
    let is_free = |role: &SnapshotRole| files.iter().all(|other| !other.is(*role));
    let instead = INSTEAD.into_iter().find(is_free).filter(|_| role == SnapshotRole::Train);
    (instead, Reason::Taken { role, by: name })
}

fn is_window_of(file: &Placed, first: &Placed) -> bool {
    file.table.shared_with(&first.table).min(first.table.shared_with(&file.table)) >= SAME_TABLE
}

#[cfg(test)]
mod tests {
    use domain::snapshot::Column;

    use super::*;

    fn column(name: &str, role: ColumnRole) -> Column {
        let is_key = role == ColumnRole::Id;
        let glance = Glance {
            filled: 900,
            distinct: if is_key { 900 } else { 2 },
            whole: true,
            low: None,
            high: None,
            values: vec![],
        };
        Column { name: name.into(), kind: ColumnKind::Numeric, role, glance: Some(glance) }
    }

    fn snapshot(name: &str, guessed_role: SnapshotRole, columns: &[&str]) -> Snapshot {
        let of = |name: &&str| match *name {
            "id" => column(name, ColumnRole::Id),
            "score" => column(name, ColumnRole::Score),
            _ => column(name, ColumnRole::Feature),
        };
        Snapshot {
            id: name.into(),
            name: name.into(),
            sha256: String::new(),
            size_bytes: 0,
            rows: 900,
            columns: columns.iter().map(of).collect(),
            origin: String::new(),
            format: String::new(),
            notes: Vec::new(),
            guessed_role,
            created_at_ms: 0,
        }
    }

    fn roles(files: &[Snapshot]) -> Vec<Option<SnapshotRole>> {
        arrange(files).into_iter().map(|file| file.role).collect()
    }

    use SnapshotRole::{Artifact, Predictions, Serve, Test, Train};

    #[test]
    fn a_test_file_without_the_label_is_served_and_a_submission_is_a_run() {
        let train = snapshot("train.csv", Train, &["id", "a", "b", "c", "survived"]);
        let test = snapshot("test.csv", Test, &["id", "a", "b", "c"]);
        let submission = snapshot("gender_submission.csv", Serve, &["id", "survived"]);
        assert_eq!(roles(&[submission, test.clone(), train.clone()]), [Some(Predictions), Some(Serve), Some(Train)]);
        let labelled = snapshot("test.csv", Test, &["id", "a", "b", "c", "survived"]);
        assert_eq!(roles(&[train.clone(), labelled.clone()]), [Some(Train), Some(Test)]);
        let live = snapshot("live.csv", Serve, &["id", "a", "b", "c"]);
        assert_eq!(roles(&[train, labelled, live]), [Some(Train), Some(Test), Some(Serve)]);
    }

    #[test]
    fn answers_and_labels_joined_by_id_are_no_tables_of_features() {
        let train = snapshot("churn_train.csv", Train, &["id", "a", "b", "c", "churn"]);
        let serve = snapshot("scoring.csv", Serve, &["id", "a", "b", "c"]);
        let scores = snapshot("june.csv", Serve, &["id", "score"]);
        let labels = snapshot("labels.csv", Test, &["id", "churn"]);
        let found = arrange(&[train, serve, scores, labels]);
        let roles: Vec<_> = found.iter().map(|file| file.role).collect();
        assert_eq!(roles, [Some(Train), Some(Serve), Some(Predictions), Some(SnapshotRole::Labels)]);
        assert_eq!(found[3].reason, Reason::LabelsById);
    }

    #[test]
    fn of_files_without_names_the_earliest_is_train_and_one_of_something_else_is_left_out() {
        let timed = |name: &str, low: f64| {
            let mut file = snapshot(name, Serve, &["a", "b", "c", "d"]);
            let glance = Glance { filled: 9, distinct: 9, whole: false, low: Some(low), high: None, values: vec![] };
            let kind = ColumnKind::Datetime;
            file.columns.push(Column { name: "at".into(), kind, role: ColumnRole::Time, glance: Some(glance) });
            file
        };
        let other = snapshot("prometheus.json", Serve, &["metric", "value"]);
        let found = roles(&[timed("april.csv", 5.0), timed("march.csv", 2.0), other]);
        assert_eq!(found, [Some(Serve), Some(Train), None]);
    }

    #[test]
    fn of_labelled_months_the_first_is_train_and_the_others_are_served() {
        let month = |name: &str, low: f64| {
            let mut file = snapshot(name, Train, &["a", "b", "label"]);
            let glance = Glance { filled: 9, distinct: 9, whole: false, low: Some(low), high: None, values: vec![] };
            let kind = ColumnKind::Datetime;
            file.columns.push(Column { name: "at".into(), kind, role: ColumnRole::Time, glance: Some(glance) });
            file
        };
        let found = arrange(&[month("march.csv", 3.0), month("april.csv", 4.0), month("february.csv", 2.0)]);
        let roles: Vec<_> = found.iter().map(|file| file.role).collect();
        assert_eq!(roles, [Some(Serve), Some(Serve), Some(Train)]);
        assert_eq!(found[0].reason, Reason::After { train: "february.csv".into() });
        assert_eq!(found[1].reason, Reason::Window { of: "march.csv".into() });
    }

    #[test]
    fn a_table_alone_is_train_unless_its_name_says_otherwise() {
        let columns = ["a", "b", "c"];
        assert_eq!(roles(&[snapshot("telco.csv", Serve, &columns)]), [Some(Train)]);
        assert_eq!(roles(&[snapshot("live.csv", Serve, &columns)]), [Some(Serve)]);
    }

    #[test]
    fn what_only_one_file_can_be_goes_to_the_first_and_runs_are_several() {
        let file = |name: &str, role| snapshot(name, role, &["a", "b", "c", "d", "e"]);
        let files = [
            file("a", Train),
            file("b", Train),
            file("c", Predictions),
            file("d", Predictions),
            file("e", Train),
            file("a", Train),
            file("f", Artifact),
            file("jan_serve", Serve),
        ];
        let found = roles(&files);
        assert_eq!(
            found,
            [
                Some(Train),
                Some(Test),
                Some(Predictions),
                Some(Predictions),
                Some(SnapshotRole::Validation),
                Some(Artifact),
                Some(Serve)
            ]
        );
    }

    #[test]
    fn several_windows_of_served_rows_are_served_and_a_table_with_other_columns_is_left_out() {
        let of = |name: &str, columns: &[&str]| snapshot(name, Serve, columns);
        let train = snapshot("train.csv", Train, &["a", "b", "c", "d", "label"]);
        let weeks = [of("week_1.csv", &["a", "b", "c", "d"]), of("week_2.csv", &["a", "b", "c", "d"])];
        let other = of("costs_served.csv", &["a", "b", "e", "f", "g", "h"]);
        let found = arrange(&[train, weeks[0].clone(), weeks[1].clone(), other]);
        let roles: Vec<_> = found.iter().map(|file| file.role).collect();
        assert_eq!(roles, [Some(Train), Some(Serve), Some(Serve), None]);
        assert_eq!(found[2].reason, Reason::Window { of: "week_1.csv".into() });
        assert_eq!(found[3].reason, Reason::Taken { role: Serve, by: "week_1.csv".into() });
    }
}
