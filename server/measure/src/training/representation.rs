//! Groups of rows that serving sees more often than train had them: values and bands of single features, and pairs.

use std::collections::{BTreeMap, HashMap};

use domain::measurements::coverage::{CoverageMeasures, Group, GroupPart};
use domain::{ColumnRole, Problem, Roles};
use polars::prelude::Series;
use rayon::prelude::*;
use stats::intervals::Share;
use stats::quantiles::quantile;

use crate::sample::Sample;
use crate::values::{codes, numbers, words};

/// Rows a side that are counted.
const ROWS: usize = 20_000;
/// With fewer rows a side a share says little.
const FEWEST_ROWS: u64 = 200;
/// Features that are grouped: the ones that go most with the label, where there are more.
pub(crate) const FEATURES: usize = 12;
/// A feature with more different values is cut into bands, if it holds numbers, or left out.
const VALUES: usize = 20;
/// Bands of a number, of equal numbers of serve rows.
const BANDS: usize = 8;
/// Groups told, of those that are rarer in train.
const TOLD: usize = 100;

/// Counts the groups on both sides. `None` with too few rows, or without a feature that both have.
///
/// # Errors
/// When the samples can't be thinned out, which can't be.
pub fn representation(
    train: &Sample,
    serve: &Sample,
    roles: &Roles,
    importance: &BTreeMap<String, f64>,
) -> Result<Option<CoverageMeasures>, Problem> {
    if train.rows.min(serve.rows) < FEWEST_ROWS {
        return Ok(None);
    }
    let (train, serve) = (train.thinned(ROWS, "coverage train")?, serve.thinned(ROWS, "coverage serve")?);
    let mut names: Vec<&str> = train
        .frame
        .columns()
        .iter()
        .filter(|column| roles.of(column.name()) == ColumnRole::Feature)
        .map(|column| column.name().as_str())
        .collect();
    let weight = |name: &str| importance.get(name).copied().unwrap_or(0.0);
    names.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let grouped: Vec<Grouped> = names
        .into_iter()
        .filter_map(|name| Grouped::of(name, train.column(name)?, serve.column(name)?))
        .take(FEATURES)
        .collect();
    if grouped.is_empty() {
        return Ok(None);
    }
    let mut measured = CoverageMeasures::default();
    for column in &grouped {
        measured.groups += column.groups.len() as u64;
        let single = |place: usize| {
            let (part, share) = column.part(place);
            Group { train: part.train, serve: share, parts: vec![part] }
        };
        measured.rarer.extend((0..column.groups.len()).map(single).filter(is_rarer));
    }
    let pairs: Vec<(&Grouped, &Grouped)> =
        grouped.iter().enumerate().flat_map(|(place, a)| grouped[place + 1..].iter().map(move |b| (a, b))).collect();
    let of_pairs: Vec<(u64, Vec<Group>)> = pairs.into_par_iter().map(|(a, b)| of_pair(a, b)).collect();
    for (groups, rarer) in of_pairs {
        measured.groups += groups;
        measured.rarer.extend(rarer);
    }
    measured.rarer.sort_by(|a, b| ratio(b).total_cmp(&ratio(a)));
    measured.rarer.truncate(TOLD);
    Ok(Some(measured))
}

/// A column of which each row is in one group, or in none.
struct Grouped {
    name: String,
    /// The groups in words, with their rows in train and at serving.
    groups: Vec<(String, u64, u64)>,
    train: Vec<Option<u32>>,
    serve: Vec<Option<u32>>,
}

impl Grouped {
    fn of(name: &str, train: &Series, serve: &Series) -> Option<Self> {
        if train.dtype() != serve.dtype() {
            return None;
        }
        let few = codes(train, VALUES).is_some() && codes(serve, VALUES).is_some();
        if few { Self::by_value(name, train, serve) } else { Self::by_band(name, train, serve) }
    }

    fn by_value(name: &str, train: &Series, serve: &Series) -> Option<Self> {
        let (train, serve) = (words(train)?, words(serve)?);
        let mut places: HashMap<&str, u32> = HashMap::new();
        let mut groups: Vec<String> = Vec::new();
        for word in train.iter().chain(&serve).flatten() {
            places.entry(word).or_insert_with(|| {
                groups.push(format!("“{word}”"));
                groups.len() as u32 - 1
            });
        }
        let place = |words: &[Option<String>]| -> Vec<Option<u32>> {
            words.iter().map(|word| places.get(word.as_ref()?.as_str()).copied()).collect()
        };
        Some(Self::counted(name, groups, place(&train), place(&serve)))
    }

    fn by_band(name: &str, train: &Series, serve: &Series) -> Option<Self> {
        let (train, serve) = (numbers(train)?, numbers(serve)?);
        let mut sorted: Vec<f64> = serve.iter().flatten().copied().filter(|value| value.is_finite()).collect();
        if sorted.len() < FEWEST_ROWS as usize {
            return None;
        }
        sorted.sort_unstable_by(f64::total_cmp);
        let mut edges: Vec<f64> = (1..BANDS).map(|band| quantile(&sorted, band as f64 / BANDS as f64)).collect();
        edges.dedup();
        let place = |values: &[Option<f64>]| -> Vec<Option<u32>> {
            let band = |value: &Option<f64>| {
                let value = value.filter(|value| value.is_finite())?;
                Some(edges.partition_point(|edge| *edge <= value) as u32)
            };
            values.iter().map(band).collect()
        };
        let (placed_train, placed_serve) = (place(&train), place(&serve));
        let words = domain::plot::format::number;
        let groups = (0..=edges.len())
            .map(|band| match (band.checked_sub(1).map(|below| edges[below]), edges.get(band)) {
                (None, None) => "of any value".to_owned(),
                (None, Some(high)) => format!("under {}", words(*high)),
                (Some(low), None) => format!("from {} on", words(low)),
                (Some(low), Some(high)) => format!("from {} to {}", words(low), words(*high)),
            })
            .collect();
        Some(Self::counted(name, groups, placed_train, placed_serve))
    }

