//! A healthy train and serve pair drawn from one table, before a fault is put into it.

use std::collections::BTreeMap;

use domain::{ColumnRole, Roles};
use stats::rng::Rng;

use crate::table::{Spread, Table, Values, shares};

/// The first of January 2024, where the made-up times begin.
const BEGIN: i64 = 1_704_067_200_000;
const DAY: i64 = 86_400_000;
/// Train covers two months and what follows it one.
const TRAIN_DAYS: i64 = 60;
const SERVE_DAYS: i64 = 30;
/// With fewer different values a numeric column is a code or a count.
const CONTINUOUS: usize = 20;
const MOST_CATEGORIES: usize = 40;

/// What is drawn apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Draw {
    /// Every row by itself.
    Rows,
    /// All rows of an entity together, so that no entity is on both sides.
    Entities,
}

/// The two sides, and the rows that neither has.
pub struct Scene {
    pub train: Table,
    /// Serve, or test where the case is about a split.
    pub later: Table,
    /// Rows that are left of the table, for other selections of what comes later.
    pub rest: Table,
    pub roles: Roles,
    pub rng: Rng,
}

impl Scene {
    /// Draws at most `rows` rows a side; a small table is halved. Answers of a model are left out: they would not follow
    /// the features that a fault changes.
    pub fn draw(table: &Table, roles: &Roles, rows: usize, draw: Draw, seed: u64) -> Scene {
        let mut rng = Rng::new(seed);
        let mut table = table.clone();
        let mut roles = roles.clone();
        for role in [ColumnRole::Prediction, ColumnRole::Score] {
            roles.columns(role).iter().for_each(|column| table.remove(column));
            roles.set(role, None);
        }
        let is_clock = |name: &str, values: &Values| matches!(values, Values::Moments(_)) && roles.time() != Some(name);
        // A second clock would contradict the new times.
        table.columns.retain(|(name, values)| !is_clock(name, values));
        let mut order: Vec<usize> = (0..table.rows).collect();
        rng.shuffle(&mut order);
        let half = table.rows / 2;
        let (first, second): (Vec<usize>, Vec<usize>) = match (draw, roles.group()) {
            (Draw::Entities, Some(group)) => by_entity(&table, group, &order),
            _ => (order[..half].to_vec(), order[half..].to_vec()),
        };
        let (train, later) = (first.len().min(rows), second.len().min(rows));
        let mut scene = Scene {
            train: table.take(&first[..train]),
            later: table.take(&second[..later]),
            rest: table.take(&second),
            roles,
            rng,
        };
        scene.number_rows();
        if scene.roles.time().is_some() {
            scene.date();
        }
        scene
    }

    /// The column with a role; where there is none, a new one gets it.
    fn named_or(&mut self, role: ColumnRole, new: &str) -> String {
        let name = self.roles.column_with(role).unwrap_or(new).to_owned();
        self.roles.set(role, Some(name.clone()));
        name
    }

    /// Numbers the rows of both sides, under the id's name or as `row_id`.
    pub fn number_rows(&mut self) {
        let id = self.named_or(ColumnRole::Id, "row_id");
        let (train, later) = (self.train.rows as i64, self.later.rows as i64);
        self.train.set(&id, Values::Whole((1..=train).map(Some).collect()));
        self.later.set(&id, Values::Whole((train + 1..=train + later).map(Some).collect()));
    }

    /// Gives every column a number in any order for a name, on both sides alike.
    pub fn rename(&mut self) {
        let mut names: Vec<String> = self.train.columns.iter().map(|(name, _)| name.clone()).collect();
        self.rng.shuffle(&mut names);
        for (place, old) in names.iter().enumerate() {
            let new = format!("v{place:02}");
            for table in [&mut self.train, &mut self.later, &mut self.rest] {
                for (name, _) in &mut table.columns {
                    if name == old {
                        name.clone_from(&new);
                    }
                }
            }
        }
        let roles = self.roles.clone();
        for (role, column) in roles.iter() {
            let place = names.iter().position(|name| name == column);
            self.roles.set(role, place.map(|place| format!("v{place:02}")));
        }
    }

