//! Which run of several a reader needs first, and which one it is compared with.

use super::difference::{Change, difference};
use super::{EvaluationRun, Split, Task};

/// The runs without repetitions: groups of places of equal runs, each in the order in which they came. The rows of one
/// file are often given twice, as training data and again with their predictions.
pub fn distinct(runs: &[EvaluationRun]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, run) in runs.iter().enumerate() {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| is_repeated(&runs[*first], run))) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    groups
}

/// Whether two runs measure the same answers to the same rows, as far as every figure shows.
fn is_repeated(a: &EvaluationRun, b: &EvaluationRun) -> bool {
    a.n == b.n && a.task == b.task && a.split == b.split && a.metrics == b.metrics
}

/// The run of the incident: the served one, if there is one; else the one that fell most below its baseline, beyond
/// chance; else the test rows or whatever comes first.
pub fn incident(runs: &[EvaluationRun]) -> Option<usize> {
    let places = || 0..runs.len();
    let fell = |place: usize| fall(runs, place).unwrap_or(f64::NEG_INFINITY);
    let most = |a: &usize, b: &usize| fell(*a).total_cmp(&fell(*b)).then(b.cmp(a));
    let served = places().filter(|place| runs[*place].split == Split::Serve).max_by(most);
    served
        .or_else(|| places().filter(|place| fell(*place) > 0.0).max_by(most))
        .or_else(|| places().find(|place| runs[*place].split == Split::Test))
        .or_else(|| places().next())
}

/// How far the main figure of a run lies below that of its baseline; `None` where that could be chance.
fn fall(runs: &[EvaluationRun], place: usize) -> Option<f64> {
    let run = runs.get(place)?;
    let before = runs.get(baseline(runs, place)?)?;
    let main = main_figure(run.task);
    let (now, was) = (*run.metrics.get(main)?, *before.metrics.get(main)?);
    let found = difference(was, now)?.estimate;
    let is_worse = Change::between(main, was.value, now.value) == Change::Worse;
    (is_worse && found.low > 0.0).then_some(found.value)
}

/// The figure by which runs of a task are ordered; higher is better and it has no unit.
pub fn main_figure(task: Task) -> &'static str {
    match task {
        Task::Binary | Task::Multiclass => "accuracy",
        Task::Regression => "r2",
    }
}

/// What a run is compared with: held-out rows from before serving if it has none of them itself, of its own file where
/// that has some, else of the largest run. A repetition of the run is never its baseline.
pub fn baseline(runs: &[EvaluationRun], chosen: usize) -> Option<usize> {
    let run = runs.get(chosen)?;
    let candidates = || {
        let places = (0..runs.len()).filter(|place| *place != chosen && runs[*place].task == run.task);
        places.filter(|place| !is_repeated(&runs[*place], run))
    };
    preferred(&run.split).into_iter().find_map(|split| {
        let of_split = candidates().filter(|place| runs[*place].split == split);
        of_split.max_by_key(|place| {
            let one = &runs[*place];
            (one.name == run.name, one.read_from.is_none(), one.n, std::cmp::Reverse(*place))
        })
    })
}

/// The splits with which rows of a split are compared, the best first.
fn preferred(split: &Split) -> Vec<Split> {
    use Split::{All, Serve, Test, Train, Validation};
    match split {
        Test => vec![Validation, Train, All, Test],
        Validation => vec![Test, Train, All, Validation],
        Train => vec![Test, Validation, All, Serve, Train],
        Serve => vec![Test, Validation, All, Train, Serve],
        All => vec![Test, Validation, All, Train, Serve],
        Split::Other(_) => vec![Test, Validation, All, Train, Serve, split.clone()],
    }
}

#[cfg(test)]
mod tests {
    use super::super::wilson;
    use super::*;
    use crate::snapshot::SnapshotRole;

    fn run(name: &str, split: &str, right: u64) -> EvaluationRun {
        let mut run = EvaluationRun::empty(name, split, 1_000, Task::Binary);
        run.metrics.insert("accuracy".into(), wilson(right, 1_000));
        run
    }

    fn chosen(runs: &[EvaluationRun]) -> (Option<usize>, Option<usize>) {
        let incident = incident(runs);
        (incident, incident.and_then(|place| baseline(runs, place)))
    }

    #[test]
    fn a_served_run_comes_first_and_is_compared_with_test_rows() {
        let runs =
            [run("p", "train", 990), run("p", "val", 930), run("p", "test", 940), run("serve.csv", "serve", 880)];
        assert_eq!(chosen(&runs), (Some(3), Some(2)));
        assert_eq!(chosen(&runs[..2]), (Some(1), Some(0)), "validation fell below training");
    }

    #[test]
    fn of_two_served_runs_the_one_that_fell_comes_first() {
        let runs = [run("p", "test", 940), run("may.csv", "serve", 935), run("june.csv", "serve", 820)];
        assert_eq!(chosen(&runs), (Some(2), Some(0)));
    }

    #[test]
    fn without_a_served_run_a_fall_beyond_chance_comes_first_and_chance_does_not() {
        let fell = [run("a", "all", 940), run("b", "all", 850)];
        assert_eq!(chosen(&fell), (Some(1), Some(0)));
        let even = [run("p", "val", 935), run("p", "test", 940)];
        assert_eq!(chosen(&even), (Some(1), Some(0)));
        assert_eq!(chosen(&[]), (None, None));
        assert_eq!(chosen(&[run("only", "all", 900)]), (Some(0), None));
    }

    #[test]
    fn equal_runs_are_one_and_not_compared_with_each_other() {
        let copy = EvaluationRun { read_from: Some(SnapshotRole::Train), ..run("train.csv", "train", 990) };
        let runs = [copy, run("p", "train", 990), run("p", "test", 940)];
        assert_eq!(distinct(&runs), [vec![0, 1], vec![2]]);
        assert_eq!(baseline(&runs, 0), Some(2));
        assert_eq!(baseline(&runs[..2], 0), None);
    }
}
