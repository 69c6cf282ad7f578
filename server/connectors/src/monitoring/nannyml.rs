//! NannyML: results of its calculators and estimators as CSV, with flat and with several head lines:
//! <https://nannyml.readthedocs.io/en/stable/tutorials/working_with_results.html>.

use std::collections::BTreeMap;

use domain::Problem;
use domain::number::{count, counted};
use domain::observation::{MetricSeries, SignalKind};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};

use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, numbers};

const TOOL: &str = "NannyML";
/// Head lines at most.
const HEADS: usize = 3;
/// The measures that are part of a group's name, after the column.
const METHODS: [&str; 7] = [
    "kolmogorov_smirnov",
    "jensen_shannon",
    "wasserstein",
    "hellinger",
    "l_infinity",
    "chi2",
    "population_stability_index",
];
const SCORES: [&str; 9] = [
    "roc_auc",
    "f1",
    "precision",
    "recall",
    "specificity",
    "accuracy",
    "average_precision",
    "business_value",
    "confusion_matrix",
];
const ERRORS: [&str; 6] = ["mae", "mape", "mse", "msle", "rmse", "rmsle"];

pub(crate) static RESULT: Connector = Connector {
    id: "nannyml",
    tool: TOOL,
    words: "NannyML result, CSV with one or several head lines",
    proven_on: "0.13.1",
    takes: "alerts of each measure after the reference, with the first one and its limit; the values over time",
    leaves: "sampling errors and confidence bands",
    recognise: |seen| of_heads(seen).is_some(),
    read,
};

/// Column by field of the chunks, and by group its fields.
struct Layout {
    heads: usize,
    chunk: BTreeMap<String, usize>,
    groups: Vec<Group>,
    /// Where each group is in the list, while it is put together.
    places: BTreeMap<String, usize>,
}

/// A measure, with the places of its fields.
struct Group {
    name: String,
    fields: BTreeMap<String, usize>,
}

/// The layout by the head lines; `None` when it is not of NannyML. It asks for the columns of chunks and of alerts.
fn of_heads(seen: &Seen<'_>) -> Option<Layout> {
    let lines: Vec<&str> = seen.text.lines().take(HEADS + 1).collect();
    layout(&lines)
}

fn layout(lines: &[&str]) -> Option<Layout> {
    let cells =
        |line: &&str| -> Vec<String> { line.split(',').map(|cell| cell.trim().trim_matches('"').to_owned()).collect() };
    let rows: Vec<Vec<String>> = lines.iter().map(cells).collect();
    let first = rows.first()?;
    // With several head lines the first repeats the word of the level above the fields of the chunks.
    let heads = match first.iter().filter(|cell| *cell == "chunk").count() {
        0 | 1 => 1,
        _ => 1 + rows.iter().position(|row| row.iter().any(|cell| cell == "start_index"))?,
    };
    let heads = heads.clamp(1, rows.len().min(HEADS));
    let mut found = Layout { heads, chunk: BTreeMap::new(), groups: Vec::new(), places: BTreeMap::new() };
    for place in 0..first.len() {
        let levels: Vec<&str> = rows.iter().take(heads).filter_map(|row| row.get(place)).map(String::as_str).collect();
        found.place(place, &levels);
    }
    found.groups.retain(|group| group.fields.contains_key("alert") && group.fields.contains_key("value"));
    let has = |field: &str| found.chunk.contains_key(field);
    let is_chunked = has("start_index") && has("end_index") && (has("key") || has("chunk_index") || has("index"));
    (is_chunked && !found.groups.is_empty()).then_some(found)
}

impl Layout {
    /// Takes in a column: its levels, or its one flat name.
    fn place(&mut self, place: usize, levels: &[&str]) {
        let flat = levels.len() == 1;
        let last = levels.last().copied().unwrap_or_default();
        if !flat && levels.first() == Some(&"chunk") {
            self.chunk.insert(last.to_owned(), place);
            return;
        }
        const FIELDS: [&str; 8] = [
            "value",
            "alert",
            "upper_threshold",
            "lower_threshold",
            "realized",
            "sampling_error",
            "upper_confidence_boundary",
            "lower_confidence_boundary",
        ];
        let known = |field: &&&str| {
            if flat { last.strip_suffix(**field).is_some_and(|rest| rest.ends_with('_')) } else { last == **field }
        };
        let Some(field) = FIELDS.iter().find(known) else {
            let chunk = last.strip_prefix("chunk_").filter(|_| flat);
            self.chunk.extend(chunk.map(|field| (field.to_owned(), place)));
            return;
        };
        let name = match flat {
            true => last.strip_suffix(field).unwrap_or_default().trim_end_matches('_').to_owned(),
            false => levels[..levels.len() - 1].join("_"),
        };
        let next = self.groups.len();
        let at = *self.places.entry(name.clone()).or_insert(next);
        if at == next {
            self.groups.push(Group { name, fields: BTreeMap::new() });
        }
        if let Some(group) = self.groups.get_mut(at) {
            group.fields.insert((*field).to_owned(), place);
        }
    }
}

