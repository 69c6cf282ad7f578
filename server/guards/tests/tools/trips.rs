//! A small table of trips, as profiles for the guard and as CSV for the tools.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use domain::Guard;
use domain::measurements::Measurements;
use domain::profile::{CategoryProfile, ColumnProfile, NumericProfile, Profile, TextProfile};
use domain::snapshot::{ColumnKind, ColumnRole, Roles, SnapshotRole};
use stats::quantiles::{mean, standard_deviation};
use stats::rng::Rng;
use stats::testing::{exponential, normal};

/// What is wrong with a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// The distance is in metres.
    Unit,
    /// One city is written in another way.
    Category,
    /// One duration in four is missing.
    Missing,
}

impl Fault {
    pub const ALL: [Fault; 3] = [Fault::Unit, Fault::Category, Fault::Missing];

    /// The column that it is in, by the beginning of its name.
    pub fn column(self) -> &'static str {
        match self {
            Fault::Unit => "distance",
            Fault::Category => "city",
            Fault::Missing => "duration",
        }
    }
}

/// A name and values that must reach the tools as they are: were one of them read in another way, a clean batch would fail.
const DISTANCE: &str = "distance {{ 7 * 7 }} 'km' #1 -- %";
const CITIES: [&str; 8] =
    ["Oslo", "Turku", "O'Fallon, \"MO\"", "{{ 7 * 7 }}", "{% raw %}", "a\\nb", "#: - é€😀", "null' or 1 = 1 --"];

pub struct Trips {
    distance: Vec<f64>,
    duration: Vec<Option<f64>>,
    passengers: Vec<f64>,
    city: Vec<String>,
    paid: Vec<f64>,
}

pub fn trips(seed: u64, rows: usize, fault: Option<Fault>) -> Trips {
    let mut rng = Rng::new(seed);
    let mut trips = Trips { distance: vec![], duration: vec![], passengers: vec![], city: vec![], paid: vec![] };
    for row in 0..rows {
        let distance = (exponential(&mut rng) * 5.0 * 1e3).round() / 1e3 + 0.3;
        let duration = ((12.0 + 3.0 * normal(&mut rng)) * 1e2).round() / 1e2;
        let city = CITIES[rng.below(CITIES.len())];
        trips.distance.push(if fault == Some(Fault::Unit) { distance * 1_000.0 } else { distance });
        let is_gone = rng.next_f64() < 0.02 || fault == Some(Fault::Missing) && row % 4 == 0;
        trips.duration.push((!is_gone).then_some(duration));
        trips.passengers.push((1.0 + rng.next_f64() * 4.0).floor());
        let is_other = fault == Some(Fault::Category) && city == "Turku";
        trips.city.push(if is_other { "TURKU".to_owned() } else { city.to_owned() });
        trips.paid.push(f64::from(u8::from(rng.next_f64() < 0.4)));
    }
    trips
}

impl Trips {
    pub fn csv(&self) -> String {
        let mut out = format!("{DISTANCE},duration,passengers,city,paid\n");
        for row in 0..self.distance.len() {
            let duration = self.duration[row].map(|value| value.to_string()).unwrap_or_default();
            let city = self.city[row].replace('"', "\"\"");
            let (distance, passengers, paid) = (self.distance[row], self.passengers[row], self.paid[row]);
            let _ = writeln!(out, "{distance},{duration},{passengers},\"{city}\",{paid}");
        }
        out
    }

    fn profile(&self) -> Profile {
        let all = |values: &[f64]| values.iter().copied().map(Some).collect::<Vec<_>>();
        let columns = vec![
            numbers(DISTANCE, 0, &all(&self.distance)),
            numbers("duration", 1, &self.duration),
            numbers("passengers", 2, &all(&self.passengers)),
            words("city", 3, &self.city),
            numbers("paid", 4, &all(&self.paid)),
        ];
        let rows = self.distance.len() as u64;
        Profile { key: String::new(), rows, sampled_rows: rows, duplicate_rows: 0, columns }
    }
}

fn column(name: &str, position: usize, kind: ColumnKind, rows: usize) -> ColumnProfile {
    ColumnProfile {
        name: name.into(),
        position,
        kind,
        stored_type: "Float64".into(),
        rows: rows as u64,
        nulls: 0,
        null_spellings: Vec::new(),
        distinct: 0,
        numeric: None,
        categories: None,
        text: None,
        time: None,
    }
}

fn numbers(name: &str, position: usize, values: &[Option<f64>]) -> ColumnProfile {
    let mut sorted: Vec<f64> = values.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let numeric = NumericProfile {
        finite: sorted.len() as u64,
        nan: 0,
        positive_infinity: 0,
        negative_infinity: 0,
        zeros: 0,
        negatives: 0,
        min: sorted.first().copied().unwrap_or(f64::NAN),
        max: sorted.last().copied().unwrap_or(f64::NAN),
        mean: mean(&sorted),
        std: standard_deviation(&sorted),
        integers: sorted.iter().all(|value| value.fract() == 0.0),
        decimals: 3,
        sorted,
        modes: Vec::new(),
    };
    let nulls = values.iter().filter(|value| value.is_none()).count() as u64;
    ColumnProfile { nulls, numeric: Some(numeric), ..column(name, position, ColumnKind::Numeric, values.len()) }
}

fn words(name: &str, position: usize, values: &[String]) -> ColumnProfile {
    let different: BTreeSet<&String> = values.iter().collect();
    let rows_of = |value: &String| values.iter().filter(|one| *one == value).count() as u64;
    let counts: Vec<(String, u64)> = different.iter().map(|value| ((*value).clone(), rows_of(value))).collect();
    let text = TextProfile {
        min_length: 4,
        max_length: 20,
        mean_length: 6.0,
        blank: 0,
        numeric_like: 0,
        sorted_lengths: Vec::new(),
        patterns: Vec::new(),
    };
    ColumnProfile {
        distinct: counts.len() as u64,
        categories: Some(CategoryProfile { counts, other: 0 }),
        text: Some(text),
        ..column(name, position, ColumnKind::Categorical, values.len())
    }
}

/// The guard of train against serve; `paid` is the label.
pub fn guard(train: &Trips, serve: &Trips) -> Guard {
    let profiles = BTreeMap::from([(SnapshotRole::Train, train.profile()), (SnapshotRole::Serve, serve.profile())]);
    let roles = Roles::from([(ColumnRole::Label, "paid")]);
    let measurements = Measurements { roles, profiles, ..Measurements::default() };
    let guard = checks::guards::guard(&measurements, &[]);
    Guard { title: "Fares in March".into(), investigation: "0198".into(), ..guard }
}
