//! Text that is a document rather than a table of rows: settings, and one nested JSON object as other tools write it.

use polars::prelude::DataFrame;

/// Lines of the beginning that are looked at.
const LINES: usize = 40;
/// The share of them that are a setting in a file of settings.
const MOST: f64 = 0.8;

/// What a text without a table in it is; `None` where it may be a table. Looks at the beginning alone.
pub fn settings(beginning: &str) -> Option<&'static str> {
    let lines: Vec<&str> = beginning.lines().filter(|line| !line.trim().is_empty()).take(LINES).collect();
    let share = |is: &dyn Fn(&str) -> bool| {
        let hits = lines.iter().filter(|line| is(line.trim())).count();
        hits >= 2 && hits as f64 >= MOST * lines.len() as f64
    };
    let yaml = |line: &str| {
        let line = line.trim_start_matches("- ").trim_start_matches(['\'', '"']);
        line.starts_with('#') || line == "---" || line == "-" || begins_with_key(line, ':')
    };
    let ini = |line: &str| line.starts_with(['#', ';', '[']) || begins_with_key(line, '=');
    if lines.iter().any(|line| begins_with_key(line.trim_start_matches("- "), ':')) && share(&yaml) {
        return Some("YAML, as settings and locks are written");
    }
    let has_setting = lines.iter().any(|line| begins_with_key(line.trim(), '='));
    (has_setting && share(&ini)).then_some("a file of settings")
}

/// `key: value` or `key:`, the key in one word.
fn begins_with_key(line: &str, sign: char) -> bool {
    let Some((key, value)) = line.split_once(sign) else { return false };
    let key = key.trim_end_matches(['\'', '"', ' ']);
    let is_word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'));
    // A package list has `==`.
    let is_apart = match sign {
        '=' => !value.starts_with('='),
        _ => value.is_empty() || value.starts_with(' '),
    };
    is_word && is_apart && !key.chars().all(|c| c.is_ascii_digit())
}

/// What one row of JSON is whose values are objects and lists; `None` where it may be a row of a table.
pub fn nested_object(first: &DataFrame, rows: u64) -> Option<&'static str> {
    if rows != 1 {
        return None;
    }
    let text = |column: &polars::prelude::Column| {
        let value = column.get(0).ok()?;
        Some(value.get_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let values: Vec<(&str, String)> =
        first.columns().iter().filter_map(|column| Some((column.name().as_str(), text(column)?))).collect();
    let nested = values.iter().filter(|(_, value)| value.starts_with(['{', '['])).count();
    if nested == 0 || (values.len() > 1 && 4 * nested < values.len()) {
        return None;
    }
    let has = |name: &str| values.iter().any(|(known, _)| *known == name);
    let says = |name: &str, word: &str| values.iter().any(|(known, value)| *known == name && value.contains(word));
    Some(match () {
        () if says("data", "resultType") => "an answer of Prometheus",
        () if has("run") && says("run", "run_id") => "a run of MLflow",
        () if has("apiVersion") && has("kind") => "a Kubernetes object",
        () if has("expectations") || has("expectation_suite_name") => "a suite of Great Expectations",
        () if has("panels") && has("templating") => "a dashboard of Grafana",
        () => "one nested JSON document",
    })
}

#[cfg(test)]
mod tests {
    use polars::prelude::{Column, NamedFrom, Series};

    use super::*;

    #[test]
    fn settings_are_no_tables_and_tables_are_no_settings() {
        let lock = "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    deps:\n    - path: data.csv\n      md5: 1c2d\n";
        assert!(settings(lock).is_some_and(|what| what.starts_with("YAML")));
        assert!(settings("artifact_path: model\nflavors:\n  python_function:\n    env: conda.yaml\n").is_some());
        assert_eq!(settings("[model]\nname = churn\nthreshold=0.5\n"), Some("a file of settings"));
        for table in [
            "id,amount\n1,2\n3,4\n",
            "at;value\n12:30;1\n12:31;2\n",
            "time\n12:30\n12:31\n",
            "text\nsubject: hello\nI like it\nit is fine\nnot bad\n",
            "label\n1\n0\n1\n",
            "name,formula\nx,a = b\ny,c = d\n",
            "numpy==2.1.0\nscipy==1.14.1\n",
        ] {
            assert_eq!(settings(table), None, "{table}");
        }
    }

    #[test]
    fn one_nested_object_has_the_name_of_its_tool_and_a_row_with_a_list_is_a_row() {
        let frame = |columns: &[(&str, &str)]| {
            let columns = columns.iter().map(|(name, value)| Column::from(Series::new((*name).into(), [*value])));
            DataFrame::new(1, columns.collect()).expect("one row")
        };
        let answer = frame(&[("status", "success"), ("data", "{\"resultType\":\"matrix\",\"result\":[]}")]);
        assert_eq!(nested_object(&answer, 1), Some("an answer of Prometheus"));
        assert_eq!(nested_object(&answer, 2), None);
        let row = frame(&[("id", "1"), ("a", "2"), ("b", "3"), ("c", "4"), ("tags", "[\"x\"]")]);
        assert_eq!(nested_object(&row, 1), None);
    }
}
