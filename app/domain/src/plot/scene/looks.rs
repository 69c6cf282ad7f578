//! Which looks runs have that are drawn next to the two that are compared.

use super::Tone;
use super::patterns::COUNT;

/// Looks that belong to no split.
const NUMBERED: usize = COUNT - 2;

pub const TRAIN: Tone = Tone::Another(0);
pub const SERVE: Tone = Tone::Another(1);

/// A tone for each of several runs, of which some have one of their own; `None` for those that are not drawn. As long as
/// there are looks for all of them, a run keeps its look while others are switched off.
pub fn tones(runs: &[(Option<Tone>, bool)]) -> Vec<Option<Tone>> {
    let have_looks = runs.iter().filter(|(own, _)| own.is_none()).count() <= NUMBERED;
    let mut taken = 0;
    let tone = |(own, is_drawn): &(Option<Tone>, bool)| {
        let next = Tone::Another(2 + taken % NUMBERED);
        taken += usize::from(own.is_none() && (have_looks || *is_drawn));
        is_drawn.then_some(own.unwrap_or(next))
    };
    runs.iter().map(tone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_keeps_its_look_while_others_are_switched_off() {
        let all = tones(&[(None, true), (Some(TRAIN), true), (None, true)]);
        assert_eq!(all, [Some(Tone::Another(2)), Some(TRAIN), Some(Tone::Another(3))]);
        assert_eq!(tones(&[(None, false), (Some(TRAIN), true), (None, true)]), [None, all[1], all[2]]);
    }

    #[test]
    fn of_more_runs_than_looks_the_drawn_ones_differ() {
        let runs: Vec<(Option<Tone>, bool)> = (0..15).map(|place| (None, place >= 7)).collect();
        let mut drawn: Vec<String> = tones(&runs).into_iter().flatten().map(|tone| tone.class().to_owned()).collect();
        drawn.sort();
        drawn.dedup();
        assert_eq!(drawn.len(), 8);
    }
}
