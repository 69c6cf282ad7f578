use super::*;
use crate::boosted_trees::Binning;
use crate::rng::Rng;

/// Rows of two groups: the share of the second, how often its label is yes by group, and how often the answer is.
#[derive(Clone, Copy)]
struct World {
    second: f64,
    yes: [f64; 2],
    answer: [f64; 2],
}

const BEFORE: World = World { second: 0.5, yes: [0.1, 0.8], answer: [0.0, 1.0] };

impl World {
    fn draw(self, rows: usize, seed: u64) -> (BinnedRows, Answers) {
        let mut rng = Rng::new(seed);
        let group: Vec<usize> = (0..rows).map(|_| usize::from(rng.next_f64() < self.second)).collect();
        let noise: Vec<f64> = (0..rows).map(|_| rng.next_f64()).collect();
        let labels: Vec<u32> = group.iter().map(|group| u32::from(rng.next_f64() < self.yes[*group])).collect();
        let answers: Vec<u32> = group.iter().map(|group| u32::from(rng.next_f64() < self.answer[*group])).collect();
        let binning = Binning::of_numbers(&[0.0, 0.25, 0.5, 0.75, 1.0].repeat(8));
        let features = vec![
            group.iter().map(|group| 1 + *group as u8).collect(),
            noise.iter().map(|value| binning.bin(*value)).collect(),
        ];
        let features = BinnedRows { features, categorical: vec![true, false], rows };
        (features, Answers::of_classes(&labels, &answers, 2))
    }

    /// The mean loss with the groups of `mix`, the answers of `scoring` and the labels of `self`.
    fn loss(self, mix: World, scoring: World) -> f64 {
        let of = |group: usize| {
            let (p, h) = (self.yes[group], scoring.answer[group]);
            p + h - 2.0 * p * h
        };
        (1.0 - mix.second) * of(0) + mix.second * of(1)
    }
}

fn split(before: &(BinnedRows, Answers), after: &(BinnedRows, Answers)) -> Split {
    let side = |(features, answers)| Side { features, answers };
    let sides = [side((&before.0, &before.1)), side((&after.0, &after.1))];
    let overlap = Overlap::measure(sides.map(|side| side.features), 7);
    let compared = Compared { sides, broken: None, lost_knowledge: false };
    Split::of(&compared, &Models::fit(&compared, 7), &overlap)
}

fn near(term: Term, expected: f64) -> bool {
    (term.value - expected).abs() < 3.5 * term.error.max(1e-3)
}

#[test]
fn three_mechanisms_get_what_is_worked_out_by_hand() {
    let after = World { second: 0.2, yes: [0.3, 0.8], answer: [0.0, 0.6] };
    let found = split(&BEFORE.draw(12_000, 1), &after.draw(9_000, 2));
    // By hand, the mean loss before is 0.5 x 0.1 + 0.5 x 0.2 = 0.15, and 0.8 x 0.3 + 0.2 x 0.44 = 0.328 after.
    assert!(near(found.before, 0.15) && near(found.after, 0.328), "{found:?}");
    let value = |mix: bool, scoring: bool, concept: bool| {
        let of = |changed: bool| if changed { after } else { BEFORE };
        of(concept).loss(of(mix), of(scoring))
    };
    let expected: Vec<f64> = (0..3)
        .map(|player| {
            let with = |first: bool, second: bool, own: bool| {
                let mut of = [own; 3];
                (of[(player + 1) % 3], of[(player + 2) % 3]) = (first, second);
                value(of[0], of[1], of[2])
            };
            let gain = |first, second| with(first, second, true) - with(first, second, false);
            (2.0 * gain(false, false) + gain(true, false) + gain(false, true) + 2.0 * gain(true, true)) / 6.0
        })
        .collect();
    let Parts { mix, scoring, concept, .. } = found.parts;
    assert!(
        near(mix, expected[0]) && near(scoring, expected[1]) && near(concept, expected[2]),
        "{found:?} {expected:?}"
    );
    assert!(concept.value > 0.08 && scoring.value > 0.05 && mix.value < 0.0, "{:?}", found.parts);
}

#[test]
fn the_parts_add_up_to_the_rise_and_nothing_is_found_where_nothing_changed() {
    for seed in 0..4 {
        let found = split(&BEFORE.draw(4_000, 10 + seed), &BEFORE.draw(3_000, 20 + seed));
        let Parts { mix, scoring, concept, unexplained } = found.parts;
        let sum = mix.value + scoring.value + concept.value + unexplained.value;
        assert!((sum - found.rise.value).abs() < 1e-9, "{found:?}");
        let all = [mix, scoring, concept, unexplained];
        assert!(all.iter().all(|part| part.value.abs() < 4.0 * part.error.max(1e-3)), "{all:?}");
    }
}

#[test]
fn scoring_is_on_the_rows_where_the_answers_changed() {
    let after = World { answer: [0.0, 0.5], ..BEFORE };
    let (before, after) = (BEFORE.draw(8_000, 3), after.draw(8_000, 4));
    let found = split(&before, &after);
    let of_group = |group: u8| {
        let rows = found.scoring_of_row[0].iter().zip(&after.0.features[0]);
        rows.filter(|(_, bin)| **bin == group).map(|(loss, _)| loss).sum::<f64>() / 8_000.0
    };
    assert!(of_group(1).abs() < 0.01, "{}", of_group(1));
    // Half of the rows, half of them answered otherwise: 0.5 x 0.5 x (0.8 - 0.2).
    assert!((of_group(2) - 0.15).abs() < 0.02, "{}", of_group(2));
}

