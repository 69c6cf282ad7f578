//! Which runs are drawn next to the chosen ones, as an address says it and the ticks of a form send it.

use crate::selection::{escape, unescape};

/// The names of the parameters: of evaluation runs, and of learning curves.
pub const DRAWN: &str = "drawn";
pub const CURVES: &str = "curves";

/// What a form sends before its ticks, so that no tick at all is said too.
pub const CHOSEN: &str = "chosen";
const ALL: &str = "all";

/// Runs by their names. Those that are chosen are drawn in any case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Ticked {
    #[default]
    All,
    These(Vec<String>),
}

impl Ticked {
    /// Reads what [`Ticked::to_text`] wrote; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Ticked> {
        let mut parts = text.split(';');
        match parts.next()? {
            ALL => Some(Ticked::All),
            CHOSEN => Some(Ticked::These(parts.filter_map(unescape).collect())),
            _ => None,
        }
    }

    /// Reads the values of a parameter that stands several times in an address, as a form without a script writes it.
    pub fn from_values(values: &[String]) -> Option<Ticked> {
        Ticked::from_text(&values.join(";"))
    }

    /// `all`, or `chosen;test of b.csv;val of c.csv`.
    pub fn to_text(&self) -> String {
        match self {
            Ticked::All => ALL.to_owned(),
            Ticked::These(names) => {
                let names = names.iter().map(|name| Ticked::value(name));
                [CHOSEN.to_owned()].into_iter().chain(names).collect::<Vec<_>>().join(";")
            }
        }
    }

    /// What the tick of a run sends.
    pub fn value(name: &str) -> String {
        escape(name)
    }

    /// Whether it is drawn, for each of these names; where more are ticked than have room, the last ones are.
    pub fn of(&self, names: &[String], room: usize) -> Vec<bool> {
        let is_ticked = |name: &String| match self {
            Ticked::All => true,
            Ticked::These(ticked) => ticked.contains(name),
        };
        let mut surplus = names.iter().filter(|name| is_ticked(name)).count().saturating_sub(room);
        let is_drawn = |name: &String| {
            let is_surplus = is_ticked(name) && surplus > 0;
            surplus -= usize::from(is_surplus);
            is_ticked(name) && !is_surplus
        };
        names.iter().map(is_drawn).collect()
    }

    /// How many of these names are ticked, drawn or not.
    pub fn count(&self, names: &[String]) -> usize {
        self.of(names, usize::MAX).into_iter().filter(|is_drawn| *is_drawn).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn an_address_brings_back_the_same_ticks() {
        let hostile = Ticked::These(names(&["all", "test of a;b!~.csv", "chosen"]));
        for ticked in [Ticked::All, Ticked::These(Vec::new()), hostile] {
            assert_eq!(Ticked::from_text(&ticked.to_text()), Some(ticked));
        }
        assert_eq!(Ticked::from_text("test of a.csv"), None);
    }

    #[test]
    fn a_form_sends_its_ticks_one_by_one() {
        let sent = names(&["chosen", &Ticked::value("test of a;b.csv"), "val of c.csv"]);
        assert_eq!(Ticked::from_values(&sent), Some(Ticked::These(names(&["test of a;b.csv", "val of c.csv"]))));
        assert_eq!(Ticked::from_values(&names(&["chosen"])), Some(Ticked::These(Vec::new())));
    }

    #[test]
    fn of_more_than_have_room_the_last_are_drawn() {
        let all = names(&["a", "b", "c", "d"]);
        assert_eq!(Ticked::All.of(&all, 2), [false, false, true, true]);
        assert_eq!(Ticked::These(names(&["b", "a"])).of(&all, 2), [true, true, false, false]);
        assert_eq!(Ticked::These(names(&["b", "a"])).of(&all, 1), [false, true, false, false]);
        assert_eq!(Ticked::These(names(&["b", "gone"])).count(&all), 1);
    }
}
