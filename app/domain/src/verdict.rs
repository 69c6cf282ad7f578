//! The four verdicts, used everywhere: never a bare green.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was concluded about a detector, an item or a layer.
///
/// Ordered by how much attention it asks for: `Clear < NoEvidence < Possible < Mismatch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub enum Verdict {
    /// Checked with enough data, and no difference found.
    #[serde(rename = "clear")]
    Clear,
    /// Not checked, because an input is missing; the item names it.
    #[serde(rename = "no evidence")]
    NoEvidence,
    /// Something differs, but the difference is too small or too uncertain to act on.
    #[serde(rename = "possible")]
    Possible,
    /// Two things that should agree differ: the difference is large enough to matter, and chance does not explain it.
    #[serde(rename = "mismatch")]
    Mismatch,
}

impl Verdict {
    /// All four, most urgent first: the order of legends and counts.
    pub const ALL: [Verdict; 4] = [Verdict::Mismatch, Verdict::Possible, Verdict::Clear, Verdict::NoEvidence];

    /// The word shown to people and written in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Mismatch => "mismatch",
            Verdict::Possible => "possible",
            Verdict::Clear => "clear",
            Verdict::NoEvidence => "no evidence",
        }
    }

    /// The glyph next to the word, so that colour is never the only sign.
    pub fn glyph(self) -> &'static str {
        match self {
            Verdict::Mismatch => "≠",
            Verdict::Possible => "≈",
            Verdict::Clear => "=",
            Verdict::NoEvidence => "?",
        }
    }

    /// The name of the CSS class that colours it.
    pub fn class(self) -> &'static str {
        match self {
            Verdict::NoEvidence => "none",
            other => other.word(),
        }
    }

    /// The verdict of a group: its most urgent member. A group is clear when some members were checked and all of them
    /// are clear. It has no evidence only when no member was checked.
    pub fn of_group(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
        verdicts
            .into_iter()
            .max_by_key(|verdict| match verdict {
                Verdict::NoEvidence => 0,
                Verdict::Clear => 1,
                Verdict::Possible => 2,
                Verdict::Mismatch => 3,
            })
            .unwrap_or(Verdict::NoEvidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_takes_its_most_urgent_member_and_is_unknown_only_when_nothing_was_checked() {
        use Verdict::{Clear, Mismatch, NoEvidence, Possible};
        assert_eq!(Verdict::of_group([Clear, NoEvidence]), Clear);
        assert_eq!(Verdict::of_group([Clear, Possible, NoEvidence]), Possible);
        assert_eq!(Verdict::of_group([Possible, Mismatch]), Mismatch);
        assert_eq!(Verdict::of_group([NoEvidence]), NoEvidence);
        assert_eq!(Verdict::of_group([]), NoEvidence);
    }
}
