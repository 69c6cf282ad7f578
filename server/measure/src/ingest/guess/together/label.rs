//! Which column is the label, where no column is named like one: labels are absent from the data that is served.

use domain::{ColumnRole, Sureness};

use super::super::names::snake;
use super::super::plain_names::is_plain_name;
use super::{File, FileColumn};
use domain::SnapshotRole;

/// What showed the label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Train has it, and the named file lacks it.
    AbsentFrom(String),
    /// It has the values of the label in the named evaluation run.
    ValuesOfRun(String),
    /// It is named for what models are asked.
    Named,
}

/// A label that nobody named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelGuess {
    pub column: String,
    pub shown: Shown,
    pub sureness: Sureness,
    /// Other columns that it could be as well.
    pub others: Vec<String>,
}

/// The share of its columns that a file has in common with train before what it lacks says anything.
const SHARED: f64 = 0.6;
/// Columns it must have in common.
const FEWEST_SHARED: usize = 2;
/// Names that are label or feature, depending on the table.
const WEAK: [&str; 5] = ["class", "y", "actual", "actuals", "outcome"];
/// What models are asked for, as tables name it.
const ASKED_FOR: [&str; 51] = [
    "survived",
    "churn",
    "churned",
    "is_churn",
    "exited",
    "attrition",
    "default",
    "defaulted",
    "is_default",
    "loan_status",
    "species",
    "variety",
    "diagnosis",
    "quality",
    "fraud",
    "is_fraud",
    "isfraud",
    "spam",
    "is_spam",
    "converted",
    "conversion",
    "clicked",
    "click",
    "is_click",
    "purchase",
    "purchased",
    "bought",
    "response",
    "responded",
    "approved",
    "is_canceled",
    "canceled",
    "cancelled",
    "readmitted",
    "stroke",
    "heart_disease",
    "sentiment",
    "sale_price",
    "saleprice",
    "price",
    "selling_price",
    "median_house_value",
    "med_house_val",
    "medv",
    "charges",
    "salary",
    "income_class",
    "count",
    "cnt",
    "ziel",
    "objetivo",
];

impl Shown {
    /// As the reason in a sentence of its own.
    pub fn words(&self) -> String {
        match self {
            Shown::AbsentFrom(file) => {
                format!("Train has it and “{file}” lacks it, as data in serving lack the label.")
            }
            Shown::ValuesOfRun(file) => format!("It has the same values as the label in “{file}”."),
            Shown::Named => "Its name is one that labels often have.".to_owned(),
        }
    }
}

/// The label of train, where the guesses of the single files leave it open or name a column weakly. `None` where they are
/// right, and where nothing shows it.
pub fn label(files: &[File]) -> Option<LabelGuess> {
    let train = files.iter().find(|file| file.role == SnapshotRole::Train)?;
    let known = train.columns.iter().find(|column| column.role == ColumnRole::Label);
    if known.is_some_and(|column| !WEAK.contains(&snake(column.name).as_str())) {
        return None;
    }
    let lacking = lacking(train, files);
    let is_served = |column: &FileColumn| lacking.as_ref().is_none_or(|(file, _)| file.column(column.name).is_some());
    if known.is_some_and(|column| !is_served(column)) {
        return None;
    }
    let absent: Vec<&FileColumn> = lacking.iter().flat_map(|(_, columns)| columns.iter().copied()).collect();
    let by_absence = lacking.as_ref().and_then(|(file, _)| absent_label(file, &absent));
    let weak = known.is_some();
    by_absence
        .or_else(|| (!weak).then(|| by_run(train, files)).flatten())
        .or_else(|| (!weak).then(|| by_name(train)).flatten())
}

/// The file after train that lacks a column of it, the served one first, and the columns it lacks that may be labels.
fn lacking<'f, 'a>(train: &'f File<'a>, files: &'f [File<'a>]) -> Option<(&'f File<'a>, Vec<&'f FileColumn<'a>>)> {
    const LATER: [SnapshotRole; 4] =
        [SnapshotRole::Serve, SnapshotRole::Offline, SnapshotRole::Test, SnapshotRole::Validation];
    let of_role = |role: SnapshotRole| files.iter().find(move |file| file.role == role);
    let later = LATER.into_iter().filter_map(of_role).find(|file| {
        let shared = train.columns.iter().filter(|column| file.column(column.name).is_some()).count();
        shared >= FEWEST_SHARED && train.shared_with(file) >= SHARED
    })?;
    let absent = train.columns.iter().filter(|column| later.column(column.name).is_none() && column.may_be_label());
    Some((later, absent.collect()))
}

fn absent_label(file: &File, absent: &[&FileColumn]) -> Option<LabelGuess> {
    let is_named = |column: &&&FileColumn| {
        ASKED_FOR.contains(&snake(column.name).as_str()) || is_plain_name(ColumnRole::Label, column.name)
    };
    let named: Vec<&&FileColumn> = absent.iter().filter(is_named).collect();
    let (column, sureness) = match (absent, named.as_slice()) {
        ([], _) => return None,
        ([only], _) => (only, Sureness::Likely),
        (_, [only]) => (*only, Sureness::Likely),
        // Tables have the label last more often than anywhere else.
        ([.., last], _) => (last, Sureness::Open),
    };
    let others = absent.iter().filter(|other| other.name != column.name);
    Some(LabelGuess {
        column: column.name.to_owned(),
        shown: Shown::AbsentFrom(file.name.to_owned()),
        sureness,
        others: others.map(|other| other.name.to_owned()).collect(),
    })
}

