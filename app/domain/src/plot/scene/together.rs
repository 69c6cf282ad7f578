//! The runs of one chart: the one that is shown in full, the one that it is compared with, and others next to them.

use super::Tone;
use super::labels::{Label, Named, labels};
use crate::EvaluationRun;

#[derive(Debug, Clone)]
pub struct Together<'a> {
    pub run: &'a EvaluationRun,
    pub baseline: Option<&'a EvaluationRun>,
    /// Each with its tone.
    pub others: Vec<(Tone, &'a EvaluationRun)>,
}

impl<'a> Together<'a> {
    pub fn alone(run: &'a EvaluationRun) -> Together<'a> {
        Together::pair(run, None)
    }

    pub fn pair(run: &'a EvaluationRun, baseline: Option<&'a EvaluationRun>) -> Together<'a> {
        Together { run, baseline, others: Vec::new() }
    }

    /// What `part` has of each run, with the label of the run: the run first, then its baseline. Those of which it has
    /// nothing are left out.
    pub fn curves<T>(&self, part: impl Fn(&'a EvaluationRun) -> Option<T>) -> Vec<(Label, T)> {
        let chosen = [Some(self.run), self.baseline].into_iter().flatten().map(|run| (run, None));
        let others = self.others.iter().map(|(tone, run)| (*run, Some(*tone)));
        let drawn = chosen.chain(others).filter_map(|(run, tone)| Some((Named::of(run, tone), part(run)?)));
        let (named, parts): (Vec<Named<'a>>, Vec<T>) = drawn.unzip();
        labels(&named).into_iter().zip(parts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::looks;
    use super::*;
    use crate::evaluation::Task;

    fn run(split: &str) -> EvaluationRun {
        EvaluationRun::of_regression("preds.csv", split, &[1.0, 2.0], &[1.0, 2.0])
    }

    #[test]
    fn a_run_without_the_part_is_left_out_and_the_others_keep_their_tones() {
        let (served, test, train) = (run("serve"), run("test"), run("train"));
        let others = vec![(looks::TRAIN, &train)];
        let together = Together { run: &served, baseline: Some(&test), others };
        let said = together.curves(|run| (run.split.word() != "test").then_some(run.n));
        let said: Vec<_> = said.into_iter().map(|(label, n)| (label.tone, label.words, n)).collect();
        assert_eq!(said, [(Tone::Serve, "serve".to_owned(), 2), (looks::TRAIN, "train".to_owned(), 2)]);
        let alone = Together::alone(&served).curves(|run| (run.task == Task::Regression).then_some(()));
        assert_eq!(alone[0].0.words, "");
    }
}