    fn counted(name: &str, groups: Vec<String>, train: Vec<Option<u32>>, serve: Vec<Option<u32>>) -> Self {
        let mut groups: Vec<(String, u64, u64)> = groups.into_iter().map(|group| (group, 0, 0)).collect();
        train.iter().flatten().for_each(|group| groups[*group as usize].1 += 1);
        serve.iter().flatten().for_each(|group| groups[*group as usize].2 += 1);
        Self { name: name.to_owned(), groups, train, serve }
    }

    /// A group of this column with its shares; the second one is that at serving.
    fn part(&self, place: usize) -> (GroupPart, Share) {
        let (value, train, serve) = &self.groups[place];
        let (train, serve) = (Share::new(*train, self.train.len() as u64), Share::new(*serve, self.serve.len() as u64));
        (GroupPart { column: self.name.clone(), value: value.clone(), train, serve }, serve)
    }
}

fn of_pair(a: &Grouped, b: &Grouped) -> (u64, Vec<Group>) {
    let across = b.groups.len();
    let count = |first: &[Option<u32>], second: &[Option<u32>]| {
        let mut counts = vec![0_u64; a.groups.len() * across];
        for (first, second) in first.iter().zip(second) {
            if let (Some(first), Some(second)) = (first, second) {
                counts[*first as usize * across + *second as usize] += 1;
            }
        }
        counts
    };
    let (train, serve) = (count(&a.train, &b.train), count(&a.serve, &b.serve));
    let (n, m) = (a.train.len() as u64, a.serve.len() as u64);
    let rarer = train
        .iter()
        .zip(&serve)
        .enumerate()
        .filter_map(|(place, (before, after))| {
            let group = Group { parts: Vec::new(), train: Share::new(*before, n), serve: Share::new(*after, m) };
            let parts = || vec![a.part(place / across).0, b.part(place % across).0];
            is_rarer(&group).then(|| Group { parts: parts(), ..group })
        })
        .collect();
    (train.len() as u64, rarer)
}

/// At least one serve row in a hundred, and twice as frequent as in train.
fn is_rarer(group: &Group) -> bool {
    group.serve.value() >= 0.01 && ratio(group) >= 2.0
}

fn ratio(group: &Group) -> f64 {
    group.serve.value() / ((group.train.hits as f64 + 0.5) / group.train.n as f64)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::NamedFrom;
    use stats::rng::Rng;

    use super::*;

    /// City and plan are drawn independently, but for the share of rows that are Oslo and pro at once.
    fn side(seed: u64, rows: usize, both: f64) -> Sample {
        let mut rng = Rng::new(seed);
        let (mut city, mut plan, mut age) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rows {
            let together = rng.next_f64() < both;
            let (first, second) = (rng.next_f64() < 0.3, rng.next_f64() < 0.3);
            city.push(if together || (first && !second) { "Oslo" } else { "Bergen" });
            plan.push(if together || (second && !first) { "pro" } else { "free" });
            age.push(20.0 + 50.0 * rng.next_f64());
        }
        let columns =
            vec![Series::new("city".into(), city), Series::new("plan".into(), plan), Series::new("age".into(), age)];
        Sample::new(columns, rows).unwrap()
    }

    fn measured(train: &Sample, serve: &Sample) -> CoverageMeasures {
        representation(train, serve, &Roles::default(), &BTreeMap::new()).unwrap().unwrap()
    }

    #[test]
    fn a_pair_that_train_hardly_had_is_counted_with_its_parts() {
        let found = measured(&side(1, 3_000, 0.005), &side(2, 2_000, 0.1));
        // Two cities, two plans, eight bands; 2 x 2 + 2 x 8 + 2 x 8 pairs.
        assert_eq!(found.groups, 2 + 2 + 8 + 4 + 16 + 16);
        let pair = found.rarer.iter().find(|group| {
            group.parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>() == ["“Oslo”", "“pro”"]
        });
        let pair = pair.unwrap();
        assert_eq!((pair.train.n, pair.serve.n), (3_000, 2_000));
        assert!(pair.train.hits < 40 && pair.serve.hits > 150, "{pair:?}");
        assert!(pair.parts.iter().all(|part| part.train.hits > 500));
    }

    #[test]
    fn one_population_has_no_rare_group_and_few_rows_are_not_counted() {
        for seed in 0..10 {
            let found = measured(&side(seed, 3_000, 0.1), &side(seed + 50, 2_000, 0.1));
            assert!(found.rarer.is_empty(), "{:?}", found.rarer);
        }
        let few = side(1, 150, 0.1);
        assert_eq!(representation(&few, &few, &Roles::default(), &BTreeMap::new()).unwrap(), None);
    }
}