/// The one column of train with the classes of the label in an evaluation run.
fn by_run(train: &File, files: &[File]) -> Option<LabelGuess> {
    let runs = files.iter().filter(|file| file.role == SnapshotRole::Predictions);
    runs.filter_map(|run| {
        let label = run.columns.iter().find(|column| column.role == ColumnRole::Label)?;
        let alike = |column: &&FileColumn| {
            column.may_be_label() && !label.values().is_empty() && column.values() == label.values()
        };
        let mut alike = train.columns.iter().filter(alike);
        let column = alike.next()?;
        let others: Vec<String> = alike.map(|other| other.name.to_owned()).collect();
        others.is_empty().then(|| LabelGuess {
            column: column.name.to_owned(),
            shown: Shown::ValuesOfRun(run.name.to_owned()),
            sureness: Sureness::Likely,
            others,
        })
    })
    .next()
}

/// The one column whose name is one that labels have.
fn by_name(train: &File) -> Option<LabelGuess> {
    let is_named = |column: &&FileColumn| column.may_be_label() && ASKED_FOR.contains(&snake(column.name).as_str());
    let mut named = train.columns.iter().filter(is_named);
    let column = named.next()?;
    named.next().is_none().then(|| LabelGuess {
        column: column.name.to_owned(),
        shown: Shown::Named,
        sureness: Sureness::Likely,
        others: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use domain::ColumnKind;
    use domain::snapshot::Glance;

    use super::*;

    fn column<'a>(name: &'a str, values: &[&str]) -> FileColumn<'a> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let distinct = if values.is_empty() { 400 } else { values.len() as u64 };
        let glance = Glance { filled: 900, distinct, whole: false, low: None, high: None, values };
        let kind = if glance.values.is_empty() { ColumnKind::Numeric } else { ColumnKind::Categorical };
        FileColumn { name, kind, role: ColumnRole::Feature, glance: Some(glance) }
    }

    fn file<'a>(name: &'a str, role: SnapshotRole, columns: &[FileColumn<'a>]) -> File<'a> {
        File { name, role, columns: columns.to_vec() }
    }

    #[test]
    fn the_one_column_that_serving_lacks_is_the_label() {
        let (age, fare, survived) = (column("Age", &[]), column("Fare", &[]), column("Survived", &["0", "1"]));
        let train = file("train.csv", SnapshotRole::Train, &[survived, age.clone(), fare.clone()]);
        let serve = file("test.csv", SnapshotRole::Serve, &[age, fare]);
        let found = label(&[train, serve]).expect("a label");
        assert_eq!((found.column.as_str(), found.sureness), ("Survived", Sureness::Likely));
        assert_eq!(found.shown, Shown::AbsentFrom("test.csv".into()));
    }

    #[test]
    fn of_several_that_serving_lacks_the_named_one_or_else_the_last_is_taken_and_the_others_are_told() {
        let served = ["temp", "wind", "season", "holiday"].map(|name| column(name, &[]));
        let absent = |last| ["casual", "registered", last].map(|name| column(name, &[]));
        let with = |last| {
            let train = file("train.csv", SnapshotRole::Train, &[&served[..], &absent(last)[..]].concat());
            label(&[train, file("test.csv", SnapshotRole::Serve, &served)])
        };
        assert!(with("rides").is_none(), "four of seven columns are shared: too few to say anything");
        let served = [&served[..], &[column("hour", &[])]].concat();
        let with = |last| {
            let train = file("train.csv", SnapshotRole::Train, &[&served[..], &absent(last)[..]].concat());
            label(&[train, file("test.csv", SnapshotRole::Serve, &served)]).expect("a label")
        };
        let last = with("rides");
        assert_eq!((last.column.as_str(), last.sureness), ("rides", Sureness::Open));
        assert_eq!(last.others, ["casual", "registered"]);
        assert_eq!(with("count").sureness, Sureness::Likely);
    }

    #[test]
    fn a_column_called_class_that_is_served_too_is_a_feature() {
        let mut class = column("class", &["suv", "van"]);
        class.role = ColumnRole::Label;
        let (cty, hwy) = (column("cty", &[]), column("hwy", &[]));
        let train = file("train.csv", SnapshotRole::Train, &[class.clone(), cty.clone(), hwy]);
        let serve = file("test.csv", SnapshotRole::Serve, &[class, cty]);
        assert_eq!(label(&[train, serve]).map(|found| found.column), Some("hwy".into()));
    }

    #[test]
    fn a_known_label_stays_and_a_run_shows_one() {
        let (age, sex, churn) = (column("age", &[]), column("sex", &["f", "m"]), column("left", &["no", "yes"]));
        let mut truth = column("y_true", &["no", "yes"]);
        truth.role = ColumnRole::Label;
        let run = file("predictions.csv", SnapshotRole::Predictions, &[truth.clone()]);
        let train = file("train.csv", SnapshotRole::Train, &[age.clone(), sex, churn]);
        let found = label(&[train, run]).expect("a label");
        assert_eq!((found.column.as_str(), found.shown), ("left", Shown::ValuesOfRun("predictions.csv".into())));
        let known = file("train.csv", SnapshotRole::Train, &[age, truth]);
        assert_eq!(label(&[known]), None);
    }

    #[test]
    fn two_names_that_labels_have_decide_nothing() {
        let one = [column("a", &[]), column("quality", &[])];
        assert_eq!(label(&[file("t", SnapshotRole::Train, &one)]).map(|found| found.shown), Some(Shown::Named));
        let two = [column("price", &[]), column("quality", &[])];
        assert_eq!(label(&[file("t", SnapshotRole::Train, &two)]), None);
    }
}
