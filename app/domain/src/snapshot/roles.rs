//! What columns are for: the table of column roles, and which column has which.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::SnapshotRole;

// `one` names a single column, `many` any number. The second word is the key in JSON, forms and options.
macro_rules! column_roles {
    (
        one { $($(#[doc = $doc:literal])* $One:ident $one:ident $words:literal $hint:literal $option:expr;)* }
        many { $($(#[doc = $many_doc:literal])* $Many:ident $many:ident;)* }
    ) => {
        /// What a column is for.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, ToSchema,
        )]
        #[serde(rename_all = "lowercase")]
        pub enum ColumnRole {
            #[default]
            Feature,
            $($(#[doc = $doc])* $One,)*
            $($(#[doc = $many_doc])* $Many,)*
        }

        impl ColumnRole {
            pub const ALL: &'static [ColumnRole] =
                &[ColumnRole::Feature, $(ColumnRole::$One,)* $(ColumnRole::$Many,)*];

            /// Those that people can name one column for, in the order of the form.
            pub const NAMED: &'static [NamedRole] =
                &[$(NamedRole { role: ColumnRole::$One, words: $words, hint: $hint, option: $option },)*];

            /// The name in JSON, forms, options and addresses.
            pub fn id(self) -> &'static str {
                match self {
                    ColumnRole::Feature => "feature",
                    $(ColumnRole::$One => stringify!($one),)*
                    $(ColumnRole::$Many => stringify!($many),)*
                }
            }

            /// How many columns can be named for it. Features are those that are named for nothing.
            fn most_columns(self) -> usize {
                match self {
                    ColumnRole::Feature => 0,
                    $(ColumnRole::$One)|* => 1,
                    $(ColumnRole::$Many)|* => usize::MAX,
                }
            }
        }

        impl Roles {
            $(
                $(#[doc = $doc])*
                pub fn $one(&self) -> Option<&str> {
                    self.column_with(ColumnRole::$One)
                }
            )*
        }

        /// Which column has which role. Columns not named are features.
        #[derive(Default, Serialize, Deserialize, ToSchema)]
        #[serde(default)]
        #[schema(as = Roles)]
        struct RolesJson {
            $($one: Option<String>,)*
            $($many: Vec<String>,)*
        }

        impl From<RolesJson> for Roles {
            fn from(json: RolesJson) -> Roles {
                let mut roles = Roles::default();
                $(roles.set(ColumnRole::$One, json.$one);)*
                $(roles.set(ColumnRole::$Many, json.$many);)*
                roles
            }
        }

        impl From<Roles> for RolesJson {
            fn from(mut roles: Roles) -> RolesJson {
                let mut columns = |role| roles.columns.remove(&role).unwrap_or_default();
                RolesJson {
                    $($one: columns(ColumnRole::$One).pop(),)*
                    $($many: columns(ColumnRole::$Many),)*
                }
            }
        }
    };
}

column_roles! {
    one {
        /// The true value.
        Label label "Label" "the true value" Some("The column with the true values");
        /// What the model predicted.
        Prediction prediction "Prediction" "the model's prediction" Some("The column with the model's predictions");
        /// The score or probability of the positive class.
        Score score "Score" "probability of the positive class"
            Some("The column with the score or probability of the positive class");
        /// Identifies a row; joins the same row of two files.
        Id id "Id" "joins the same row in two files" Some("The column that identifies a row");
        /// When the row was created.
        Time time "Time" "when the row was created" Some("The column with the time of a row");
        /// The entity a row is about (a customer, a device); must not be in two splits.
        Group group "Group" "the entity a row is about"
            Some("The column with the entity of a row, such as the customer");
        /// Which split a row of an evaluation run belongs to.
        Split split "Split" "train, validation or test, in one file" None;
        /// Which model version made the prediction.
        Version version "Version" "which model made the prediction" None;
    }
    many {
        /// Left out of every check.
        Ignore ignore;
        /// The probability of one class each, in the tables of a model with a column per class.
        Probability probability;
        /// A predicted quantile of the label; its name says which: `q10`, `pred_0.9`, `lower_95`.
        Quantile quantile;
    }
}

/// A role with the words by which people name its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedRole {
    pub role: ColumnRole,
    /// The label of its field.
    pub words: &'static str,
    /// What stands below the field.
    pub hint: &'static str,
    /// The help of its option of `mismatch diagnose`, where there is one.
    pub option: Option<&'static str>,
}

impl ColumnRole {
    pub fn from_id(id: &str) -> Option<ColumnRole> {
        ColumnRole::ALL.iter().copied().find(|role| role.id() == id)
    }

    /// Whether several columns of one table may have it.
    pub fn may_repeat(self) -> bool {
        self.most_columns() > 1
    }
}

/// Which column has which role. Columns not named are features.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "RolesJson", into = "RolesJson")]
pub struct Roles {
    /// At least one column each; no key for a role that nobody named.
    columns: BTreeMap<ColumnRole, Vec<String>>,
}

impl Roles {
    /// The columns named for a role.
    pub fn columns(&self, role: ColumnRole) -> &[String] {
        self.columns.get(&role).map_or(&[], Vec::as_slice)
    }

    /// The column named for a role.
    pub fn column_with(&self, role: ColumnRole) -> Option<&str> {
        self.columns(role).first().map(String::as_str)
    }

    /// Every named column with its role.
    pub fn iter(&self) -> impl Iterator<Item = (ColumnRole, &str)> {
        self.columns.iter().flat_map(|(role, columns)| columns.iter().map(|column| (*role, column.as_str())))
    }

    /// The role of the column of that name.
    pub fn of(&self, column: &str) -> ColumnRole {
        self.iter().find(|(_, name)| *name == column).map_or(ColumnRole::Feature, |(role, _)| role)
    }

    /// Puts these columns in the place of those named for a role: of a role that one column has, the first.
    pub fn set(&mut self, role: ColumnRole, columns: impl IntoIterator<Item = String>) {
        let columns: Vec<String> = columns.into_iter().take(role.most_columns()).collect();
        if columns.is_empty() {
            self.columns.remove(&role);
        } else {
            self.columns.insert(role, columns);
        }
    }

    /// Only the columns that `keep` keeps.
    fn filter(&self, keep: impl Fn(ColumnRole, &str) -> bool) -> Roles {
        self.iter().filter(|(role, name)| keep(*role, name)).collect()
    }

    /// Only the columns that a table has.
    pub fn present(&self, has: impl Fn(&str) -> bool) -> Roles {
        self.filter(|_, name| has(name))
    }

    /// Takes the roles that are open from the guesses. A column that has a role is never guessed to have another.
    fn completed(mut self, guessed: &Roles) -> Roles {
        for (role, columns) in guessed.filter(|_, name| self.of(name) == ColumnRole::Feature).columns {
            self.columns.entry(role).or_insert(columns);
        }
        self
    }

    /// The roles in all tables together: as people named them; what they left open is taken from the guesses, train's
    /// before serve's before the others'.
    pub fn with_guesses<'a>(&self, guesses: impl IntoIterator<Item = (SnapshotRole, &'a Roles)>) -> Roles {
        let mut in_order: Vec<(SnapshotRole, &Roles)> = guesses.into_iter().collect();
        in_order.sort_by_key(|(role, _)| SnapshotRole::ALL.iter().position(|one| one == role));
        in_order.iter().fold(self.clone(), |roles, (_, guessed)| roles.completed(guessed))
    }

    /// The roles in one table: the named columns that it has, and its guesses for the rest.
    pub fn in_table(&self, has: impl Fn(&str) -> bool, guessed: &Roles) -> Roles {
        // Whole where there can be several: where people said what to ignore, nothing is guessed to be.
        self.filter(|role, name| role.may_repeat() || has(name)).completed(guessed)
    }

    /// As [`Roles::in_table`], and what is still open as in all tables together, by the same names: a run whose
    /// predictions are all alike shows little by itself.
    pub fn in_run(&self, all: &Roles, has: impl Fn(&str) -> bool, guessed: &Roles) -> Roles {
        self.in_table(&has, guessed).completed(&all.present(has))
    }
}

impl<S: Into<String>> FromIterator<(ColumnRole, S)> for Roles {
    /// Of several columns for a role that one column has, the first.
    fn from_iter<I: IntoIterator<Item = (ColumnRole, S)>>(columns: I) -> Roles {
        let mut roles = Roles::default();
        for (role, column) in columns {
            if roles.columns(role).len() < role.most_columns() {
                roles.columns.entry(role).or_default().push(column.into());
            }
        }
        roles
    }
}

impl<S: Into<String>, const N: usize> From<[(ColumnRole, S); N]> for Roles {
    fn from(columns: [(ColumnRole, S); N]) -> Roles {
        columns.into_iter().collect()
    }
}

impl PartialSchema for Roles {
    fn schema() -> RefOr<Schema> {
        RolesJson::schema()
    }
}

impl ToSchema for Roles {}

#[cfg(test)]
mod tests;
