//! The two sides a chart sets against each other, and their fixed colours.

use domain::plot::format;

use super::frame::Key;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pair {
    /// Train is always blue, serve always orange.
    #[default]
    TrainServe,
    /// Rows that were marked, against all others.
    RestSelected,
}

impl Pair {
    /// The CSS classes of the reference and of the current side.
    pub fn classes(self) -> [&'static str; 2] {
        match self {
            Pair::TrainServe => ["train", "serve"],
            Pair::RestSelected => ["rest", "selected"],
        }
    }

    pub fn names(self) -> [&'static str; 2] {
        match self {
            Pair::TrainServe => ["train", "serve"],
            Pair::RestSelected => ["the rest", "the selection"],
        }
    }

    /// The keys of both sides with their numbers of rows.
    pub fn keys(self, rows: [u64; 2]) -> Vec<Key> {
        let [reference, current] = self.names();
        let [first, second] = self.classes();
        vec![
            Key { class: first, text: format!("{reference} {}", format::count(rows[0])) },
            Key { class: second, text: format!("{current} {}", format::count(rows[1])) },
        ]
    }
}
