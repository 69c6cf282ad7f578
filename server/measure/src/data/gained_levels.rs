//! Each column of categories along time: how many rows have a value that serving has more often than training.

use std::collections::{BTreeMap, HashMap};

use domain::comparison::Side;
use domain::measurements::gained_levels::GainedChunk;
use domain::{ColumnRole, Roles};
use polars::prelude::{DataType, Series};
use rayon::prelude::*;

use super::over_time::Windows;
use crate::sample::Sample;

/// Per column of text or booleans that both samples have, the chunks of train, then those of serve, in the order of time: rows, and
/// how many of them have a gained level. A level is gained where its share of the serving sample is larger than that of the
/// training sample; the shares of all gained levels differ by the total variation distance of the two. Missing values are
/// no level. Empty without a column of times on both sides.
pub fn gained_levels(train: &Sample, serve: &Sample, roles: &Roles) -> BTreeMap<String, Vec<GainedChunk>> {
    let windows = |sample: &Sample| roles.time().and_then(|time| sample.column(time)).and_then(Windows::of);
    let (Some(before), Some(after)) = (windows(train), windows(serve)) else { return BTreeMap::new() };
    let is_asked =
        |name: &str| matches!(roles.of(name), ColumnRole::Feature | ColumnRole::Label | ColumnRole::Prediction);
    let names: Vec<&str> =
        serve.frame.columns().iter().map(|column| column.name().as_str()).filter(|name| is_asked(name)).collect();
    let of_column = |name: &str| {
        let (train, serve) = (levels(train.column(name)?)?, levels(serve.column(name)?)?);
        let gained = gained(&train, &serve);
        let mut chunks = counted(Side::Train, &before, &train, &gained);
        chunks.extend(counted(Side::Serve, &after, &serve, &gained));
        Some((name.to_owned(), chunks))
    };
    names.into_par_iter().filter_map(of_column).collect()
}

/// The level of each row.
fn levels(column: &Series) -> Option<Vec<Option<&str>>> {
    match column.dtype() {
        DataType::String => Some(column.str().ok()?.iter().collect()),
        DataType::Boolean => {
            let words = column.bool().ok()?.iter().map(|value| value.map(|value| if value { "true" } else { "false" }));
            Some(words.collect())
        }
        _ => None,
    }
}

/// For each level whether serving has it more often.
fn gained<'a>(train: &[Option<&'a str>], serve: &[Option<&'a str>]) -> HashMap<&'a str, bool> {
    let mut rows: HashMap<&str, [f64; 2]> = HashMap::new();
    for (side, levels) in [train, serve].into_iter().enumerate() {
        for level in levels.iter().flatten() {
            rows.entry(level).or_default()[side] += 1.0;
        }
    }
    let of_side = |side: usize| rows.values().map(|counts| counts[side]).sum::<f64>().max(1.0);
    let (before, after) = (of_side(0), of_side(1));
    rows.into_iter().map(|(level, [train, serve])| (level, serve / after > train / before)).collect()
}

fn counted(side: Side, windows: &Windows, levels: &[Option<&str>], gained: &HashMap<&str, bool>) -> Vec<GainedChunk> {
    let chunk = |window: super::over_time::Window<'_>| {
        let known: Vec<&str> = window.rows.iter().filter_map(|(_, row)| levels[*row]).collect();
        let hits = known.iter().filter(|level| gained.get(*level).copied().unwrap_or(false)).count();
        GainedChunk { side, from_ms: window.from_ms, to_ms: window.to_ms, n: known.len() as u64, gained: hits as u64 }
    };
    windows.each().map(chunk).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::{NamedFrom, TimeUnit};

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn sample(from: i64, city: impl Fn(i64) -> Option<&'static str>) -> Sample {
        let hours: Vec<i64> = (from..from + 240).collect();
        let time = Series::new("at".into(), hours.iter().map(|hour| hour * HOUR).collect::<Vec<i64>>())
            .into_datetime(TimeUnit::Milliseconds, None);
        let city = Series::new("city".into(), hours.iter().map(|hour| city(*hour)).collect::<Vec<_>>());
        Sample::new(vec![time, city], 240).unwrap()
    }

    #[test]
    fn rows_with_a_level_that_serving_has_more_often_are_counted_in_each_chunk() {
        let usual = |hour: i64| Some(["Oslo", "Bergen"][(hour % 2) as usize]);
        let train = sample(0, usual);
        // From the 120th hour on Oslo is written in another way, and every tenth value is missing.
        let serve = sample(1_000, |hour| match (hour >= 1_120, hour % 10) {
            (true, 0) => None,
            (true, even) if even % 2 == 0 => Some("OSLO"),
            _ => usual(hour),
        });
        let roles = Roles::from([(ColumnRole::Time, "at")]);
        let found = gained_levels(&train, &serve, &roles);
        let city = &found["city"];
        let of = |side: Side| city.iter().filter(move |chunk| chunk.side == side).map(|chunk| (chunk.n, chunk.gained));
        // Bergen is gained too: as some rows have no value, its share of the others is larger than it was.
        assert!(of(Side::Train).all(|chunk| chunk == (20, 10)), "{city:?}");
        let serve: Vec<(u64, u64)> = of(Side::Serve).collect();
        assert_eq!(serve[..6], [(20, 10); 6]);
        assert_eq!(serve[6..], [(18, 18); 6]);
        assert!(gained_levels(&train, &sample(0, usual), &Roles::default()).is_empty());
    }
}
