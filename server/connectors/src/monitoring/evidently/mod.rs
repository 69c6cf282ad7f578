//! Evidently: reports, snapshots and tests of 0.6 and 0.7, and reports and test suites of 0.2 to 0.5:
//! <https://docs.evidentlyai.com/docs/library/output_formats>.

mod legacy;
mod report;

use domain::number::number;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use serde_json::Value;

use crate::json;

pub(crate) use legacy::LEGACY;
pub(crate) use report::REPORT;

const TOOL: &str = "Evidently";

/// What a drift method returns, by the names that Evidently gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Score {
    /// Drift is below the limit.
    PValue,
    /// Drift is above the limit.
    Distance,
    /// A function of the user: only the file can say what it concluded.
    Unknown,
}

impl Score {
    /// Methods have a short name (`ks`) and one for display (`K-S p_value`).
    fn of(method: &str) -> Self {
        const DISTANCES: [&str; 9] = [
            "wasserstein",
            "jensen",
            "kullback",
            "kl_div",
            "psi",
            "hellinger",
            "energy",
            "content drift",
            "content_drift",
        ];
        const TESTS: [&str; 20] = [
            "p_value",
            "p-value",
            "ks",
            "chisquare",
            "chi-square",
            "z",
            "anderson",
            "cramer",
            "fisher",
            "g_test",
            "mann",
            "epps",
            "es",
            "t_test",
            "mmd",
            "tvd",
            "total-variation",
            "z-test",
            "k-s",
            "g-test",
        ];
        let method = method.to_lowercase();
        // Short names are whole words: `es` is also in `test`.
        let named = |names: &[&str]| {
            names.iter().any(|name| if name.len() < 3 { method == *name } else { method.contains(name) })
        };
        match () {
            () if named(&DISTANCES) || method == "ed" => Score::Distance,
            () if named(&TESTS) => Score::PValue,
            () => Score::Unknown,
        }
    }
}

/// Drift of a column as a method scored it.
struct Drift<'v> {
    column: &'v str,
    method: &'v str,
    score: f64,
    limit: Option<f64>,
    /// What the file says of it.
    detected: Option<bool>,
}

impl Drift<'_> {
    /// Drift of a distance over its limit is an effect; a p-value below its limit may be a large sample only.
    fn check(&self, source: Source, name: &str, about: CheckSubject) -> ToolCheck {
        let kind = Score::of(self.method);
        let judged = self.limit.and_then(|limit| match kind {
            Score::PValue => Some(self.score < limit),
            Score::Distance => Some(self.score >= limit),
            Score::Unknown => None,
        });
        let outcome = match (self.detected.or(judged), kind) {
            (Some(true), Score::Distance) => CheckOutcome::Failed,
            (Some(true), _) => CheckOutcome::Warned,
            (Some(false), _) => CheckOutcome::Passed,
            (None, _) => CheckOutcome::NotRun,
        };
        let columns = vec![self.column.to_owned()];
        let check = ToolCheck::new(source, name, about, columns, outcome);
        let check = match kind {
            // A method with a short name such as `ks` does not say that its score is a p-value.
            Score::PValue if !self.method.contains("p_value") => {
                check.with_measured(&format!("{} p_value", self.method), self.score, self.limit)
            }
            _ => check.with_measured(self.method, self.score, self.limit),
        };
        check.worse_when(match kind {
            Score::PValue => Some(Worse::Lower),
            Score::Distance => Some(Worse::Higher),
            Score::Unknown => None,
        })
    }
}

/// What a metric or a test is about, by the words of its name.
fn subject(name: &str) -> CheckSubject {
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match () {
        () if has(&["target drift", "targetdrift", "label drift"]) => CheckSubject::LabelDrift,
        () if has(&["drift"]) => CheckSubject::Drift,
        () if has(&["missing", "null", "nan"]) => CheckSubject::MissingValues,
        () if has(&["type"]) => CheckSubject::Types,
        () if has(&["duplicate"]) => CheckSubject::Duplicates,
        () if has(&["number of rows", "rowcount"]) => CheckSubject::RowCount,
        () if has(&["number of columns", "columncount"]) => CheckSubject::Columns,
        () if has(&["list value", "out-of-list", "inlist", "outlist", "categorycount", "of category"]) => {
            CheckSubject::NewValues
        }
        () if has(&["range", "min value", "max value", "minvalue", "maxvalue"]) => CheckSubject::Range,
        () if has(&["regexp", "regex"]) => CheckSubject::Pattern,
        () if has(&[
            "mean value",
            "meanvalue",
            "median",
            "quantile",
            "std",
            "standard deviation",
            "sum",
            "most common",
            "unique",
        ]) =>
        {
            CheckSubject::Summary
        }
        () if has(&["conflicts in"]) => CheckSubject::Labels,
        () if is_quality(&name) => CheckSubject::Performance,
        () => CheckSubject::Consistency,
    }
}

