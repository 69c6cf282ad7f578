//! Two number columns that exchanged their values in a part of the rows: each is then a mixture of both.

use super::DETECTOR;
use crate::detectors::affine::chance_distance;
use crate::detectors::sides::Pair;
use crate::detectors::words::{name, number, percent};
use crate::thresholds::{
    CERTAINTY, COLUMN_SWAP_APART, COLUMN_SWAP_LEFT_SHARE, COLUMN_SWAP_PART, COLUMN_SWAP_SHARES, SMALLEST_SAMPLE,
};
use domain::finding::{Certainty, Effect};
use domain::{Cause, Finding, Verdict};
use stats::quantiles::{ecdf, quantile};
use stats::two_sample::{ks_pvalue_asymp, ks_statistic};

/// Columns that differ most are tried first; every two have to be compared.
const MOST_CANDIDATES: usize = 40;
/// The distributions are compared at so many quantiles of each column.
const LEVELS: usize = 100;

/// The exchanges among these features, without the columns that are exchanged altogether.
pub fn exchanges(features: &[Pair], whole: &[Finding]) -> Vec<Finding> {
    let candidates = candidates(features, whole);
    let tried = (candidates.len() * candidates.len().saturating_sub(1) / 2) as f64;
    let mut found: Vec<Exchange> = (0..candidates.len())
        .flat_map(|one| (one + 1..candidates.len()).map(move |other| (one, other)))
        .filter_map(|(one, other)| Exchange::between(candidates[one], candidates[other]))
        .filter(|exchange| exchange.p() * tried < CERTAINTY)
        .collect();
    found.sort_by(|a, b| a.left().total_cmp(&b.left()));
    // A column takes part in one exchange, the one that explains it best.
    let mut taken: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    for exchange in &found {
        if exchange.columns().iter().all(|column| !taken.contains(column)) {
            taken.extend(exchange.columns());
            findings.push(exchange.finding(tried));
        }
    }
    findings
}

/// Number columns with enough rows that differ from training by more than chance, each with its distance, most different
/// first.
fn candidates<'a>(features: &[Pair<'a>], whole: &[Finding]) -> Vec<(f64, Pair<'a>)> {
    let is_taken = |pair: &Pair| whole.iter().any(|finding| finding.columns.iter().any(|column| column == pair.name));
    let distance = |pair: &Pair<'a>| {
        let (train, serve) = pair.numeric()?;
        let enough = train.sorted.len().min(serve.sorted.len()) as f64 >= SMALLEST_SAMPLE;
        let distance = ks_statistic(&train.sorted, &serve.sorted)?;
        (enough && distance > chance_distance(train.sorted.len(), serve.sorted.len())).then_some(distance)
    };
    let open = features.iter().filter(|pair| !is_taken(pair));
    let mut candidates: Vec<(f64, Pair)> = open.filter_map(|pair| Some((distance(pair)?, *pair))).collect();
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.train.position.cmp(&b.1.train.position)));
    candidates.truncate(MOST_CANDIDATES);
    candidates
}

/// A sample as a mixture of two populations.
struct Mixture {
    /// Of the other one.
    share: f64,
    /// Kolmogorov's distance from its own population.
    before: f64,
    /// From the mixture.
    left: f64,
    rows: [usize; 2],
}

impl Mixture {
    /// The share by least squares, `F_sample - F_own = share (F_other - F_own)`, at quantiles of both populations. All
    /// ascending; `before` is the distance of the sample from its own population. `None` where the populations are too close to tell.
    fn of(sample: &[f64], own: &[f64], before: f64, other: &[f64]) -> Option<Self> {
        let levels = (0..LEVELS).map(|level| (level as f64 + 0.5) / LEVELS as f64);
        let places = levels.flat_map(|level| [quantile(own, level), quantile(other, level)]);
        let moved: Vec<(f64, f64)> = places
            .map(|value| (ecdf(sample, value) - ecdf(own, value), ecdf(other, value) - ecdf(own, value)))
            .collect();
        let apart = moved.iter().map(|(_, apart)| apart.abs()).fold(0.0, f64::max);
        let along: f64 = moved.iter().map(|(moved, apart)| moved * apart).sum();
        let share = along / moved.iter().map(|(_, apart)| apart * apart).sum::<f64>();
        let left = moved.iter().map(|(moved, apart)| (moved - share * apart).abs()).fold(0.0, f64::max);
        (apart >= COLUMN_SWAP_APART).then_some(Self { share, before, left, rows: [own.len(), sample.len()] })
    }

    /// Whether it is more than chance and what remains is not.
    fn fits(&self) -> bool {
        let by_chance = chance_distance(self.rows[0], self.rows[1]);
        self.before > by_chance
            && self.left <= by_chance.max(COLUMN_SWAP_LEFT_SHARE * self.before)
            && self.left <= self.before / 2.0
    }
}

/// Two columns that are mixtures of each other.
struct Exchange<'a> {
    columns: [Pair<'a>; 2],
    mixtures: [Mixture; 2],
}