    /// Gives the rows new times in their order, those of train before all others; `event_time` where there was no clock.
    pub fn date(&mut self) {
        let time = self.named_or(ColumnRole::Time, "event_time");
        let mut moments = |rows: usize, from: i64, days: i64| {
            let mut moments: Vec<i64> =
                (0..rows).map(|_| from + (self.rng.next_f64() * (days * DAY) as f64) as i64).collect();
            moments.sort_unstable();
            Values::Moments(moments.into_iter().map(Some).collect())
        };
        let train = moments(self.train.rows, BEGIN, TRAIN_DAYS);
        let later = moments(self.later.rows, BEGIN + TRAIN_DAYS * DAY, SERVE_DAYS);
        self.train.set(&time, train);
        self.later.set(&time, later);
    }

    /// What comes later is to be these rows instead.
    pub fn replace_later(&mut self, later: Table) {
        self.later = later;
        self.number_rows();
        if self.roles.time().is_some() {
            self.date();
        }
    }

    pub fn features(&self) -> impl Iterator<Item = &str> {
        let names = self.train.columns.iter().map(|(name, _)| name.as_str());
        names.filter(|name| self.roles.of(name) == ColumnRole::Feature)
    }

    /// Numeric features with many values that satisfy a condition.
    pub fn continuous(&self, is_fit: impl Fn(&Spread) -> bool) -> Vec<String> {
        let fit = |name: &&str| {
            let spread = self.train.get(name).and_then(Values::numbers).and_then(|numbers| Spread::of(&numbers));
            spread.is_some_and(|spread| spread.distinct >= CONTINUOUS && spread.std > 0.0 && is_fit(&spread))
        };
        self.features().filter(fit).map(str::to_owned).collect()
    }

    /// Features of words with at least two common values, whose shares satisfy a condition.
    pub fn categorical(&self, is_fit: impl Fn(&[(String, f64)]) -> bool) -> Vec<String> {
        let fit = |name: &&str| match self.train.get(name) {
            Some(Values::Words(words)) => {
                let shares = shares(words);
                let common = shares.iter().filter(|(_, share)| *share >= 0.05).count();
                common >= 2 && shares.len() <= MOST_CATEGORIES && is_fit(&shares)
            }
            _ => false,
        };
        self.features().filter(fit).map(str::to_owned).collect()
    }

    pub fn one_of(&mut self, mut names: Vec<String>) -> Option<String> {
        (!names.is_empty()).then(|| names.swap_remove(self.rng.below(names.len())))
    }

    /// The figures of a numeric column of train.
    pub fn spread(&self, column: &str) -> Option<Spread> {
        Spread::of(&self.train.get(column)?.numbers()?)
    }

    /// Which of `rows` rows are touched, each with the probability `rate`, at least one.
    pub fn touched(&mut self, rows: usize, rate: f64) -> Vec<bool> {
        let mut touched: Vec<bool> = (0..rows).map(|_| self.rng.next_f64() < rate).collect();
        if rows > 0 && !touched.contains(&true) {
            let row = self.rng.below(rows);
            touched[row] = true;
        }
        touched
    }

    /// Changes numbers of what comes later.
    pub fn change_numbers(&mut self, column: &str, change: impl FnMut(usize, f64) -> f64) -> Option<()> {
        changed_numbers(&mut self.later, column, change)
    }
}

/// Changes the numbers of a column row by row.
pub fn changed_numbers(table: &mut Table, column: &str, mut change: impl FnMut(usize, f64) -> f64) -> Option<()> {
    let values = table.get(column)?;
    let numbers = values.numbers()?;
    let changed = numbers.iter().enumerate().map(|(row, value)| value.map(|value| change(row, value))).collect();
    let changed = values.like(changed);
    table.set(column, changed);
    Some(())
}

fn by_entity(table: &Table, group: &str, order: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let Some(values) = table.get(group) else { return (Vec::new(), Vec::new()) };
    let names = values.words();
    let mut sides: BTreeMap<&Option<String>, bool> = BTreeMap::new();
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for &row in order {
        let is_first = *sides.entry(&names[row]).or_insert(first.len() <= second.len());
        if is_first { first.push(row) } else { second.push(row) }
    }
    (first, second)
}
