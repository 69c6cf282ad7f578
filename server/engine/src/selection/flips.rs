//! "Which predictions flipped?": two runs of the same rows, what changed for the better and for the worse, and what is special
//! about the rows that lost.

use std::collections::HashMap;

use domain::Problem;
use domain::evaluation::Task;
use domain::selection::{AnswerChange, FlippedRow, Flips, FlipsAsked, Outcome, Outcomes, Side};
use domain::snapshot::{ColumnKind, ColumnRole};
use measure::evaluation::flips::{Answer, AnsweredTwice, RunRows, TwoRuns, two_runs};
use measure::evaluation::run::task;
use measure::row_ids::{ids, rows_by_id};
use stats::distributions::{Z_95, normal_two_sided};
use stats::intervals::Estimate;
use stats::paired::Paired;
use stats::quantiles::{mean, median, standard_deviation};

use super::{Table, ranked};
use crate::csv::{push_row, value};

/// Rows that must have lost, and others, for a comparison of the two to say something.
const FEWEST_SPECIAL: u64 = 20;

/// Kinds of changes that are listed.
const MOST_CHANGES: usize = 20;

/// Of the rows of a run, this share has to be in a file for its features to be compared.
const FEATURES_COVER: f64 = 0.5;

/// A table with what people call its file.
pub struct NamedTable {
    pub name: String,
    pub table: Table,
}

/// Compares two runs row by row. `others` are tables that may have features of the same rows.
///
/// # Errors
/// `BadInput` where a run has no answers, the rows can't be matched, or one run has classes and the other amounts.
pub fn flips(runs: [&NamedTable; 2], others: &[NamedTable], asked: &FlipsAsked) -> Result<Flips, Problem> {
    let [first, second] = runs;
    let one = rows_of(first, &asked.first)?;
    let other = rows_of(second, &asked.second)?;
    let found = two_runs(&one, &other)?;
    if found.rows.is_empty() {
        return Err(Problem::bad_input(format!(
            "No row has a label and an answer in both {} and {}, so nothing can be compared.",
            first.name, second.name
        )));
    }
    let judged = Judged::of(&found.rows)?;
    let special = special(&found, &judged.outcomes_of_rows, runs, others)?;
    Ok(Flips {
        first: asked.first.clone(),
        second: asked.second.clone(),
        task: judged.task(&one),
        rows: found.rows.len() as u64,
        left_out: found.left_out,
        sampled: !one.is_whole || !other.is_whole,
        outcomes: judged.outcomes,
        changed: judged.outcomes_of_rows.iter().filter(|outcome| outcome.is_some()).count() as u64,
        difference: judged.difference.value,
        low: judged.difference.low,
        high: judged.difference.high,
        p: judged.p,
        changes: changes(&found.rows),
        features_from: special.as_ref().map(|found| found.from.clone()),
        special: special.map(|found| found.columns).unwrap_or_default(),
        listed: listed(&found.rows, &judged.outcomes_of_rows, asked.rows),
        joined_by: found.joined_by,
    })
}

fn rows_of<'a>(run: &'a NamedTable, asked: &domain::selection::RunName) -> Result<RunRows<'a>, Problem> {
    let side = Side::Run { name: asked.name.clone(), split: asked.split.clone() };
    Ok(RunRows {
        name: &run.name,
        frame: run.table.rows.frame(),
        roles: &run.table.roles,
        inside: run.table.side_mask(&side)?,
        is_whole: run.table.rows.is_whole(),
    })
}

/// What the change did, over all and row by row; `None` for a row whose answer did not change.
struct Judged {
    outcomes: Outcomes,
    outcomes_of_rows: Vec<Option<Outcome>>,
    difference: Estimate,
    p: f64,
}

impl Judged {
    fn of(rows: &[AnsweredTwice]) -> Result<Judged, Problem> {
        let numbers: Option<Vec<[f64; 3]>> = rows.iter().map(as_numbers).collect();
        if let Some(numbers) = numbers {
            return Ok(Judged::of_amounts(&numbers));
        }
        let is_class = |row: &AnsweredTwice| {
            [&row.label, &row.first, &row.second].iter().all(|answer| matches!(answer, Answer::Class(_)))
        };
        match rows.iter().all(is_class) {
            true => Ok(Judged::of_classes(rows)),
            false => Err(Problem::bad_input(
                "One of the two runs predicts classes and the other amounts, so their answers can't be compared row by row.",
            )),
        }
    }

