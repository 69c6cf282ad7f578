//! How the runs of one chart are named, and which tones they have.

use super::{Key, Tone};
use crate::EvaluationRun;
use crate::evaluation::Split;

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

/// What a run is called where it stands alone.
pub fn subject(name: &str, split: &Split) -> String {
    format!("{split} of {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
