//! Which of the other runs can be drawn next to the chosen ones, which of these are, and why the rest is not.

use super::labels::subject;
use super::looks::{self, tones};
use super::{Ticked, Tone};
use crate::evaluation::{EvaluationRun, RegressionChart, Split, Task, distinct};
use crate::number;

/// Runs that one chart holds at most, the chosen ones among them.
pub const MOST_RUNS: usize = 10;

/// Runs that are named as left out; more are counted.
const MOST_NAMED: usize = 5;

/// The other runs of an investigation, each once, in the order in which they were added.
#[derive(Debug, Clone, PartialEq)]
pub struct Company<'a> {
    /// The run, and its baseline where that can be drawn with it.
    pub chosen: Vec<&'a EvaluationRun>,
    /// Those that can be drawn with these.
    pub candidates: Vec<Candidate<'a>>,
    /// Those that can't, with the reason.
    pub left_out: Vec<(&'a EvaluationRun, String)>,
    /// How many candidates are ticked, and how many of them have room.
    ticked: usize,
    room: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'a> {
    pub run: &'a EvaluationRun,
    /// `test of b.csv`
    pub name: String,
    /// `None` where it is not drawn.
    pub tone: Option<Tone>,
}

impl<'a> Company<'a> {
    /// `run` and its baseline are two of `runs`.
    pub fn of(
        runs: &'a [EvaluationRun],
        run: &'a EvaluationRun,
        baseline: Option<&'a EvaluationRun>,
        ticked: &Ticked,
    ) -> Company<'a> {
        let baseline = baseline.filter(|one| reason(run, one).is_none());
        let chosen: Vec<&EvaluationRun> = [Some(run), baseline].into_iter().flatten().collect();
        let is_chosen =
            |group: &Vec<usize>| group.iter().any(|place| chosen.iter().any(|one| std::ptr::eq(*one, &runs[*place])));
        let groups = distinct(runs).into_iter().filter(|group| !is_chosen(group));
        let others = groups.filter_map(|group| runs.get(*group.first()?));
        // To a run without curves nothing can be drawn.
        let (can, cannot): (Vec<&EvaluationRun>, Vec<&EvaluationRun>) =
            others.filter(|_| has_curves(run)).partition(|other| reason(run, other).is_none());
        let names: Vec<String> = can.iter().map(|one| subject(&one.name, &one.split)).collect();
        let room = MOST_RUNS - chosen.len();
        let is_drawn = ticked.of(&names, room);
        let looks: Vec<(Option<Tone>, bool)> = own_tones(&can, &chosen).into_iter().zip(is_drawn).collect();
        let ticked = ticked.count(&names);
        let named = can.into_iter().zip(names).zip(tones(&looks));
        let candidates = named.map(|((run, name), tone)| Candidate { run, name, tone }).collect();
        let left_out = cannot.into_iter().filter_map(|other| Some((other, reason(run, other)?))).collect();
        Company { chosen, candidates, left_out, ticked, room }
    }

    /// Those that are drawn.
    pub fn drawn(&self) -> Vec<(Tone, &'a EvaluationRun)> {
        self.candidates.iter().filter_map(|one| Some((one.tone?, one.run))).collect()
    }

    /// What is not drawn and why, a sentence each.
    pub fn notes(&self) -> Vec<String> {
        [surplus_note(self.ticked, self.room), self.left_out_note()].into_iter().flatten().collect()
    }

    fn left_out_note(&self) -> Option<String> {
        let named = self.left_out.iter().take(MOST_NAMED);
        let named: Vec<String> =
            named.map(|(run, reason)| format!("{} ({reason})", subject(&run.name, &run.split))).collect();
        let more = self.left_out.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(" and {} more", number::count(more as u64)) } else { String::new() };
        (!named.is_empty()).then(|| format!("Not drawn: {}{more}.", named.join(", ")))
    }
}

/// That more runs are ticked than one chart holds; `None` where all of them have room.
pub fn surplus_note(ticked: usize, room: usize) -> Option<String> {
    (ticked > room).then(|| {
        format!(
            "A chart shows at most {MOST_RUNS} runs: of these {}, the {room} that were added last are drawn.",
            number::count(ticked as u64)
        )
    })
}

