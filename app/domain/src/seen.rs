//! What a form showed, as a short word that comes back with it: whether somebody else changed it meanwhile.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::{Problem, ProblemKind};

/// The field of a form that holds the word.
pub const SEEN: &str = "seen";

/// The word for what a form shows.
pub fn seen(shown: &impl Debug) -> String {
    let mut hasher = DefaultHasher::new();
    format!("{shown:?}").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// # Errors
/// `Conflict` where it is not what the form showed; a program that says nothing of it overwrites. `what` begins the sentence.
pub fn unchanged(what: &str, word: &str, now: &impl Debug) -> Result<(), Problem> {
    if word.is_empty() || word == seen(now) {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::Conflict,
        format!(
            "{what} was changed by somebody else while you wrote, so yours was not saved over it. Go back: your text is still in \
             the form. Copy what you need, load the page again to see theirs, and save once more."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_changed_is_not_overwritten() {
        let shown = ("title", "model");
        assert_eq!(unchanged("The title", &seen(&shown), &shown), Ok(()));
        assert_eq!(unchanged("The title", "", &shown), Ok(()));
        let problem = unchanged("The title", &seen(&("other", "model")), &shown);
        assert_eq!(problem.map_err(|problem| problem.kind), Err(ProblemKind::Conflict));
    }
}
