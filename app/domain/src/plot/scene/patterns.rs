//! The looks of runs that are drawn next to the two that are compared: each has a colour and a pattern of its line, so
//! that colour is not the only sign.

use super::super::palette::{self, Colour};

/// How the line of such a run looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// The classes that the style sheet has for it.
    pub class: &'static str,
    pub colour: Colour,
    /// Lengths in pixels, a dash and a gap in turn.
    pub dashes: &'static [f64],
}

const fn look(class: &'static str, colour: Colour, dashes: &'static [f64]) -> Look {
    Look { class, colour, dashes }
}

pub const COUNT: usize = 12;

/// Two that keep the colours of train and serve, then those that are given by number.
static LOOKS: [Look; COUNT] = [
    look("another train", palette::TRAIN, &[9.0, 3.0]),
    look("another serve", palette::SERVE, &[4.0, 3.0]),
    look("another run-1", palette::RUNS[0], &[2.0, 3.0]),
    look("another run-2", palette::RUNS[1], &[9.0, 3.0, 2.0, 3.0]),
    look("another run-3", palette::RUNS[2], &[14.0, 4.0]),
    look("another run-4", palette::RUNS[3], &[6.0, 2.0, 6.0, 6.0]),
    look("another run-5", palette::RUNS[4], &[9.0, 3.0, 2.0, 3.0, 2.0, 3.0]),
    look("another run-6", palette::RUNS[5], &[14.0, 3.0, 5.0, 3.0]),
    look("another run-7", palette::RUNS[6], &[2.0, 6.0]),
    look("another run-8", palette::RUNS[7], &[5.0, 2.0, 2.0, 2.0]),
    look("another run-9", palette::INK_2, &[18.0, 6.0]),
    look("another run-10", palette::INK_3, &[2.0, 2.0, 2.0, 8.0]),
];

/// The look of `Tone::Another`; a number of a later version begins again at the first.
pub fn look_of(number: usize) -> &'static Look {
    &LOOKS[number % COUNT]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_looks_have_the_same_colour_or_the_same_pattern() {
        for (place, one) in LOOKS.iter().enumerate() {
            let before = &LOOKS[..place];
            assert!(before.iter().all(|other| other.colour != one.colour && other.dashes != one.dashes), "{place}");
            assert!(one.dashes.len().is_multiple_of(2) && one.dashes.iter().all(|length| *length > 0.0), "{place}");
        }
    }
}