/// Whether a run has anything that is drawn with that of another: scores, probabilities, or errors by group.
fn has_curves(run: &EvaluationRun) -> bool {
    let of_errors = |chart: &RegressionChart| {
        !chart.by_prediction.is_empty() || !chart.by_time.is_empty() || chart.quantiles.is_some()
    };
    run.scores.as_ref().is_some_and(|scores| !scores.thresholds.is_empty())
        || !run.calibration.is_empty()
        || run.regression.as_ref().is_some_and(of_errors)
}

/// Why a run can't be drawn next to another, in words; `None` where it can.
fn reason(run: &EvaluationRun, other: &EvaluationRun) -> Option<String> {
    match (other.task, &other.positive) {
        (task, _) if task != run.task => Some(format!("its label is {}", task.label())),
        (_, Some(positive)) if other.positive != run.positive => Some(format!("its positive class is {positive}")),
        (Task::Regression, _) if !has_curves(other) => Some("it has no errors by group".to_owned()),
        _ if !has_curves(other) => Some("it has no scores".to_owned()),
        _ => None,
    }
}

/// Train is blue and serve orange, as far as no run before it has the colour.
fn own_tones(runs: &[&EvaluationRun], chosen: &[&EvaluationRun]) -> Vec<Option<Tone>> {
    let own = |(place, run): (usize, &&EvaluationRun)| {
        let is_first = chosen.iter().chain(&runs[..place]).all(|before| before.split != run.split);
        match run.split {
            Split::Train if is_first => Some(looks::TRAIN),
            Split::Serve if is_first => Some(looks::SERVE),
            _ => None,
        }
    };
    runs.iter().enumerate().map(own).collect()
}

#[cfg(test)]
mod tests {
    use super::super::operating;
    use super::*;

    fn run(name: &str, split: &str, n: u64) -> EvaluationRun {
        let mut run = EvaluationRun::of_regression(name, split, &[1.0, 2.0], &[1.0, 2.0]);
        (run.task, run.n, run.regression, run.scores) = (Task::Binary, n, None, Some(operating::example()));
        run.positive = Some("yes".to_owned());
        run
    }

    fn drawn(company: &Company<'_>) -> Vec<String> {
        company.candidates.iter().filter(|one| one.tone.is_some()).map(|one| one.name.clone()).collect()
    }

    #[test]
    fn the_others_are_drawn_and_train_and_serve_keep_their_colours() {
        let runs = [run("a", "test", 1), run("a", "val", 2), run("a", "train", 3), run("b", "serve", 4)];
        let company = Company::of(&runs, &runs[0], Some(&runs[1]), &Ticked::All);
        assert_eq!(drawn(&company), ["train of a", "serve of b"]);
        assert_eq!(company.drawn().iter().map(|one| one.0).collect::<Vec<_>>(), [looks::TRAIN, looks::SERVE]);
        assert_eq!(company.notes(), Vec::<String>::new());
        let none = Ticked::These(vec!["serve of b".to_owned()]);
        assert_eq!(drawn(&Company::of(&runs, &runs[0], Some(&runs[1]), &none)), ["serve of b"]);
    }

    #[test]
    fn runs_that_cannot_be_drawn_are_named_with_the_reason() {
        let prices = EvaluationRun::of_regression("prices", "test", &[1.0, 2.0], &[1.0, 2.0]);
        let fixed = EvaluationRun { scores: None, ..run("b", "test", 2) };
        let other = EvaluationRun { positive: Some("no".to_owned()), ..run("c", "test", 3) };
        let runs = [run("a", "test", 1), prices, fixed, other, run("a", "test", 1)];
        let company = Company::of(&runs, &runs[0], None, &Ticked::All);
        assert_eq!(drawn(&company), Vec::<String>::new(), "an equal run is the run itself");
        assert_eq!(
            company.notes(),
            ["Not drawn: test of prices (its label is an amount), test of b (it has no scores), \
              test of c (its positive class is no)."]
        );
    }

    #[test]
    fn of_many_runs_ten_are_drawn_and_that_is_said() {
        let runs: Vec<EvaluationRun> = (0..14).map(|n| run(&format!("v{n}"), "test", n)).collect();
        let company = Company::of(&runs, &runs[0], Some(&runs[1]), &Ticked::All);
        assert_eq!(drawn(&company)[..2], ["test of v6", "test of v7"]);
        assert_eq!(company.drawn().len() + 2, MOST_RUNS);
        assert_eq!(
            company.notes(),
            ["A chart shows at most 10 runs: of these 12, the 8 that were added last are drawn."]
        );
    }
}
