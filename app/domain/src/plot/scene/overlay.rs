//! A run and its baseline in one chart: how they are told from each other, and what a pointer reads off both.

use super::super::format;
use super::marks::thinned;
use super::operating::{GRAIN, table_of};
use super::{Hover, Key, Mark, Place, ScoredRun, Table, Tone};
use crate::evaluation::Split;
use crate::operating_point::OperatingPoint;

/// Upright strips in which a pointer finds the same values.
const STRIPS: usize = 50;

/// The tone and the name of a run in a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    pub tone: Tone,
    pub words: String,
}

impl Label {
    /// `test: 2,000 rows` where two runs are drawn, `2,000 rows` where the run stands alone.
    pub fn key(&self, said: impl std::fmt::Display) -> Key {
        let words = if self.words.is_empty() { said.to_string() } else { format!("{}: {said}", self.words) };
        Key::new(self.tone, words)
    }

    /// The same without a tone, for a sentence.
    pub fn said(&self, said: impl std::fmt::Display) -> String {
        self.key(said).words
    }
}

/// The labels of a run and of its baseline: by split, and by file where both are of the same split. A run that stands
/// alone needs no name.
pub fn labels(run: (&str, &Split), baseline: Option<(&str, &Split)>) -> [Label; 2] {
    let alone = |tone| Label { tone, words: String::new() };
    let Some(baseline) = baseline else { return [alone(Tone::Model), alone(Tone::Test)] };
    if run.1 == baseline.1 {
        let named = |tone, (name, split): (&str, &Split)| Label { tone, words: format!("{split} of {name}") };
        return [named(Tone::Model, run), named(Tone::Test, baseline)];
    }
    [run, baseline].map(|(_, split)| Label { tone: tone(split), words: split.to_string() })
}

fn tone(split: &Split) -> Tone {
    match split {
        Split::Train => Tone::Train,
        Split::Validation => Tone::Validation,
        Split::Test => Tone::Test,
        Split::Serve => Tone::Serve,
        Split::All | Split::Other(_) => Tone::Model,
    }
}

/// A run with scores and, where there is one, its baseline.
#[derive(Debug, Clone)]
pub struct Overlay {
    pub run: ScoredRun,
    pub baseline: Option<ScoredRun>,
}

impl Overlay {
    pub fn alone(run: ScoredRun) -> Overlay {
        Overlay { run, baseline: None }
    }

    /// Both with their labels, the run first.
    pub fn labelled(&self) -> Vec<(Label, &ScoredRun)> {
        let [run, baseline] = labels(
            (&self.run.name, &self.run.split),
            self.baseline.as_ref().map(|baseline| (baseline.name.as_str(), &baseline.split)),
        );
        [(run, &self.run)].into_iter().chain(self.baseline.as_ref().map(|one| (baseline, one))).collect()
    }

    /// The lines of both, that of the run on top.
    pub fn lines(&self, places: impl Fn(&ScoredRun) -> Vec<Place>) -> Vec<Mark> {
        let both = self.labelled().into_iter().rev();
        both.map(|(label, run)| Mark::Line { tone: label.tone, places: thinned(places(run), GRAIN) }).collect()
    }

    pub fn legend(&self, words: impl Fn(&ScoredRun) -> String) -> Vec<Key> {
        self.labelled().into_iter().map(|(label, run)| label.key(words(run))).collect()
    }

    /// What both runs do at the same place of the horizontal axis: `along` grows from the highest threshold to the lowest.
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
                    Some(label.said(format!("{}, threshold {}", words(point), format::number(point.threshold))))
                })
                .collect();
            (!said.is_empty()).then(|| Hover::strip(from, to, said.join("\n")))
        };
        (0..STRIPS).filter_map(strip).collect()
    }

    /// The operating points of the run; with a baseline those of both, each row with the name of its run.
    pub fn table(&self) -> Table {
        match &self.baseline {
            None => table_of(&[(None, &self.run.scores)]),
            Some(_) => {
                let both = self.labelled();
                let named: Vec<_> = both.iter().map(|(label, run)| (Some(label.words.as_str()), &run.scores)).collect();
                table_of(&named)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Value;
    use super::*;

    fn overlay() -> Overlay {
        let served = ScoredRun { split: Split::Serve, name: "serve.csv".into(), ..ScoredRun::example() };
        Overlay { run: served, baseline: Some(ScoredRun::example()) }
    }

    #[test]
    fn splits_keep_their_colours_and_equal_ones_are_named_by_file() {
        let labels_of =
            |a: &Split, b: &Split| labels(("a.csv", a), Some(("b.csv", b))).map(|one| (one.tone, one.words));
        assert_eq!(
            labels_of(&Split::Serve, &Split::Train),
            [(Tone::Serve, "serve".to_owned()), (Tone::Train, "train".to_owned())]
        );
        assert_eq!(labels_of(&Split::All, &Split::All)[1], (Tone::Test, "all of b.csv".to_owned()));
        assert_eq!(labels(("a.csv", &Split::Test), None)[0].key("3 rows").words, "3 rows");
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
