//! Columns cut into groups of rows that can be named: the values of a category, the quartiles of a number.

use std::collections::HashMap;

use domain::selection::{Condition, Test, UpperEnd};
use polars::prelude::{DataType, Series};

/// Numbers with more different values are cut at their quartiles, categories beyond it are not named.
const MOST_GROUPS: usize = 12;

/// Rows of a column with one value or in one range.
pub(super) struct Group {
    /// Such as `age < 30`.
    pub description: String,
    pub test: Test,
}

/// A column cut into groups: of each row the index of its group.
pub(super) struct Grouped {
    pub name: String,
    pub groups: Vec<Group>,
    pub of_rows: Vec<Option<u16>>,
}

impl Grouped {
    /// `None` for columns that have no groups, or only one.
    pub fn of(column: &Series, rows: &[usize]) -> Option<Self> {
        let name = column.name().to_string();
        let (mut groups, mut of_rows) = match column.dtype() {
            DataType::Float64 | DataType::Int64 => by_number(&name, column, rows)?,
            DataType::String | DataType::Boolean => by_word(&name, &crate::values::words(column)?, rows)?,
            _ => return None,
        };
        if of_rows.contains(&None) && !matches!(column.null_count(), 0) {
            let missing = groups.len() as u16;
            for (group, &row) in of_rows.iter_mut().zip(rows) {
                if column.get(row).is_ok_and(|value| value.is_null()) {
                    *group = Some(missing);
                }
            }
            groups.push(Group { description: format!("{name} is missing"), test: Test::Missing });
        }
        (groups.len() > 1).then_some(Self { name, groups, of_rows })
    }

    pub fn condition(&self, group: &Group) -> Condition {
        Condition::on_column(&self.name, group.test.clone())
    }
}

type Groups = (Vec<Group>, Vec<Option<u16>>);

fn by_number(name: &str, column: &Series, rows: &[usize]) -> Option<Groups> {
    let all = crate::evaluation::run::columns::numbers(column)?;
    let values: Vec<Option<f64>> = rows.iter().map(|&row| all[row]).collect();
    let mut sorted: Vec<f64> = values.iter().flatten().copied().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    if distinct.len() <= MOST_GROUPS {
        return by_value(name, &values, &distinct);
    }
    let quartile = |share: usize| sorted[(sorted.len() * share / 4).min(sorted.len() - 1)];
    let mut edges = vec![quartile(1), quartile(2), quartile(3)];
    edges.dedup();
    let range = |from: f64, to: f64, description: String| Group {
        description,
        test: Test::Range { from, to, upper: UpperEnd::Excluded },
    };
    let mut groups = vec![range(f64::MIN, edges[0], format!("{name} < {}", short(edges[0])))];
    groups.extend(
        edges.windows(2).map(|two| range(two[0], two[1], format!("{} ≤ {name} < {}", short(two[0]), short(two[1])))),
    );
    let last = edges[edges.len() - 1];
    let test = Test::Range { from: last, to: f64::MAX, upper: UpperEnd::Included };
    groups.push(Group { description: format!("{name} ≥ {}", short(last)), test });
    let group = |number: f64| edges.partition_point(|edge| *edge <= number) as u16;
    Some((groups, values.into_iter().map(|value| value.map(group)).collect()))
}

/// Each of a few numbers is a group, unless nearly every row has a number of its own.
fn by_value(name: &str, values: &[Option<f64>], distinct: &[f64]) -> Option<Groups> {
    if distinct.len() * 2 > values.len() {
        return None;
    }
    let group = |value: &f64| Group {
        description: format!("{name} = {value}"),
        test: Test::Range { from: *value, to: *value, upper: UpperEnd::Included },
    };
    let place = |value: f64| distinct.iter().position(|one| *one == value).map(|at| at as u16);
    Some((distinct.iter().map(group).collect(), values.iter().map(|value| value.and_then(place)).collect()))
}

/// The most frequent words each make a group, the others none. Columns of which nearly every word is different (text,
/// identifiers) make no groups.
fn by_word(name: &str, all: &[Option<String>], rows: &[usize]) -> Option<Groups> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in rows.iter().filter_map(|&row| all[row].as_deref()) {
        *counts.entry(word).or_default() += 1;
    }
    if counts.len() * 2 > rows.len() {
        return None;
    }
    let mut frequent: Vec<(&str, usize)> = counts.into_iter().collect();
    frequent.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    frequent.truncate(MOST_GROUPS);
    let place: HashMap<&str, u16> = frequent.iter().enumerate().map(|(at, (word, _))| (*word, at as u16)).collect();
    let groups = rows.iter().map(|&row| all[row].as_deref().and_then(|word| place.get(word).copied())).collect();
    let group =
        |word: &str| Group { description: format!("{name} = {word}"), test: Test::OneOf(vec![word.to_owned()]) };
    Some((frequent.iter().map(|(word, _)| group(word)).collect(), groups))
}

/// Four significant digits.
fn short(number: f64) -> String {
    let rounded: f64 = format!("{number:.3e}").parse().unwrap_or(number);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::NamedFrom;

    #[test]
    fn groups_have_a_condition_that_selects_their_rows() {
        let numbers: Vec<f64> = (0..100).map(|row| f64::from(row) / 3.0).collect();
        let column = Series::new("age".into(), numbers.clone());
        let rows: Vec<usize> = (0..100).collect();
        let grouped = Grouped::of(&column, &rows).expect("it has quartiles");
        assert_eq!(grouped.groups.len(), 4);
        for (row, number) in numbers.iter().enumerate() {
            let group = &grouped.groups[usize::from(grouped.of_rows[row].expect("every row has a group"))];
            assert!(group.test.accepts_number(*number), "{number} is in {}", group.description);
        }
    }

    #[test]
    fn a_few_numbers_are_groups_of_their_own() {
        let column = Series::new("rooms".into(), [1_i64, 2, 3].repeat(10));
        let grouped = Grouped::of(&column, &(0..30).collect::<Vec<_>>()).expect("it has values");
        let descriptions: Vec<&str> = grouped.groups.iter().map(|group| group.description.as_str()).collect();
        assert_eq!(descriptions, ["rooms = 1", "rooms = 2", "rooms = 3"]);
        assert!(grouped.groups[1].test.accepts_number(2.0));
    }
}