/// What a group measures.
struct Measure {
    about: CheckSubject,
    /// Empty for all columns together.
    column: Option<String>,
    statistic: String,
    kind: SignalKind,
    higher_is_better: Option<bool>,
    /// Whether an alert rests on a p-value: NannyML gives chi2 no limit.
    by_p_value: bool,
}

impl Measure {
    fn of(group: &Group, chunks: &[Chunk]) -> Self {
        let name = group.name.as_str();
        let plain = |about, statistic: &str, kind, better| Measure {
            about,
            column: None,
            statistic: statistic.to_owned(),
            kind,
            higher_is_better: better,
            by_p_value: false,
        };
        let of_column = |about, statistic: &str, kind| Measure {
            column: Some(name.to_owned()),
            ..plain(about, statistic, kind, None)
        };
        let method = METHODS.iter().find_map(|method| Some((*method, name.strip_suffix(method)?.strip_suffix('_')?)));
        if let Some((method, column)) = method {
            let drift = plain(CheckSubject::DriftOverTime, method, SignalKind::InputDrift, None);
            return Measure { column: Some(column.to_owned()), by_p_value: method == "chi2", ..drift };
        }
        let (score, error) =
            (SCORES.contains(&name) || name.starts_with("true_"), ERRORS.contains(&name) || name.starts_with("false_"));
        if score || error {
            let estimated = group.fields.contains_key("realized");
            let about = if estimated { CheckSubject::EstimatedPerformance } else { CheckSubject::PerformanceOverTime };
            return plain(about, name, SignalKind::Performance, Some(score));
        }
        if matches!(name, "reconstruction_error" | "domain_classifier_auroc" | "classifier_auroc") {
            return plain(CheckSubject::DriftOverTime, name, SignalKind::InputDrift, None);
        }
        // Missing values are shares or counts; anything else is a summary statistic of the column.
        let is_count = |value: f64| (0.0..=1.0).contains(&value) || (value > 0.0 && value.fract() == 0.0);
        match group.fields.contains_key("sampling_error") {
            true if !chunks.iter().filter_map(|chunk| chunk.value).all(is_count) => {
                of_column(CheckSubject::DriftOverTime, "summary statistic", SignalKind::InputDrift)
            }
            true => of_column(CheckSubject::MissingOverTime, "missing values", SignalKind::MissingValues),
            false => of_column(CheckSubject::NewValuesOverTime, "unseen values", SignalKind::InputDrift),
        }
    }

    fn signal(&self) -> String {
        self.column.as_ref().map_or_else(|| self.statistic.clone(), |column| format!("{column} {}", self.statistic))
    }
}

/// One chunk of one group.
struct Chunk {
    is_analysis: bool,
    start_ms: Option<i64>,
    end_ms: Option<i64>,
    key: String,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    alert: bool,
}

impl Chunk {
    /// The limit that the value passed, or the one it may not pass: of a score the lower one.
    fn limit(&self, measure: &Measure) -> Option<(f64, Worse)> {
        let below = self.value.zip(self.low).is_some_and(|(value, low)| value < low);
        let is_score = measure.higher_is_better == Some(true) && !self.alert;
        let low = self.low.map(|low| (low, Worse::Lower));
        let high = self.high.map(|high| (high, Worse::Higher));
        if below || is_score { low.or(high) } else { high.or(low) }
    }
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    let lines: Vec<&str> = text.lines().take(HEADS + 1).collect();
    let layout =
        layout(&lines).ok_or_else(|| given.bad("its head lines are not those of a NannyML result; export it again"))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().skip(layout.heads).filter_map(Result::ok).collect();
    let mut brought = Brought::default();
    for group in &layout.groups {
        let chunks: Vec<Chunk> = rows.iter().map(|row| layout.chunk(group, row)).collect();
        let measure = Measure::of(group, &chunks);
        brought.facts.checks.extend(check(&group.name, &measure, &chunks));
        brought.observations.series.extend(series(&measure, &chunks));
    }
    if !rows.is_empty() && brought.observations.series.is_empty() {
        brought.left.push(format!("the course over {}, which have no dates", counted(rows.len() as u64, "chunk")));
    }
    Ok(brought)
}

