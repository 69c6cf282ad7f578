//! The id of a detector, as a type: it can be compared with another id, but not with a text that may hold a typing error.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Item code and name, such as `D1.column_drift`. A stored diagnosis may name a detector that no longer exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct DetectorId(Cow<'static, str>);

impl DetectorId {
    /// The id that a detector is registered with. To refer to a detector elsewhere, use its own id.
    pub const fn new(id: &'static str) -> DetectorId {
        DetectorId(Cow::Borrowed(id))
    }

    /// The id as an earlier version wrote it into a sentence.
    pub fn of_text(text: &str) -> DetectorId {
        DetectorId(Cow::Owned(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code of its item: `D1`.
    pub fn item_code(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }
}

impl fmt::Display for DetectorId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_text_in_json() {
        let id: DetectorId = serde_json::from_str("\"D1.column_drift\"").expect("an id opens");
        assert_eq!(id, DetectorId::new("D1.column_drift"));
        assert_eq!(serde_json::to_string(&id).expect("and is written"), "\"D1.column_drift\"");
        assert_eq!(id.item_code(), "D1");
    }
}