impl<'a> Exchange<'a> {
    /// `None` unless both columns hold about the same share of the other's values.
    fn between((before, one): (f64, Pair<'a>), (before_of_other, other): (f64, Pair<'a>)) -> Option<Self> {
        let ((train, serve), (train_of_other, serve_of_other)) = (one.numeric()?, other.numeric()?);
        let mixtures = [
            Mixture::of(&serve.sorted, &train.sorted, before, &train_of_other.sorted)?,
            Mixture::of(&serve_of_other.sorted, &train_of_other.sorted, before_of_other, &train.sorted)?,
        ];
        let [low, high] = match [mixtures[0].share, mixtures[1].share] {
            [a, b] if a <= b => [a, b],
            [a, b] => [b, a],
        };
        let is_part = low >= COLUMN_SWAP_PART && high <= 1.0 - COLUMN_SWAP_PART;
        // Each share varies with the rows that were drawn.
        let scatter =
            mixtures.iter().map(|mixture| mixture.rows.map(|n| 1.0 / n as f64).iter().sum::<f64>()).sum::<f64>();
        let alike = high - low <= (COLUMN_SWAP_SHARES * high).max(2.0 * scatter.sqrt());
        (is_part && alike && mixtures.iter().all(Mixture::fits)).then_some(Self { columns: [one, other], mixtures })
    }

    fn columns(&self) -> [&'a str; 2] {
        self.columns.map(|pair| pair.name)
    }

    /// The chance that the less certain of both differs from its training values.
    fn p(&self) -> f64 {
        let p = |mixture: &Mixture| ks_pvalue_asymp(mixture.before, mixture.rows[0], mixture.rows[1]);
        self.mixtures.iter().map(p).fold(0.0, f64::max)
    }

    /// What remains, of what there was.
    fn left(&self) -> f64 {
        self.mixtures.iter().map(|mixture| mixture.left / mixture.before).fold(0.0, f64::max)
    }

    fn finding(&self, tried: f64) -> Finding {
        let mut columns = self.columns;
        columns.sort_by_key(|pair| pair.train.position);
        let [one, other] = columns.map(|pair| pair.name);
        let share = self.mixtures.iter().map(|mixture| mixture.share).sum::<f64>() / 2.0;
        let statement = format!(
            "{} and {} are swapped in about {} of the serve rows: each column holds values of the other there.",
            name(one),
            name(other),
            percent(share),
        );
        let effect = Effect::new("swapped_share", share, COLUMN_SWAP_PART);
        let certainty = Certainty::p((self.p() * tried).min(1.0));
        let mut finding = DETECTOR.finding(Verdict::Mismatch, &[one, other], statement, effect, certainty);
        for (pair, mixture) in self.columns.iter().zip(&self.mixtures) {
            finding = finding.with_evidence(
                format!("{} in serving", name(pair.name)),
                format!(
                    "distance {} from its own training values, {} from a mixture with {} of the other's",
                    number(mixture.before),
                    number(mixture.left),
                    percent(mixture.share),
                ),
            );
        }
        let importance = self.columns.iter().filter_map(|pair| pair.importance).reduce(f64::max);
        let [first, _] = &self.columns;
        finding
            .with_n("train", first.train.non_null())
            .with_n("serve", first.serve.non_null())
            .with_importance(importance)
            .for_cause(Cause::ColumnSwap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::sides;
    use crate::detectors::testing::{draws, exponential, measured, normal, numbers};

    /// Ages and incomes, where serving exchanged them in every `every`th row; with what both become there.
    fn told(every: usize, change: impl Fn(f64, f64) -> (f64, f64)) -> Vec<(Vec<String>, f64)> {
        let ages = |seed| draws(seed, 900, |rng| 40.0 + 9.0 * normal(rng));
        let incomes = |seed| draws(seed, 900, |rng| 30.0 + 60.0 * exponential(rng));
        let (mut age, mut income) = (ages(3), incomes(4));
        for row in (0..age.len()).filter(|row| row % every == 0) {
            (age[row], income[row]) = change(age[row], income[row]);
        }
        let train = vec![("age", numbers(ages(1))), ("income", numbers(incomes(2)))];
        let serve = vec![("age", numbers(age)), ("income", numbers(income))];
        let measured = measured(&train, &serve);
        let found = exchanges(&sides::features(&measured).unwrap_or_default(), &[]);
        found.into_iter().map(|finding| (finding.columns, finding.effect.value)).collect()
    }

    #[test]
    fn rows_in_which_two_columns_changed_places_are_seen_with_their_share() {
        for (every, share) in [(3, 1.0 / 3.0), (5, 0.2)] {
            let found = told(every, |age, income| (income, age));
            let [(columns, found)] = found.as_slice() else { panic!("{found:?}") };
            assert_eq!(columns, &["age", "income"]);
            assert!((found - share).abs() < 0.07, "{found} of {share}");
        }
    }

    #[test]
    fn one_column_with_the_values_of_the_other_and_changes_of_both_are_no_exchange() {
        assert!(told(3, |_, income| (income, income)).is_empty(), "only one holds the other's");
        assert!(told(1, |age, income| (age + 9.0, income * 1.4)).is_empty());
        assert!(told(3, |age, income| (age * 10.0, -income)).is_empty());
        assert!(told(1, |age, income| (age, income)).is_empty());
    }
}