impl Layout {
    fn chunk(&self, group: &Group, row: &csv::StringRecord) -> Chunk {
        let of_chunk = |field: &str| self.chunk.get(field).and_then(|place| row.get(*place)).unwrap_or_default().trim();
        let cell = |field: &str| group.fields.get(field).and_then(|place| row.get(*place)).unwrap_or_default().trim();
        let number = |field: &str| cell(field).parse::<f64>().ok().filter(|number| number.is_finite());
        Chunk {
            is_analysis: of_chunk("period") != "reference",
            start_ms: numbers::moment(of_chunk("start_date")),
            end_ms: numbers::moment(of_chunk("end_date")),
            key: of_chunk("key").to_owned(),
            value: number("value"),
            low: number("lower_threshold"),
            high: number("upper_threshold"),
            alert: matches!(cell("alert"), "True" | "true" | "TRUE" | "1"),
        }
    }
}

/// The alerts of a group after the reference. A single one may be chance: a group fails when a quarter of its chunks and at
/// least two of them alert.
fn check(name: &str, measure: &Measure, chunks: &[Chunk]) -> Option<ToolCheck> {
    let analysis: Vec<&Chunk> = chunks.iter().filter(|chunk| chunk.is_analysis).collect();
    let last = analysis.last()?;
    let alerts: Vec<&&Chunk> = analysis.iter().filter(|chunk| chunk.alert).collect();
    let many = alerts.len() >= 2 && alerts.len() * 4 >= analysis.len();
    let outcome = match alerts.len() {
        0 => CheckOutcome::Passed,
        _ if many && !measure.by_p_value => CheckOutcome::Failed,
        _ => CheckOutcome::Warned,
    };
    let shown = alerts.first().map_or(*last, |first| **first);
    let source = Source::of(TOOL, None, name);
    let mut check = ToolCheck::new(source, name, measure.about, measure.column.iter().cloned().collect(), outcome);
    if let Some(value) = shown.value {
        let (limit, worse) = shown.limit(measure).unzip();
        check = check.with_measured(&measure.statistic, value, limit).worse_when(worse);
    }
    let (some, all) = (count(alerts.len() as u64), counted(analysis.len() as u64, "chunk"));
    let first = alerts.first().map(|first| {
        let since = first.start_ms.map_or_else(|| first.key.clone(), domain::plot::format::time);
        format!(", the first from {since}")
    });
    let of = if alerts.len() == 1 { "alerts" } else { "alert" };
    check = check.with_observed(format!("{some} of {all} {of}{}", first.unwrap_or_default()));
    Some(check.with_time(alerts.first().and_then(|first| first.start_ms)))
}

fn series(measure: &Measure, chunks: &[Chunk]) -> Option<MetricSeries> {
    let mut points: Vec<(i64, f64)> = chunks.iter().filter_map(|chunk| Some((chunk.end_ms?, chunk.value?))).collect();
    points.sort_by_key(|(time, _)| *time);
    points.dedup_by_key(|(time, _)| *time);
    (points.len() > 1).then(|| MetricSeries {
        source: String::new(),
        signal: measure.signal(),
        kind: measure.kind,
        unit: None,
        higher_is_better: measure.higher_is_better,
        points,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str) -> bool {
        of_heads(&Seen::of(text.as_bytes())).is_some()
    }

    #[test]
    fn columns_of_chunks_and_alerts_make_a_result_and_not_a_table() {
        assert!(is("chunk_key,chunk_index,chunk_start_index,chunk_end_index,a_value,a_alert\n[0:1],0,0,1,0.1,False\n"));
        assert!(is("chunk,chunk,chunk,a,a\nkey,start_index,end_index,value,alert\n[0:1],0,1,0.1,False\n"));
        assert!(is(",chunk,chunk,chunk,a,a\n,key,start_index,end_index,value,alert\n0,[0:1],0,1,0.1,False\n"));
        assert!(!is("chunk,chunk,value,alert\n1,2,3,4\n") && !is("chunk_id,value,alert\n1,2,True\n") && !is(""));
    }

    #[test]
    fn one_alert_of_many_only_warns() {
        let chunk = |alert| Chunk {
            is_analysis: true,
            start_ms: None,
            end_ms: None,
            key: "[0:9]".to_owned(),
            value: Some(0.5),
            low: Some(0.6),
            high: Some(0.9),
            alert,
        };
        let group = Group { name: "a b_jensen_shannon".to_owned(), fields: BTreeMap::new() };
        let measure = Measure::of(&group, &[]);
        assert_eq!(measure.signal(), "a b jensen_shannon");
        let judged = |alerts: usize| check("a", &measure, &(0..12).map(|at| chunk(at < alerts)).collect::<Vec<_>>());
        assert_eq!(judged(1).map(|check| check.outcome), Some(CheckOutcome::Warned));
        assert_eq!(judged(3).map(|check| check.outcome), Some(CheckOutcome::Failed));
        assert_eq!(judged(0).and_then(|check| check.measured?.limit), Some(0.6));
    }
}