    fn of_classes(rows: &[AnsweredTwice]) -> Judged {
        let mut counted = Paired::default();
        let outcome = |row: &AnsweredTwice| {
            let (was, is) = (row.first == row.label, row.second == row.label);
            match (was, is) {
                (true, true) => counted.both += 1,
                (true, false) => counted.only_first += 1,
                (false, true) => counted.only_second += 1,
                (false, false) => counted.neither += 1,
            }
            (row.first != row.second).then_some(match (was, is) {
                (true, false) => Outcome::Lost,
                (false, true) => Outcome::Won,
                _ => Outcome::Neither,
            })
        };
        let outcomes_of_rows = rows.iter().map(outcome).collect();
        let Paired { both, only_first, only_second, neither } = counted;
        Judged {
            outcomes: Outcomes::Classes { both_right: both, won: only_second, lost: only_first, both_wrong: neither },
            outcomes_of_rows,
            difference: counted.difference(),
            p: counted.p(),
        }
    }

    fn of_amounts(rows: &[[f64; 3]]) -> Judged {
        let errors = |answer: usize| -> Vec<f64> { rows.iter().map(|row| (row[answer] - row[0]).abs()).collect() };
        let (before, after) = (errors(1), errors(2));
        let mut sorted = before.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let tolerance = median(&sorted);
        let grown: Vec<f64> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
        let outcome = |(row, grown): (&[f64; 3], &f64)| {
            (row[1] != row[2]).then_some(match *grown {
                grown if grown > tolerance => Outcome::Lost,
                grown if grown < -tolerance => Outcome::Won,
                _ => Outcome::Neither,
            })
        };
        let outcomes_of_rows: Vec<Option<Outcome>> = rows.iter().zip(&grown).map(outcome).collect();
        let count = |wanted: Outcome| outcomes_of_rows.iter().filter(|one| **one == Some(wanted)).count() as u64;
        let (won, lost) = (count(Outcome::Won), count(Outcome::Lost));
        let (value, error) = (mean(&grown), standard_deviation(&grown) / (grown.len() as f64).sqrt());
        let error = if error.is_finite() { error } else { 0.0 };
        Judged {
            outcomes: Outcomes::Amounts { won, lost, alike: rows.len() as u64 - won - lost, tolerance },
            outcomes_of_rows,
            difference: Estimate { value, low: value - Z_95 * error, high: value + Z_95 * error },
            p: if error > 0.0 { normal_two_sided(value / error) } else { 1.0 },
        }
    }

    fn task(&self, run: &RunRows<'_>) -> Task {
        match self.outcomes {
            Outcomes::Amounts { .. } => Task::Regression,
            Outcomes::Classes { .. } => task(run.frame, run.roles).unwrap_or(Task::Multiclass),
        }
    }
}

fn as_numbers(row: &AnsweredTwice) -> Option<[f64; 3]> {
    let number = |answer: &Answer| if let Answer::Number(value) = answer { Some(*value) } else { None };
    Some([number(&row.label)?, number(&row.first)?, number(&row.second)?])
}

fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Class(name) => name.clone(),
        Answer::Number(value) => value.to_string(),
    }
}

/// The most frequent changes of classes.
fn changes(rows: &[AnsweredTwice]) -> Vec<AnswerChange> {
    let mut counted: HashMap<[String; 3], u64> = HashMap::new();
    let is_class = |row: &&AnsweredTwice| matches!(row.first, Answer::Class(_)) && row.first != row.second;
    for row in rows.iter().filter(is_class) {
        *counted.entry([&row.label, &row.first, &row.second].map(shown)).or_default() += 1;
    }
    let mut all: Vec<([String; 3], u64)> = counted.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(MOST_CHANGES);
    all.into_iter().map(|([label, first, second], rows)| AnswerChange { label, first, second, rows }).collect()
}

/// Those that lost first, then those that won; within these in their order.
fn listed(rows: &[AnsweredTwice], outcomes: &[Option<Outcome>], most: usize) -> Vec<FlippedRow> {
    let mut changed: Vec<(Outcome, &AnsweredTwice)> =
        rows.iter().zip(outcomes).filter_map(|(row, outcome)| Some(((*outcome)?, row))).collect();
    changed.sort_by_key(|(outcome, _)| *outcome);
    changed
        .into_iter()
        .take(most)
        .map(|(outcome, row)| FlippedRow {
            id: row.id.clone(),
            label: shown(&row.label),
            first: shown(&row.first),
            second: shown(&row.second),
            outcome,
        })
        .collect()
}

