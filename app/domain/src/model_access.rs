//! Who may do what with one model: a model can be for its members only, and a member can have another role there than elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::account::Role;

/// Who sees the investigations of a model, and the files that only they use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Openness {
    /// Everybody, each in the role that they have everywhere.
    Everybody,
    /// Members of the model, and admins.
    Members,
}

impl Openness {
    pub const ALL: [Openness; 2] = [Openness::Everybody, Openness::Members];

    pub fn id(self) -> &'static str {
        match self {
            Openness::Everybody => "everybody",
            Openness::Members => "members",
        }
    }

    pub fn from_id(id: &str) -> Option<Openness> {
        Openness::ALL.into_iter().find(|one| one.id() == id)
    }

    pub fn words(self) -> &'static str {
        match self {
            Openness::Everybody => "everybody with an account",
            Openness::Members => "its members and admins only",
        }
    }
}

/// What one person may do with models, where that differs from what they may do elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelRoles {
    /// Models that are for their members only.
    pub closed: BTreeSet<String>,
    /// Models that the person is a member of.
    pub member: BTreeMap<String, Role>,
}

impl ModelRoles {
    /// The role in a model of somebody who has another one elsewhere; `None` for who does not see it.
    pub fn role(&self, model: &str, elsewhere: Role) -> Option<Role> {
        match self.member.get(model) {
            Some(role) => Some(*role),
            None if self.closed.contains(model) => None,
            None => Some(elsewhere),
        }
    }

    /// The same for a token, which can't do more than its scope says.
    #[must_use]
    pub fn at_most(mut self, most: Role) -> ModelRoles {
        self.member.values_mut().for_each(|role| *role = (*role).min(most));
        self
    }

    /// The highest role in any model.
    pub fn highest(&self) -> Option<Role> {
        self.member.values().max().copied()
    }
}

/// One model, for who decides about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelAccess {
    pub model: String,
    pub openness: Openness,
    /// The ids of accounts with their roles, in no order.
    pub members: Vec<(String, Role)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_the_role_of_the_model_and_a_closed_one_is_not_there_for_others() {
        let roles = ModelRoles {
            closed: BTreeSet::from(["secret".to_owned(), "ours".to_owned()]),
            member: BTreeMap::from([("ours".to_owned(), Role::Editor), ("open".to_owned(), Role::Viewer)]),
        };
        assert_eq!(roles.role("secret", Role::Editor), None);
        assert_eq!(roles.role("ours", Role::Viewer), Some(Role::Editor));
        assert_eq!(roles.role("open", Role::Editor), Some(Role::Viewer));
        assert_eq!(roles.role("another", Role::Editor), Some(Role::Editor));
        assert_eq!(roles.highest(), Some(Role::Editor));
        assert_eq!(roles.at_most(Role::Viewer).role("ours", Role::Viewer), Some(Role::Viewer));
    }

    #[test]
    fn words_are_found_again() {
        for one in Openness::ALL {
            assert_eq!(Openness::from_id(one.id()), Some(one));
        }
        assert_eq!(Openness::from_id("nobody"), None);
    }
}
