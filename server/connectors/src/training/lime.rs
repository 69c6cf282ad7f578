//! LIME: what `Explanation.as_list` gives, written as JSON:
//! <https://lime-ml.readthedocs.io/en/latest/lime.html#lime.explanation.Explanation.as_list>.

use std::collections::BTreeMap;

use domain::Problem;
use domain::number::counted;
use domain::tool_check::Source;
use domain::tool_facts::Importance;
use serde_json::Value;

use crate::environments::stage;
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json, numbers};

pub(super) static CONNECTOR: Connector = Connector {
    id: "lime",
    tool: "LIME",
    words: "LIME explanations as lists of conditions and weights, JSON",
    proven_on: "0.2",
    takes: "mean |weight| of each feature over the explanations",
    leaves: "the conditions, intercepts, local predictions",
    recognise,
    read,
};

fn recognise(seen: &Seen<'_>) -> bool {
    let is_list = |path: &str| path.rsplit(['.', ']']).next() == Some("as_list") && seen.json.has(&format!("{path}[]"));
    if seen.json.paths().any(is_list) {
        return true;
    }
    // A list of pairs could be a table of rows: each must be a condition with its weight.
    let may_be = seen.json.is_list() && seen.json.word("[][]").is_some_and(|text| feature(text).is_some());
    may_be
        && serde_json::from_str::<Value>(&numbers::quoted(&seen.text)).is_ok_and(|document| pairs(&document).is_some())
}

/// The conditions with their weights; `None` when anything else is among them.
fn pairs(list: &Value) -> Option<Vec<(&str, f64)>> {
    let pair = |pair: &'_ Value| -> Option<f64> {
        let weight = pair.get(1)?;
        (pair.as_array()?.len() == 2 && weight.is_number()).then(|| json::finite(weight)).flatten()
    };
    let list = list.as_array().filter(|list| !list.is_empty())?;
    list.iter().map(|one| Some((one.get(0)?.as_str().filter(|text| feature(text).is_some())?, pair(one)?))).collect()
}

/// The feature that a condition is about: `0.50 < x <= 1.20`, `x > 3`, `cat=value`.
fn feature(condition: &str) -> Option<&str> {
    let compared = [" <= ", " >= ", " < ", " > "].iter().any(|operator| condition.contains(operator));
    if compared {
        let parts = condition.split([' ']).filter(|part| matches!(*part, "<" | "<=" | ">" | ">=")).count();
        let ends = |part: &str| part.trim().parse::<f64>().is_ok();
        let pieces: Vec<&str> = split(condition);
        let mut names = pieces.iter().copied().filter(|piece| !ends(piece));
        let name = names.next()?.trim();
        return (names.next().is_none() && pieces.len() == parts + 1 && pieces.len() <= 3 && !name.is_empty())
            .then_some(name);
    }
    condition.split_once('=').map(|(name, _)| name.trim()).filter(|name| !name.is_empty())
}

/// The pieces between the operators.
fn split(condition: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = condition;
    loop {
        let next = [" <= ", " >= ", " < ", " > "]
            .iter()
            .filter_map(|operator| Some((rest.find(operator)?, operator.len())))
            .min();
        let Some((place, length)) = next else { break };
        pieces.push(&rest[..place]);
        rest = &rest[place + length..];
    }
    pieces.push(rest);
    pieces
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut lists: Vec<&Value> = Vec::new();
    json::each_object(&document, &mut |_, object| lists.extend(object.get("as_list")));
    if lists.is_empty() {
        // A list of pairs is one explanation, a list of such lists several.
        let is_one = document.get(0).and_then(|first| first.get(0)).is_some_and(Value::is_string);
        lists = if is_one { vec![&document] } else { document.as_array().into_iter().flatten().collect() };
    }
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    let (mut explanations, mut odd) = (0_u64, 0_u64);
    for list in lists {
        explanations += 1;
        for pair in list.as_array().into_iter().flatten() {
            let condition = pair.get(0).and_then(Value::as_str);
            // An explanation of a text has words instead of conditions.
            let name = condition.map(|condition| feature(condition).unwrap_or(condition));
            match name.zip(pair.get(1).and_then(json::finite)) {
                Some((name, weight)) => *sums.entry(name.to_owned()).or_default() += weight.abs(),
                None => odd += 1,
            }
        }
    }
    if sums.is_empty() {
        return Err(given.bad("it holds no condition with a weight; write the explanations again"));
    }
    let mut by_feature: Vec<(String, f64)> =
        sums.into_iter().map(|(name, sum)| (name, sum / explanations as f64)).collect();
    by_feature.sort_by(|a, b| b.1.total_cmp(&a.1));
    let method = format!("mean |LIME weight| of {}", counted(explanations, "explanation"));
    let mut brought = Brought::default();
    let source = Source::of("LIME", None, "");
    brought.facts.importances.push(Importance {
        source,
        stage: stage::of_name(given.name),
        method,
        rows: Some(explanations),
        by_feature,
        by_place: Vec::new(),
        named_by: None,
    });
    if odd > 0 {
        brought.warnings.push(format!("{} without a condition or a weight were left out.", counted(odd, "pair")));
    }
    Ok(brought)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_name_their_feature() {
        assert_eq!(feature("0.50 < my x <= 1.20"), Some("my x"));
        assert_eq!(feature("x > -3e5"), Some("x"));
        assert_eq!(feature("range=0 - 20K"), Some("range"));
        assert_eq!(feature("a < b"), None);
        assert_eq!(feature("word"), None);
    }

    #[test]
    fn a_feature_that_an_explanation_lacks_counts_as_zero_there() {
        let text = br#"[{"as_list": [["x > 1", -0.5], ["y=a", 0.2]]}, {"as_list": [["x <= 1", 0.1]]}]"#;
        let brought = read(&Given::of(text, "a.json")).unwrap_or_default();
        let read = brought.facts.importances.into_iter().flat_map(|one| one.by_feature).collect::<Vec<_>>();
        assert_eq!(read, [("x".to_owned(), 0.3), ("y".to_owned(), 0.1)]);
    }

    #[test]
    fn rows_are_no_explanation() {
        let is = |text: &str| recognise(&Seen::of(text.as_bytes()));
        assert!(is(r#"[["x <= 1.00", 0.2], ["c=d", -0.1]]"#));
        assert!(!is(r#"[["x", 0.2]]"#));
        assert!(!is(r#"[["a=b", 1, 2]]"#));
        assert!(!is(r#"[["a=b", "c"]]"#));
    }
}