/// How the rows that lost differ from the others, by the features of one file.
struct Special {
    from: String,
    columns: Vec<domain::selection::ColumnDifference>,
}

/// `None` with too few rows on one side, or without a file that has features of these rows.
fn special(
    found: &TwoRuns,
    outcomes: &[Option<Outcome>],
    runs: [&NamedTable; 2],
    others: &[NamedTable],
) -> Result<Option<Special>, Problem> {
    let lost: Vec<bool> = outcomes.iter().map(|outcome| *outcome == Some(Outcome::Lost)).collect();
    let count = lost.iter().filter(|lost| **lost).count() as u64;
    if count < FEWEST_SPECIAL || lost.len() as u64 - count < FEWEST_SPECIAL {
        return Ok(None);
    }
    let first = (runs[0], found.rows.iter().map(|row| Some(row.places.0)).collect::<Vec<_>>());
    let second = (runs[1], found.rows.iter().map(|row| Some(row.places.1)).collect::<Vec<_>>());
    let by_id = others.iter().filter_map(|other| Some((other, places_in(&other.table, found)?)));
    let covers = |places: &[Option<usize>]| places.iter().flatten().count() as f64 / places.len().max(1) as f64;
    let candidates = [first, second].into_iter().chain(by_id).filter(|(_, places)| covers(places) >= FEATURES_COVER);
    let best = candidates.map(|(named, places)| (features(&named.table), named, places)).max_by_key(|one| one.0.len());
    let Some((features, named, places)) = best.filter(|(features, ..)| !features.is_empty()) else { return Ok(None) };
    let table = &named.table;
    let (mut inside, mut selected) = (vec![false; table.rows.count()], vec![false; table.rows.count()]);
    for (place, lost) in places.iter().zip(&lost).filter_map(|(place, lost)| Some(((*place)?, *lost))) {
        inside[place] = true;
        selected[place] = lost;
    }
    let columns = ranked(std::slice::from_ref(table), features, &[inside], &[selected])?;
    Ok(Some(Special { from: named.name.clone(), columns }))
}

/// Where the rows are in another table, by their ids.
fn places_in(table: &Table, found: &TwoRuns) -> Option<Vec<Option<usize>>> {
    let column = table.rows.column(table.roles.id()?)?;
    let known = ids(column)?;
    let by_id = rows_by_id(&known);
    Some(found.rows.iter().map(|row| by_id.get(row.id.as_str()).copied().flatten()).collect())
}

fn features(table: &Table) -> Vec<String> {
    let is_feature = |(name, kind): &&(String, ColumnKind)| {
        table.roles.of(name) == ColumnRole::Feature
            && !matches!(kind, ColumnKind::Nested | ColumnKind::Empty)
            && table.rows.column(name).is_some()
    };
    table.kinds.iter().filter(is_feature).map(|(name, _)| name.clone()).collect()
}

