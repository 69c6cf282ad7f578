//! The marks of a scene: a closed list, so that two painters can know them all.

use super::super::format;
use super::super::palette::{self, Colour};
use serde::{Deserialize, Serialize};

use super::kept;
use super::patterns::look_of;

/// A place in the plot: (rightwards, upwards), each 0 to 1.
pub type Place = (f64, f64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// A place that is not finite leaves a gap.
    Line {
        tone: Tone,
        #[serde(with = "kept::places")]
        places: Vec<Place>,
    },
    /// The outline of bars between ascending edges, one more than there are heights, filled down to the base.
    Step {
        tone: Tone,
        #[serde(with = "kept::numbers")]
        edges: Vec<f64>,
        #[serde(with = "kept::numbers")]
        heights: Vec<f64>,
    },
    /// The area between a lower and an upper line over the same positions.
    Band {
        tone: Tone,
        #[serde(with = "kept::places")]
        lower: Vec<Place>,
        #[serde(with = "kept::places")]
        upper: Vec<Place>,
    },
    /// A rectangle with its value beside its right end.
    Bar {
        tone: Tone,
        #[serde(with = "kept::place")]
        low: Place,
        #[serde(with = "kept::place")]
        high: Place,
        value: String,
    },
    /// `words` are one for each place, or none at all: a cloud. `size` is the radius in pixels.
    Points {
        tone: Tone,
        #[serde(with = "kept::places")]
        places: Vec<Place>,
        size: f64,
        words: Vec<String>,
    },
    Rule {
        tone: Tone,
        #[serde(with = "kept::place")]
        from: Place,
        #[serde(with = "kept::place")]
        to: Place,
    },
    /// `shift` is in pixels, rightwards and downwards, from the place to the base line of the text.
    Text {
        tone: Tone,
        #[serde(with = "kept::place")]
        at: Place,
        align: Align,
        #[serde(with = "kept::place")]
        shift: (f64, f64),
        words: String,
    },
    /// A rectangle in a shade of its tone: 0 is nothing, 1 the tone itself.
    Tile {
        tone: Tone,
        #[serde(with = "kept::place")]
        low: Place,
        #[serde(with = "kept::place")]
        high: Place,
        #[serde(with = "kept::number")]
        shade: f64,
    },
    /// A cell of a matrix, counted from the top left; `share` is its shade.
    Cell {
        row: usize,
        column: usize,
        #[serde(with = "kept::number")]
        share: f64,
        is_right: bool,
        main: String,
        small: String,
    },
}

/// The corners of bars of those heights between those edges, from the base and back to it; empty without edges.
pub fn outline(edges: &[f64], heights: &[f64]) -> Vec<Place> {
    let (Some(first), Some(last)) = (edges.first(), edges.last()) else { return Vec::new() };
    let tops = edges.windows(2).zip(heights).flat_map(|(pair, height)| [(pair[0], *height), (pair[1], *height)]);
    [(*first, 0.0)].into_iter().chain(tops).chain([(*last, 0.0)]).collect()
}

/// How much of a tile is its tone, from 0 to 1: what is not nothing is seen.
pub fn opacity(shade: f64) -> f64 {
    const LEAST: f64 = 0.06;
    const MOST: f64 = 0.92;
    if shade > 0.0 { LEAST + (MOST - LEAST) * shade.min(1.0) } else { 0.0 }
}

/// Whether points are many and say nothing one by one.
pub fn is_cloud(places: &[Place], words: &[String]) -> bool {
    words.is_empty() && places.len() > 1
}

/// What a mark stands for; each painter has one look for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Train,
    Serve,
    /// What a model does.
    Model,
    Negative,
    Positive,
    Validation,
    Test,
    /// A line to compare with, such as the diagonal. Dashed.
    Guide,
    /// What the reader has chosen.
    Chosen,
    /// Rows that somebody marked.
    Selected,
    /// Something to be noticed. Dashed.
    Quiet,
    /// What went wrong. Dashed.
    Bad,
    /// A run next to those that are compared, by the number of its look. Dashed, each in a pattern of its own.
    Another(usize),
}

impl Tone {
    /// The class that the style sheet has for it.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Train => "train",
            Tone::Serve => "serve",
            Tone::Model => "model",
            Tone::Negative => "negative",
            Tone::Positive => "positive",
            Tone::Validation => "validation",
            Tone::Test => "test",
            Tone::Guide => "guide",
            Tone::Chosen => "chosen",
            Tone::Selected => "selected",
            Tone::Quiet => "quiet",
            Tone::Bad => "bad",
            Tone::Another(number) => look_of(number).class,
        }
    }

    pub fn colour(self) -> Colour {
        match self {
            Tone::Train => palette::TRAIN,
            Tone::Serve => palette::SERVE,
            Tone::Model | Tone::Validation => palette::INK,
            Tone::Positive => palette::POSITIVE,
            Tone::Negative => palette::NEGATIVE,
            Tone::Test | Tone::Guide => palette::INK_3,
            Tone::Chosen => palette::ACCENT,
            Tone::Selected => palette::SELECTED,
            Tone::Quiet => palette::INK_2,
            Tone::Bad => palette::MISMATCH,
            Tone::Another(number) => look_of(number).colour,
        }
    }

    /// Whether its lines are dashed, so that colour is not all that tells them apart.
    pub fn is_dashed(self) -> bool {
        !self.dashes().is_empty()
    }

    /// Lengths in pixels, a dash and a gap in turn; none of a line that is drawn through.
    pub fn dashes(self) -> &'static [f64] {
        match self {
            Tone::Validation | Tone::Guide | Tone::Quiet | Tone::Bad => &[5.0, 3.5],
            Tone::Another(number) => look_of(number).dashes,
            _ => &[],
        }
    }

    /// Whether it is that of a run next to those that are compared.
    pub fn is_another(self) -> bool {
        matches!(self, Tone::Another(_))
    }

    /// Whether its points are rings.
    pub fn is_hollow(self) -> bool {
        matches!(self, Tone::Chosen | Tone::Quiet)
    }
}

