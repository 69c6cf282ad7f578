//! Runs with scores in one chart: how they are distinguished from each other, and what a pointer reads off them.

use super::super::format;
use super::labels::{Label, Named, labels};
use super::marks::thinned;
use super::operating::{GRAIN, table_of};
use super::{Hover, Key, Mark, Place, ScoredRun, Table, Together, Tone};
use crate::operating_point::OperatingPoint;

/// Upright strips in which a pointer finds the same values.
const STRIPS: usize = 50;

/// A run with scores and, where there are some, its baseline and others.
#[derive(Debug, Clone)]
pub struct Overlay {
    pub run: ScoredRun,
    pub baseline: Option<ScoredRun>,
    /// Each with its tone.
    pub others: Vec<(Tone, ScoredRun)>,
}

impl Overlay {
    pub fn alone(run: ScoredRun) -> Overlay {
        Overlay { run, baseline: None, others: Vec::new() }
    }

    /// Those that have scores; `None` where the run itself has none.
    pub fn of(runs: &Together<'_>) -> Option<Overlay> {
        let others = runs.others.iter().filter_map(|(tone, run)| Some((*tone, ScoredRun::of(run)?)));
        let (run, baseline) = (ScoredRun::of(runs.run)?, runs.baseline.and_then(ScoredRun::of));
        Some(Overlay { run, baseline, others: others.collect() })
    }

    /// All of them with their labels, the run first and its baseline second.
    pub fn labelled(&self) -> Vec<(Label, &ScoredRun)> {
        let chosen = [Some(&self.run), self.baseline.as_ref()].into_iter().flatten().map(|run| (None, run));
        let others = self.others.iter().map(|(tone, run)| (Some(*tone), run));
        let runs: Vec<(Option<Tone>, &ScoredRun)> = chosen.chain(others).collect();
        let named = runs.iter().map(|(tone, run)| Named { name: &run.name, split: &run.split, tone: *tone });
        let labels = labels(&named.collect::<Vec<_>>());
        labels.into_iter().zip(runs.into_iter().map(|(_, run)| run)).collect()
    }

    /// The lines of all, that of the run on top.
    pub fn lines(&self, places: impl Fn(&ScoredRun) -> Vec<Place>) -> Vec<Mark> {
        let all = self.labelled().into_iter().rev();
        all.map(|(label, run)| Mark::Line { tone: label.tone, places: thinned(places(run), GRAIN) }).collect()
    }

    /// `words` are said of the chosen runs, `figure` alone of the others.
    pub fn legend(&self, words: impl Fn(&ScoredRun) -> String, figure: impl Fn(&ScoredRun) -> String) -> Vec<Key> {
        let said = |label: &Label, run: &ScoredRun| if label.is_another() { figure(run) } else { words(run) };
        self.labelled().into_iter().map(|(label, run)| label.key(said(&label, run))).collect()
    }

    /// The figure of each run next to the first, for those who can't see the lines; empty where at most two are drawn.
    pub fn next_to_it(&self, figure: impl Fn(&ScoredRun) -> String) -> String {
        if self.others.is_empty() {
            return String::new();
        }
        let said: Vec<String> =
            self.labelled().into_iter().skip(1).map(|(label, run)| label.said(figure(run))).collect();
        format!(" Next to it: {}.", said.join(", "))
    }

    /// What the runs do at the same place of the horizontal axis, of the chosen ones with the threshold: `along` grows from the highest threshold to the lowest.
    pub fn hovers(&self, along: fn(&OperatingPoint) -> f64, words: fn(&OperatingPoint) -> String) -> Vec<Hover> {
        let runs: Vec<(Label, Vec<OperatingPoint>)> =
            self.labelled().into_iter().map(|(label, run)| (label, run.scores.points().collect())).collect();
        let strip = |at: usize| {
            let (from, to) = (at as f64 / STRIPS as f64, (at + 1) as f64 / STRIPS as f64);
            let middle = (from + to) / 2.0;
            let said: Vec<String> = runs
                .iter()
                .filter_map(|(label, points)| {
                    let last = points.partition_point(|point| along(point) <= middle).checked_sub(1)?;
                    let point = points.get(last)?;
                    let said = words(point);
                    let threshold = format::number(point.threshold);
                    Some(label.said(if label.is_another() { said } else { format!("{said}, threshold {threshold}") }))
                })
                .collect();
            (!said.is_empty()).then(|| Hover::strip(from, to, said.join("\n")))
        };
        (0..STRIPS).filter_map(strip).collect()
    }