/// The rows that changed as CSV.
pub fn flips_csv(flips: &Flips) -> String {
    let mut out = String::new();
    let heads = ["id", "label", "first", "second", "outcome"];
    push_row(&mut out, heads.into_iter().map(str::to_owned));
    for row in &flips.listed {
        let cells = [&row.id, &row.label, &row.first, &row.second].map(|cell| value(cell));
        push_row(&mut out, cells.into_iter().chain([row.outcome.id().to_owned()]));
    }
    out
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use domain::selection::{JoinedBy, RunName};
    use domain::snapshot::SnapshotRole;
    use polars::prelude::{NamedFrom, Series};

    use super::super::Rows;
    use super::*;

    const ROWS: usize = 200;

    fn named(name: &str, columns: Vec<(Series, ColumnKind, ColumnRole)>) -> NamedTable {
        let roles: Vec<(ColumnRole, String)> =
            columns.iter().map(|(column, _, role)| (*role, column.name().to_string())).collect();
        let kinds = columns.iter().map(|(column, kind, _)| (column.name().to_string(), *kind)).collect();
        let table = Table {
            role: SnapshotRole::Predictions,
            rows: Rows::of_columns(columns.into_iter().map(|(column, ..)| column).collect(), ROWS),
            roles: roles.iter().map(|(role, name)| (*role, name.as_str())).collect(),
            kinds,
        };
        NamedTable { name: name.to_owned(), table }
    }

    fn ids() -> (Series, ColumnKind, ColumnRole) {
        let ids: Vec<i64> = (0..ROWS as i64).collect();
        (Series::new("id".into(), ids), ColumnKind::Numeric, ColumnRole::Id)
    }

    /// A run that is wrong where `wrong` says so.
    fn run(name: &str, wrong: impl Fn(usize) -> bool) -> NamedTable {
        let labels: Vec<i64> = (0..ROWS).map(|row| (row % 2) as i64).collect();
        let answers: Vec<i64> =
            labels.iter().enumerate().map(|(row, label)| if wrong(row) { 1 - label } else { *label }).collect();
        named(
            name,
            vec![
                ids(),
                (Series::new("label".into(), labels), ColumnKind::Boolean, ColumnRole::Label),
                (Series::new("prediction".into(), answers), ColumnKind::Boolean, ColumnRole::Prediction),
            ],
        )
    }

    fn asked(first: &str, second: &str) -> FlipsAsked {
        let run = |name: &str| RunName { name: name.to_owned(), split: "all".into() };
        FlipsAsked { first: run(first), second: run(second), rows: 50 }
    }

    #[test]
    fn what_was_lost_is_counted_and_its_rows_are_told_apart() {
        let (v1, v2) = (run("v1", |row| row < 10), run("v2", |row| (5..10).contains(&row) || row >= 160));
        let regions: Vec<&str> = (0..ROWS).map(|row| if row >= 150 { "north" } else { "south" }).collect();
        let features = named(
            "test.csv",
            vec![ids(), (Series::new("region".into(), regions), ColumnKind::Categorical, ColumnRole::Feature)],
        );
        let found = flips([&v1, &v2], &[features], &asked("v1", "v2")).unwrap();
        assert_eq!(found.outcomes, Outcomes::Classes { both_right: 150, won: 5, lost: 40, both_wrong: 5 });
        assert_eq!((found.rows, found.changed, found.left_out), (200, 45, 0));
        assert_eq!((found.joined_by.clone(), found.task), (JoinedBy::Id("id".into()), Task::Binary));
        assert!((found.difference + 0.175).abs() < 1e-12 && found.high < 0.0 && found.p < 1e-6);
        assert_eq!(found.features_from.as_deref(), Some("test.csv"));
        assert_eq!((found.special.len(), found.special[0].column.as_str()), (1, "region"));
        assert!(found.special[0].contrast.is_some());
        assert_eq!(
            (found.listed.len(), found.listed[0].id.as_str(), found.listed[0].outcome),
            (45, "160", Outcome::Lost)
        );
        assert_eq!(found.changes[0].rows, 20);
        let csv = flips_csv(&found);
        assert!(csv.starts_with("id,label,first,second,outcome\r\n160,0,0,1,lost\r\n"), "{csv}");
    }

    #[test]
    fn amounts_win_and_lose_by_their_errors() {
        let amounts = |name: &str, off: &dyn Fn(usize) -> f64| {
            let labels: Vec<f64> = (0..ROWS).map(|row| row as f64 + 0.5).collect();
            let answers: Vec<f64> = labels.iter().enumerate().map(|(row, label)| label + off(row)).collect();
            named(
                name,
                vec![
                    ids(),
                    (Series::new("label".into(), labels), ColumnKind::Numeric, ColumnRole::Label),
                    (Series::new("prediction".into(), answers), ColumnKind::Numeric, ColumnRole::Prediction),
                ],
            )
        };
        let v1 = amounts("v1", &|_| 1.0);
        let v2 = amounts("v2", &|row| if row < 30 { 4.0 } else { 1.0 });
        let found = flips([&v1, &v2], &[], &asked("v1", "v2")).unwrap();
        let Outcomes::Amounts { won, lost, alike, tolerance } = found.outcomes else { panic!("{:?}", found.outcomes) };
        assert_eq!((won, lost, alike), (0, 30, 170));
        assert!((tolerance - 1.0).abs() < 1e-9 && (found.difference - 0.45).abs() < 1e-9 && found.low > 0.0);
        assert_eq!((found.task, found.changed, found.features_from), (Task::Regression, 30, None));
        assert!(found.changes.is_empty());
    }

    #[test]
    fn equal_runs_have_no_difference() {
        let (v1, v2) = (run("v1", |row| row < 10), run("v2", |row| row < 10));
        let found = flips([&v1, &v2], &[], &asked("v1", "v2")).unwrap();
        assert_eq!((found.changed, found.difference, found.p), (0, 0.0, 1.0));
        assert!(found.listed.is_empty() && found.special.is_empty());
    }
}
