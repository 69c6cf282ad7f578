//! The features of a model as a JSON list of their names, which people keep next to arrays.

use std::collections::BTreeSet;

use domain::tool_check::Source;
use domain::tool_facts::FeatureNames;

use crate::seen::Seen;
use crate::{Brought, Connector};

pub(super) static CONNECTOR: Connector = Connector {
    id: "feature_names",
    tool: "JSON",
    words: "list of feature names, a JSON list of texts",
    proven_on: "what json.dump writes of the columns of a table",
    takes: "the names in their order, for files that have none",
    leaves: "nothing",
    recognise,
    read: |given| {
        let names = names(&given.text()?).ok_or_else(|| {
            given.bad("it is not a list of different short texts; write the names of the features as a JSON list")
        })?;
        let mut brought = Brought::default();
        brought.facts.feature_names.push(FeatureNames { source: Source::of("JSON", None, ""), names });
        Ok(brought)
    },
};

const LONGEST_NAME: usize = 120;
const MOST: usize = 10_000;

fn recognise(seen: &Seen<'_>) -> bool {
    seen.json.is_list() && names(&seen.text).is_some()
}

/// Two or more names, none of them twice.
fn names(text: &str) -> Option<Vec<String>> {
    let names: Vec<String> = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let different: BTreeSet<&str> = names.iter().map(|name| name.trim()).collect();
    let is_name = |name: &String| (1..=LONGEST_NAME).contains(&name.trim().len()) && !name.contains('\n');
    ((2..=MOST).contains(&names.len()) && different.len() == names.len() && names.iter().all(is_name)).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_lists_are_not_names() {
        let is = |text: &str| recognise(&Seen::of(text.as_bytes()));
        assert!(is(r#"["age", "income"]"#));
        let long = format!(r#"["{}", "b"]"#, "a".repeat(LONGEST_NAME + 1));
        for text in [r#"["a"]"#, r#"["a", "a"]"#, r#"["a", 1]"#, r#"["a", ""]"#, r#"[["a", "b"]]"#, "[]", &long] {
            assert!(!is(text), "{text}");
        }
    }
}
