//! What the map and the lists show of a result: its verdict, or that everything it rests on stood before.

use serde::{Deserialize, Serialize};

use crate::Verdict;

/// A sign for people: glyph, word, and the class that colours it. In JSON it is its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Mark {
    /// Of something that changed, or was found sound, or was not checked.
    Verdict(Verdict),
    /// Of a weakness that was there before.
    Standing,
    /// Of an item or a layer that is clear where it was checked, but not all of it could be checked.
    Partly,
}

impl Mark {
    /// All of them, most urgent first: the order of the legend.
    pub const ALL: [Mark; 6] = [
        Mark::Verdict(Verdict::Mismatch),
        Mark::Verdict(Verdict::Possible),
        Mark::Standing,
        Mark::Verdict(Verdict::Clear),
        Mark::Partly,
        Mark::Verdict(Verdict::NoEvidence),
    ];

    /// The same of an item or a layer whose checks were not all made.
    pub fn unless_partly(self, partly: bool) -> Mark {
        if partly && self == Mark::Verdict(Verdict::Clear) { Mark::Partly } else { self }
    }

    /// A verdict, unless only what `stood` before speaks for it.
    pub fn of(verdict: Verdict, stood: bool) -> Mark {
        if stood { Mark::Standing } else { Mark::Verdict(verdict) }
    }

    pub fn word(self) -> &'static str {
        match self {
            Mark::Verdict(verdict) => verdict.word(),
            Mark::Standing => "weakness",
            Mark::Partly => "partly checked",
        }
    }

    /// The glyph next to the word, so that colour is never the only sign.
    pub fn glyph(self) -> &'static str {
        match self {
            Mark::Verdict(verdict) => verdict.glyph(),
            Mark::Standing => "◇",
            Mark::Partly => "◐",
        }
    }

    /// The name of the CSS class that colours it.
    pub fn class(self) -> &'static str {
        match self {
            Mark::Verdict(verdict) => verdict.class(),
            Mark::Standing => "standing",
            Mark::Partly => "partly",
        }
    }

    /// What it means, for a tooltip.
    pub fn meaning(self) -> &'static str {
        match self {
            Mark::Verdict(Verdict::Mismatch) => {
                "Two things that should agree differ; the difference matters, and chance does not explain it."
            }
            Mark::Verdict(Verdict::Possible) => {
                "Something differs, but too little or too uncertainly to act on it alone."
            }
            Mark::Standing => "A weakness that was there before: news for the owner, not what changed.",
            Mark::Partly => "No difference found where it was checked, but some checks lack an input.",
            Mark::Verdict(Verdict::Clear) => "Checked, and no difference found.",
            Mark::Verdict(Verdict::NoEvidence) => "Not checked, because an input is missing.",
        }
    }
}

impl From<Mark> for &'static str {
    fn from(mark: Mark) -> &'static str {
        mark.word()
    }
}

impl TryFrom<String> for Mark {
    type Error = String;

    fn try_from(word: String) -> Result<Mark, String> {
        let known = Mark::ALL.into_iter().find(|mark| mark.word() == word);
        known.ok_or_else(|| format!("{word:?} is not a sign of the map"))
    }
}

impl From<Verdict> for Mark {
    fn from(verdict: Verdict) -> Self {
        Mark::Verdict(verdict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_its_word_in_json() {
        for mark in Mark::ALL {
            let json = serde_json::to_string(&mark).expect("a sign is JSON");
            assert_eq!(json, format!("\"{}\"", mark.word()));
            assert_eq!(serde_json::from_str::<Mark>(&json).expect("and opens"), mark);
        }
        assert!(serde_json::from_str::<Mark>("\"fine\"").is_err());
    }

    #[test]
    fn a_standing_weakness_has_a_sign_of_its_own() {
        assert_eq!(Mark::of(Verdict::Possible, true), Mark::Standing);
        assert_eq!(Mark::of(Verdict::Possible, false).word(), "possible");
        let mut glyphs: Vec<&str> = Mark::ALL.iter().map(|mark| mark.glyph()).collect();
        glyphs.sort_unstable();
        glyphs.dedup();
        assert_eq!(glyphs.len(), Mark::ALL.len());
    }
}