#[test]
fn a_mix_is_put_down_to_the_column_that_moved() {
    let after = World { second: 0.9, yes: [0.1, 0.6], ..BEFORE };
    let before = World { yes: [0.1, 0.6], ..BEFORE };
    let (before, after) = (before.draw(8_000, 5), after.draw(8_000, 6));
    let found = split(&before, &after);
    let expected = [found.expected_of_row[0].as_slice(), found.expected_of_row[1].as_slice()];
    let columns = by_feature([&before.0, &after.0], expected);
    // 0.4 of the rows more are of the group with a loss of 0.4 instead of 0.1.
    assert!((columns[0].value - 0.12).abs() < 0.02 && columns[1].value.abs() < 0.005, "{columns:?}");
    assert!((found.parts.mix.value - 0.12).abs() < 0.02, "{:?}", found.parts);
}

#[test]
fn several_classes_and_quantities_are_split_alike() {
    let mut rng = Rng::new(8);
    let mut side = |wrong: f64| {
        let labels: Vec<u32> = (0..6_000).map(|_| rng.below(3) as u32).collect();
        let answers: Vec<u32> =
            labels.iter().map(|label| if rng.next_f64() < wrong { (label + 1) % 3 } else { *label }).collect();
        let features = vec![labels.iter().map(|label| 1 + *label as u8).collect()];
        let features = BinnedRows { features, categorical: vec![true], rows: labels.len() };
        let numbers = |codes: &[u32]| codes.iter().map(|code| f64::from(*code)).collect::<Vec<f64>>();
        let quantities = Answers::of_numbers(numbers(&labels), numbers(&answers));
        (features.clone(), Answers::of_classes(&labels, &answers, 3), quantities)
    };
    let (before, after) = (side(0.1), side(0.3));
    let classes = split(&(before.0.clone(), before.1), &(after.0.clone(), after.1));
    assert!((classes.parts.scoring.value - 0.2).abs() < 0.03, "{:?}", classes.parts);
    assert!(classes.parts.mix.value.abs() < 0.02 && classes.parts.concept.value.abs() < 0.02, "{:?}", classes.parts);
    let quantities = split(&(before.0, before.2), &(after.0, after.2));
    // A wrong answer is off by 1, 1 or 2: a mean square of 2.
    assert!((quantities.parts.scoring.value - 0.4).abs() < 0.06, "{:?}", quantities.parts);
    assert!(quantities.parts.concept.value.abs() < 0.02, "{:?}", quantities.parts);
}

#[test]
fn sides_that_do_not_overlap_are_seen() {
    let far = World { second: 1.0, ..BEFORE };
    let near = World { second: 0.0, ..BEFORE };
    let overlap = Overlap::measure([&near.draw(3_000, 1).0, &far.draw(3_000, 2).0], 3);
    assert!(overlap.auc > 0.99, "{}", overlap.auc);
    let same = Overlap::measure([&near.draw(3_000, 1).0, &near.draw(3_000, 2).0], 3);
    assert!((same.auc - 0.5).abs() < 0.05 && same.effective[0] > 0.9, "{} {:?}", same.auc, same.effective);
}

#[test]
fn rows_that_lost_an_input_cost_what_their_answers_are_worse_by() {
    // Of a third of the rows after, the group is not known to the system any more: it answers no.
    let before = BEFORE.draw(9_000, 11);
    let whole = BEFORE.draw(6_000, 12);
    let broken = World { answer: [0.0, 0.0], ..BEFORE }.draw(3_000, 13);
    let side = |(features, answers)| Side { features, answers };
    let sides = [side((&before.0, &before.1)), side((&whole.0, &whole.1))];
    let lost = Broken { rows: side((&broken.0, &broken.1)), lost: &[0] };
    let compared = Compared { sides, broken: Some(lost), lost_knowledge: false };
    let overlap = Overlap::measure(sides.map(|side| side.features), 7);
    let found = Split::of(&compared, &Models::fit(&compared, 7), &overlap);
    // By hand, a third of the rows has the loss 0.5 x 0.1 + 0.5 x 0.8 = 0.45 instead of 0.15.
    assert!((found.parts.scoring.value - 0.1).abs() < 0.02, "{:?}", found.parts);
    let rest = [found.parts.mix, found.parts.concept, found.parts.unexplained];
    assert!(rest.iter().all(|part| part.value.abs() < 4.0 * part.error.max(1e-3)), "{:?}", found.parts);
    let sum = found.parts.scoring.value + rest.iter().map(|part| part.value).sum::<f64>();
    assert!((sum - found.rise.value).abs() < 1e-9, "{found:?}");
    let [_, of_broken] = &found.scoring_of_row;
    assert!((of_broken.iter().sum::<f64>() / 9_000.0 - 0.1).abs() < 0.02);
}