/// Whether the name is of a figure of the quality of predictions.
fn is_quality(name: &str) -> bool {
    const FIGURES: [&str; 26] = [
        "accuracy",
        "precision",
        "recall",
        "f1",
        "roc",
        "logloss",
        "log loss",
        "tpr",
        "tnr",
        "fpr",
        "fnr",
        "mae",
        "mape",
        "rmse",
        "mse",
        "r2",
        "abs max error",
        "mean error",
        "meanerror",
        "absmaxerror",
        "absolute error",
        "ndcg",
        "map",
        "mrr",
        "hitrate",
        "f_beta",
    ];
    let name = name.to_lowercase();
    FIGURES.iter().any(|figure| name.contains(figure))
}

/// What a test asks for.
#[derive(Debug, Default, PartialEq)]
struct Condition {
    /// The number that it compares with.
    limit: Option<f64>,
    /// `None` for a number that must be met, and where there are two limits.
    worse: Option<Worse>,
    words: Option<String>,
}

/// The condition of a test: `{"lte": {"value": 0.1, "relative": 0.1}}`.
fn condition(condition: &Value) -> Condition {
    const WORDS: [(&str, &str, Option<Worse>); 6] = [
        ("eq", "equal to", None),
        ("not_eq", "other than", None),
        ("lt", "below", Some(Worse::Higher)),
        ("lte", "at most", Some(Worse::Higher)),
        ("gt", "above", Some(Worse::Lower)),
        ("gte", "at least", Some(Worse::Lower)),
    ];
    let said: Vec<(f64, Option<Worse>, String)> = WORDS
        .iter()
        .filter_map(|(key, words, worse)| {
            let value = condition.get(key)?;
            let limit = json::finite(value).or_else(|| json::number(value, &["value"]))?;
            let around = json::number(value, &["relative"]).filter(|share| *share >= 0.001 && limit != 0.0);
            let around = around.map(|share| format!(" ± {}", domain::number::percent(share))).unwrap_or_default();
            Some((limit, *worse, format!("{words} {}{around}", number(limit))))
        })
        .collect();
    let words: Vec<&str> = said.iter().map(|(_, _, words)| words.as_str()).collect();
    Condition {
        limit: said.first().map(|(limit, _, _)| *limit),
        worse: said.first().filter(|_| said.len() == 1).and_then(|(_, worse, _)| *worse),
        words: (!words.is_empty()).then(|| words.join(" and ")),
    }
}

/// How a test ended. Evidently writes `SUCCESS`, `FAIL`, `WARNING`, `ERROR` and `SKIPPED`.
fn outcome(status: &str) -> CheckOutcome {
    match status.to_uppercase().as_str() {
        "SUCCESS" => CheckOutcome::Passed,
        "FAIL" => CheckOutcome::Failed,
        "WARNING" => CheckOutcome::Warned,
        _ => CheckOutcome::NotRun,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_method_is_a_distance_or_a_p_value_by_either_of_its_names() {
        for method in
            ["psi", "PSI", "Wasserstein distance (normed)", "jensenshannon", "ed", "Energy-distance", "kl_div"]
        {
            assert_eq!(Score::of(method), Score::Distance, "{method}");
        }
        for method in ["ks", "K-S p_value", "z", "Z-test p_value", "es", "Epps-Singleton", "Fisher's Exact test", "TVD"]
        {
            assert_eq!(Score::of(method), Score::PValue, "{method}");
        }
        assert_eq!(Score::of("custom function 'mine'"), Score::Unknown);
    }

    #[test]
    fn a_condition_has_its_limit_and_its_words() {
        let Condition { limit, words, worse } =
            condition(&json!({"eq": {"value": 4000, "relative": 0.1, "absolute": 1e-12}}));
        assert_eq!((limit, words.as_deref()), (Some(4000.0), Some("equal to 4,000 ± 10 %")));
        assert_eq!(condition(&json!({"gte": 0, "lt": 5})).words.as_deref(), Some("below 5 and at least 0"));
        assert_eq!(condition(&json!({"gte": 0, "lt": 5})).worse, worse);
        assert_eq!((worse, condition(&json!({"gt": 0.8})).worse), (None, Some(Worse::Lower)));
        assert_eq!(condition(&json!(null)), Condition::default());
    }
}
