//! A search over everything that can be gone to from a page: its words, what it finds, and in which order.

mod candidates;
mod fit;

use domain::listing::SEARCH_WORDS;
use domain::reachable::Reachable;
use serde::{Deserialize, Serialize};

use crate::address::Place;
use candidates::{Candidate, all, at_rest};
use fit::fit;

/// Characters of a search that count.
const CHARACTERS: usize = 200;
/// Most hits that are shown, and most of one kind: two thousand columns must not push everything else out.
const SHOWN: usize = 24;
const SHOWN_OF_A_KIND: usize = 10;

/// What a hit is; of equal hits the kind that stands first comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    Page,
    Column,
    Finding,
    Investigation,
    Item,
    Check,
}

impl Kind {
    pub fn words(self) -> &'static str {
        match self {
            Kind::Page => "Page",
            Kind::Column => "Column",
            Kind::Finding => "Finding",
            Kind::Investigation => "Investigation",
            Kind::Item => "Checklist item",
            Kind::Check => "Check",
        }
    }
}

/// Something to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    pub kind: Kind,
    pub title: String,
    /// What tells it from others with its title.
    pub about: String,
    pub href: String,
}

/// What a search found, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hits {
    pub shown: Vec<Hit>,
    /// How many fit, shown or not.
    pub all: usize,
}

impl Hits {
    /// `12 results`, `The best 24 of 300 results`.
    pub fn count_words(&self) -> String {
        match (self.shown.len(), self.all) {
            (0, _) => "Nothing matches.".to_owned(),
            (shown, all) if shown == all => domain::number::counted(all as u64, "result"),
            (shown, all) => format!("The best {shown} of {}", domain::number::counted(all as u64, "result")),
        }
    }
}

/// The words of a search in lower case. What follows the sixth is left out, as in the list of investigations.
pub fn words(text: &str) -> Vec<String> {
    let readable: String = text.chars().filter(|letter| !letter.is_control() || letter.is_whitespace()).collect();
    let bounded: String = readable.chars().take(CHARACTERS).collect();
    bounded.to_lowercase().split_whitespace().take(SEARCH_WORDS).map(str::to_owned).collect()
}

/// What fits the words, of what can be reached from a place. Without words: the pages, and what was changed last.
pub fn hits(place: Option<&Place>, reachable: &Reachable, words: &[String]) -> Hits {
    if words.is_empty() {
        let shown = at_rest(place, reachable);
        return Hits { all: shown.len(), shown };
    }
    let fitting = all(place, reachable).into_iter().filter_map(|Candidate { hit, also, is_found }| {
        let misfit = fit(words, &hit.title, &also).or(is_found.then_some(fit::ELSEWHERE))?;
        Some((misfit, hit))
    });
    let mut fitting: Vec<(u32, Hit)> = fitting.collect();
    // Stable: what fits alike keeps the order of its kind.
    fitting.sort_by_key(|(misfit, hit)| (*misfit, hit.kind));
    let all = fitting.len();
    let mut of_kind = std::collections::HashMap::new();
    let shown = fitting.into_iter().map(|(_, hit)| hit).filter(|hit| {
        let count: &mut usize = of_kind.entry(hit.kind).or_default();
        *count += 1;
        *count <= SHOWN_OF_A_KIND
    });
    Hits { shown: shown.take(SHOWN).collect(), all }
}