    /// The operating points of the run; of several runs those of all, each row with the name of its run.
    pub fn table(&self) -> Table {
        let runs = self.labelled();
        let name = |label: &Label| if label.words.is_empty() { None } else { Some(label.words.clone()) };
        let named: Vec<_> = runs.iter().map(|(label, run)| (name(label), &run.scores)).collect();
        table_of(&named)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Value, looks};
    use super::*;
    use crate::evaluation::Split;

    fn overlay() -> Overlay {
        let served = ScoredRun { split: Split::Serve, name: "serve.csv".into(), ..ScoredRun::example() };
        Overlay { run: served, baseline: Some(ScoredRun::example()), others: Vec::new() }
    }

    /// With two others, of which one is of the same split as the baseline.
    fn company() -> Overlay {
        let train = ScoredRun { split: Split::Train, ..ScoredRun::example() };
        let second = ScoredRun { name: "v2.csv".into(), ..ScoredRun::example() };
        Overlay { others: vec![(looks::TRAIN, train), (Tone::Another(2), second)], ..overlay() }
    }

    #[test]
    fn others_have_their_own_lines_under_the_chosen_ones_and_less_is_said_of_them() {
        let lines = company().lines(|run| vec![(0.0, run.n as f64)]);
        let tones: Vec<Tone> = lines
            .iter()
            .filter_map(|line| if let Mark::Line { tone, .. } = line { Some(*tone) } else { None })
            .collect();
        assert_eq!(tones, [Tone::Another(2), looks::TRAIN, Tone::Test, Tone::Serve]);
        let legend = company().legend(|_| "all of it".to_owned(), |run| format!("{} rows", run.n));
        assert_eq!(legend[1].words, "test of preds.csv: all of it");
        assert_eq!(legend[3].words, "test of v2.csv: 4 rows");
        let found = company().hovers(|point| point.recall().unwrap_or(0.0), |_| "read".to_owned());
        assert!(found[0].words.contains("test of preds.csv: read, threshold 0.9\ntrain: read\ntest of v2.csv: read"));
        assert_eq!(
            company().next_to_it(|run| run.n.to_string()),
            " Next to it: test of preds.csv: 4, train: 4, test of v2.csv: 4."
        );
        assert_eq!(company().table().rows.len(), 12);
    }

    #[test]
    fn a_pointer_reads_both_runs_with_their_thresholds() {
        let found = overlay().hovers(
            |point| point.recall().unwrap_or(0.0),
            |point| format!("recall {}", format::share(point.recall().unwrap_or(0.0))),
        );
        assert!(!found.iter().any(|hover| hover.low.0 < 0.49), "no threshold has a recall under 50 %");
        assert_eq!(found[0].words, "serve: recall 50 %, threshold 0.9\ntest: recall 50 %, threshold 0.9");
        assert_eq!(overlay().lines(|run| vec![(0.0, run.n as f64)]).len(), 2);
    }

    #[test]
    fn rows_of_the_table_name_their_run_only_where_there_are_two() {
        let both = overlay().table();
        assert_eq!((both.heads[0].id.as_str(), &both.rows[0][0]), ("run", &Value::Text("serve".into())));
        assert_eq!(both.rows.len(), 6);
        assert_eq!(Overlay::alone(ScoredRun::example()).table().heads[0].id, "threshold");
    }
}