/// On which side of its place a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    Start,
    Middle,
    End,
}

impl Align {
    /// The value of SVG's `text-anchor`.
    pub fn anchor(self) -> &'static str {
        match self {
            Align::Start => "start",
            Align::Middle => "middle",
            Align::End => "end",
        }
    }

    /// Away from the nearer end of the axis, so that the text stays in the plot.
    pub fn inwards(at: f64) -> Align {
        if at > 0.6 { Align::End } else { Align::Start }
    }

    /// The same distance to the side on which the text stands.
    pub fn away(self, distance: f64) -> f64 {
        match self {
            Align::Start => distance,
            Align::Middle => 0.0,
            Align::End => -distance,
        }
    }
}

/// A region of the plot with its words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hover {
    #[serde(with = "kept::place")]
    pub low: Place,
    #[serde(with = "kept::place")]
    pub high: Place,
    pub words: String,
}

impl Hover {
    /// An upright strip over the whole height.
    pub fn strip(from: f64, to: f64, words: String) -> Hover {
        Hover { low: (from, 0.0), high: (to, 1.0), words }
    }
}

/// One entry of the legend: a tone, and what it stands for with its number of rows. Without a tone it is plain text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Key {
    pub tone: Option<Tone>,
    pub words: String,
}

impl Key {
    pub fn new(tone: Tone, words: impl Into<String>) -> Key {
        Key { tone: Some(tone), words: words.into() }
    }

    pub fn plain(words: impl Into<String>) -> Key {
        Key { tone: None, words: words.into() }
    }

    /// What the dashed line stands for, which would be covered by the marks if it were written beside it.
    pub fn dashed(words: &str) -> Key {
        Key::new(Tone::Guide, format!("dashed: {words}"))
    }

    /// Train and serve with their rows.
    pub fn sides(rows: [u64; 2]) -> Vec<Key> {
        let [train, serve] = rows.map(format::count);
        vec![Key::new(Tone::Train, format!("train {train}")), Key::new(Tone::Serve, format!("serve {serve}"))]
    }
}

/// The diagonal on which both axes are equal; [`Key::dashed`] says in the legend what it stands for.
pub fn diagonal() -> Mark {
    Mark::Line { tone: Tone::Guide, places: vec![(0.0, 0.0), (1.0, 1.0)] }
}

/// An upright line over the whole height with words at its top, `row` lines of text further down.
pub fn upright(tone: Tone, at: f64, row: usize, words: String) -> Vec<Mark> {
    let align = Align::inwards(at);
    vec![
        Mark::Rule { tone, from: (at, 0.0), to: (at, 1.0) },
        Mark::Text { tone, at: (at, 1.0), align, shift: (align.away(6.0), 12.0 + 15.0 * row as f64), words },
    ]
}

/// A ring where the reader's choice lies.
pub fn ring(place: Place) -> Mark {
    let inside = |value: f64| value.clamp(0.0, 1.0);
    Mark::Points { tone: Tone::Chosen, places: vec![(inside(place.0), inside(place.1))], size: 6.0, words: Vec::new() }
}

/// The places without those nearer than `grain` (in both directions) to the last one kept. First and last stay.
pub fn thinned(places: Vec<Place>, grain: f64) -> Vec<Place> {
    let last = places.last().copied();
    let mut kept: Vec<Place> = Vec::new();
    for place in places {
        let near = |other: &Place| (other.0 - place.0).abs() < grain && (other.1 - place.1).abs() < grain;
        let ends = Some(place) == last && kept.last() != Some(&place);
        if !kept.last().is_some_and(near) || ends {
            kept.push(place);
        }
    }
    kept
}

/// Each count as a share of all of them.
pub fn shares(counts: &[u64]) -> Vec<f64> {
    let total = counts.iter().sum::<u64>().max(1) as f64;
    counts.iter().map(|count| *count as f64 / total).collect()
}

/// The top of an axis of heights: a little over the largest.
pub fn top_over<'a>(heights: impl IntoIterator<Item = &'a f64>) -> f64 {
    heights.into_iter().copied().fold(f64::MIN_POSITIVE, f64::max) * 1.05
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_both_ends_and_every_jump() {
        let places = vec![(0.0, 0.0), (0.001, 0.0), (0.002, 0.5), (0.003, 0.5)];
        assert_eq!(thinned(places, 0.01), vec![(0.0, 0.0), (0.002, 0.5), (0.003, 0.5)]);
    }

    #[test]
    fn words_at_an_upright_line_stay_in_the_plot() {
        let text = |at: f64| match upright(Tone::Bad, at, 0, "x".to_owned()).pop() {
            Some(Mark::Text { align, shift, .. }) => Some((align, shift.0)),
            _ => None,
        };
        assert_eq!(text(0.1), Some((Align::Start, 6.0)));
        assert_eq!(text(0.9), Some((Align::End, -6.0)));
    }
}
