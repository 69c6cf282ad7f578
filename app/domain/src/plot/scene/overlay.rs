//! Runs with scores in one chart: how they are distinguished from each other, and what a pointer reads off them.

use super::super::format;
use super::marks::thinned;
use super::operating::{GRAIN, table_of};
use super::{Hover, Key, Mark, Place, ScoredRun, Table, Together, Tone, subject};
use crate::EvaluationRun;
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
    /// Of a run that stands alone: it needs no name.
    pub fn alone() -> Label {
        Label { tone: Tone::Model, words: String::new() }
    }

    /// Whether it is that of a run next to those that are compared, of which less is drawn and said.
    pub fn is_another(&self) -> bool {
        self.tone.is_another()
    }

    /// `test: 2,000 rows` where several runs are drawn, `2,000 rows` where the run stands alone.
    pub fn key(&self, said: impl std::fmt::Display) -> Key {
        let words = if self.words.is_empty() { said.to_string() } else { format!("{}: {said}", self.words) };
        Key::new(self.tone, words)
    }

    /// The same without a tone, for a sentence.
    pub fn said(&self, said: impl std::fmt::Display) -> String {
        self.key(said).words
    }
}

/// A run that is to be labelled. Those without a tone are the chosen ones: the run, and its baseline.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    pub name: &'a str,
    pub split: &'a Split,
    pub tone: Option<Tone>,
}

impl<'a> Named<'a> {
    pub fn of(run: &'a EvaluationRun, tone: Option<Tone>) -> Named<'a> {
        Named { name: &run.name, split: &run.split, tone }
    }
}

/// The labels of runs: by split, and by file too where several are of the same split. A run that stands alone needs no
/// name. The chosen ones have the tones of their splits; where these are equal, two of their own.
pub fn labels(runs: &[Named<'_>]) -> Vec<Label> {
    if let [Named { tone: None, .. }] = runs {
        return vec![Label::alone()];
    }
    let of_splits: Vec<Tone> = runs.iter().filter(|run| run.tone.is_none()).map(|run| tone(run.split)).collect();
    let chosen = match of_splits.as_slice() {
        [run, baseline] if run == baseline => vec![Tone::Model, Tone::Test],
        _ => of_splits,
    };
    let mut chosen = chosen.into_iter();
    let is_shared = |split: &Split| runs.iter().filter(|run| run.split == split).count() > 1;
    let label = |run: &Named<'_>| Label {
        tone: run.tone.or_else(|| chosen.next()).unwrap_or(Tone::Model),
        words: if is_shared(run.split) { subject(run.name, run.split) } else { run.split.to_string() },
    };
    runs.iter().map(label).collect()
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
    fn splits_keep_their_colours_and_equal_ones_are_named_by_file() {
        fn named<'a>(name: &'a str, split: &'a Split) -> Named<'a> {
            Named { name, split, tone: None }
        }
        let labels_of = |a: &Split, b: &Split| -> Vec<(Tone, String)> {
            let both = labels(&[named("a.csv", a), named("b.csv", b)]);
            both.into_iter().map(|one| (one.tone, one.words)).collect()
        };
        assert_eq!(
            labels_of(&Split::Serve, &Split::Train),
            [(Tone::Serve, "serve".to_owned()), (Tone::Train, "train".to_owned())]
        );
        assert_eq!(labels_of(&Split::All, &Split::All)[1], (Tone::Test, "all of b.csv".to_owned()));
        let fold = Split::from("fold 2");
        assert_eq!(labels_of(&Split::All, &fold)[1], (Tone::Test, "fold 2".to_owned()), "no two of one colour");
        assert_eq!(labels(&[named("a.csv", &Split::Test)])[0].key("3 rows").words, "3 rows");
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
