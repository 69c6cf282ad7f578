//! SHAP values as an array of NumPy, as `numpy.save` writes what `shap_values` gives: rows and features, of a model with several
//! outputs these too (<https://shap.readthedocs.io/en/latest/generated/shap.TreeExplainer.html>). An array may hold anything, so
//! the name of its file must say what it is.

use domain::Problem;
use domain::naming;
use domain::tool_check::Source;
use domain::tool_facts::Importance;

use super::npy::{Array, MAGIC};
use super::table::is_shap_name;
use super::{METHOD, Mean, TOOL};
use crate::environments::stage;
use crate::given::Given;
use crate::{Brought, Connector};

pub(in crate::training) static ARRAY: Connector = Connector {
    id: "shap_array",
    tool: TOOL,
    words: "SHAP values as an array of NumPy, .npy with the word shap in its name",
    proven_on: "0.51; versions 1 to 3 of the format",
    takes: "mean |SHAP value| of each feature by its place, over the rows and outputs",
    leaves: "the rows; interactions and base values",
    recognise: |seen| seen.bytes.starts_with(MAGIC),
    read,
};

/// More are the pixels of an image.
const MOST_FEATURES: usize = 10_000;

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    if !is_shap_name(given.name) {
        return Err(given.bad(
            "an array of NumPy does not say what it holds; if these are SHAP values, put the word shap into its name, or \
             write them with the names of their features as JSON or CSV",
        ));
    }
    let words = naming::words(given.name);
    let says = |some: &[&str]| words.iter().any(|word| some.contains(&word.as_str()));
    if says(&["base", "expected", "interaction", "interactions"]) {
        return Err(given.bad("by its name it holds base values or interactions; give the SHAP values of each feature"));
    }
    let array = Array::of(given.bytes).map_err(|reason| given.bad(reason))?;
    // One dimension is one row.
    let (rows, features, outputs) = match array.shape.as_slice() {
        [features] => (1, *features, 1),
        [rows, features] => (*rows, *features, 1),
        [rows, features, outputs] => (*rows, *features, *outputs),
        _ => return Err(given.bad("it needs one to three dimensions; save it as rows and features")),
    };
    if features > MOST_FEATURES {
        return Err(given.bad("it has more than 10,000 features; give the SHAP values of a model of tables"));
    }
    let mut means = vec![Mean::default(); features];
    for (place, number) in array.numbers().enumerate() {
        let feature = if array.is_fortran { place / rows } else { place / outputs } % features;
        means[feature].add(number);
    }
    let by_place: Vec<Option<f64>> = means.iter().map(Mean::value).collect();
    if by_place.iter().all(Option::is_none) {
        return Err(given.bad("none of its values is a number; write the SHAP values again"));
    }
    let mut brought = Brought::default();
    brought.facts.importances.push(Importance {
        source: Source::of(TOOL, None, ""),
        stage: stage::of_name(given.name),
        method: METHOD.to_owned(),
        rows: Some(rows as u64),
        by_feature: Vec::new(),
        by_place,
        named_by: None,
    });
    brought.warnings.push(
        "An array has no names of features. They are taken from a list of as many feature names (a JSON list of texts) among \
         the files, else from the features of train, if these are as many."
            .to_owned(),
    );
    Ok(brought)
}

#[cfg(test)]
mod tests {
    use super::super::npy::tests::file;
    use super::*;

    fn means(shape: &str, order: &str, numbers: &[f32]) -> Vec<Option<f64>> {
        let header = format!("{{'descr': '<f4', 'fortran_order': {order}, 'shape': {shape}, }}");
        let numbers: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let bytes = file(1, &header, &numbers);
        let brought = read(&Given::of(&bytes, "shap_values.npy")).unwrap_or_default();
        brought.facts.importances.into_iter().flat_map(|one| one.by_place).collect()
    }

    #[test]
    fn rows_features_and_outputs_in_both_orders() {
        let expected = [Some(2.0), Some(0.5)];
        // Rows (1, 0) and (-3, 1).
        assert_eq!(means("(2, 2)", "False", &[1.0, 0.0, -3.0, 1.0]), expected);
        assert_eq!(means("(2, 2)", "True", &[1.0, -3.0, 0.0, 1.0]), expected);
        // The same with two outputs of opposite signs.
        assert_eq!(means("(2, 2, 2)", "False", &[1.0, -1.0, 0.0, 0.0, -3.0, 3.0, 1.0, -1.0]), expected);
        assert_eq!(means("(2, 2, 2)", "True", &[1.0, -3.0, 0.0, 1.0, -1.0, 3.0, 0.0, -1.0]), expected);
        // Three rows of two features, so that rows and features can't be taken for each other.
        assert_eq!(means("(3, 2)", "False", &[1.0, 0.0, -3.0, 1.0, 2.0, -0.5]), expected);
        assert_eq!(means("(3, 2)", "True", &[1.0, -3.0, 2.0, 0.0, 1.0, -0.5]), expected);
        assert_eq!(means("(2,)", "False", &[-2.0, 0.5]), expected);
        assert_eq!(means("(2, 2)", "False", &[1.0, f32::NAN, -3.0, f32::INFINITY]), [Some(2.0), None]);
    }

    #[test]
    fn an_array_says_what_it_is_only_by_its_name() {
        let bytes = file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", &1.0_f32.to_le_bytes());
        let read = |name: &str| read(&Given::of(&bytes, name)).err().map(|problem| problem.message).unwrap_or_default();
        assert_eq!(read("train-shap.npy"), "");
        assert!(read("embeddings.npy").contains("put the word shap into its name"));
        assert!(read("shap_base_values.npy").contains("base values"));
    }

    #[test]
    fn a_cut_or_changed_array_harms_nobody() {
        let whole = file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", &[1; 16]);
        let read = |bytes: &[u8]| read(&Given::of(bytes, "shap.npy")).is_ok();
        assert!(read(&whole));
        assert!((0..whole.len()).all(|length| !read(&whole[..length])));
        for place in 0..whole.len() {
            for byte in [0, b'9', b',', 0xff] {
                let mut changed = whole.clone();
                changed[place] = byte;
                read(&changed);
            }
        }
    }
}
