//! The run and its baseline side by side: one row per metric, each figure with its interval, and how the two differ; the
//! other runs next to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use checks::thresholds::SIGNIFICANCE;
use domain::evaluation::{Change, Compared, Metric, compared, distinct};
use domain::evidence::Pinned;
use domain::number;
use domain::{EvaluationRun, Task};
use leptos::prelude::*;

use super::asked::Chosen;
use crate::address::Place;

/// Metrics shown first, in this order; the others follow by name.
const FIRST: [&str; 16] = [
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "f1_macro",
    "mcc",
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier",
    "ece_10_equal_width",
    "mae",
    "rmse",
    "r2",
    "bias_mean_error",
];

/// Metrics seen without opening the rest.
const SHOWN: usize = 10;

/// A run that has a column, with the runs that are equal to it.
struct Column {
    run: EvaluationRun,
    also: Vec<String>,
}

/// `drawn` is what the address says about the runs in the charts, which the links keep.
#[component]
pub fn SideBySide(
    place: Place,
    runs: Arc<Vec<EvaluationRun>>,
    chosen: Chosen,
    drawn: Vec<(&'static str, String)>,
) -> impl IntoView {
    let columns = columns(&runs, chosen);
    let baseline = chosen.baseline.and_then(|place| runs.get(place));
    let differences = runs.get(chosen.run).zip(baseline).map(|(run, baseline)| compared(run, baseline));
    let shown: Vec<&EvaluationRun> = columns.iter().map(|column| &column.run).collect();
    let mut first = metric_names(&shown);
    let more = first.split_off(SHOWN.min(first.len()));
    let heads = || heads(&place, &columns, differences.is_some(), &drawn);
    let sizes = cells(
        columns.iter().map(|column| number::count(column.run.n)).map(plain),
        differences.is_some().then(|| plain(String::new())),
    );
    let note = differences.as_ref().map(|_| {
        format!(
            " A difference is marked where q, corrected for all metrics, is under {}. Its interval is Newcombe's (1998), \
             for figures that are not shares Zou and Donner's (2008); the two sets of rows count as independent.",
            number::number(SIGNIFICANCE)
        )
    });
    let pin = runs
        .get(chosen.run)
        .filter(|_| !place.is_read_only())
        .map(|run| place.pin(&Pinned::Metrics { run: run.name.clone(), split: run.split.clone() }.to_query()));
    let row_by_row = runs.get(chosen.run).zip(baseline).and_then(|(run, baseline)| {
        place.flips(&[
            ("run", &run.name),
            ("split", run.split.word()),
            ("against", &baseline.name),
            ("against_split", baseline.split.word()),
        ])
    });
    let rows = |names: &[String]| {
        let row = |name: &String| row(name, &columns, differences.as_ref());
        names.iter().map(row).collect::<Vec<_>>()
    };
    view! {
        <section class="stack" aria-labelledby="runs">
            <h2 id="runs">"Runs side by side"</h2>
            {differences.as_ref().zip(baseline).map(|(differences, baseline)| headline(&runs[chosen.run], baseline, differences))}
            <div class="table-scroll" tabindex="0" role="region" aria-labelledby="runs">
                <table class="table dense runs">
                    <caption>"Each figure with its 95 % interval. Names and definitions are scikit-learn's." {note}</caption>
                    <thead>{heads()}</thead>
                    <tbody>
                        <tr><th scope="row">"rows"</th>{sizes}</tr>
                        {rows(&first)}
                    </tbody>
                </table>
            </div>
            {row_by_row.map(|href| view! { <p><a class="button" href=href>"Row by row: what changed"</a></p> })}
            {pin.map(|href| view! { <p class="small"><a class="pin" href=href>"Pin the metrics of this run as evidence"</a></p> })}
            {(!more.is_empty()).then(|| view! {
                <details class="disclosure">
                    <summary>{number::counted(more.len() as u64, "more metric")}</summary>
                    <div class="table-scroll" tabindex="0" role="region" aria-label="More metrics">
                        <table class="table dense runs">
                            <thead>{heads()}</thead>
                            <tbody>{rows(&more)}</tbody>
                        </table>
                    </div>
                </details>
            })}
        </section>
    }
}

/// The run, its baseline, and the others in their order; equal runs once.
fn columns(runs: &[EvaluationRun], chosen: Chosen) -> Vec<Column> {
    let rank = |group: &Vec<usize>| match group.first() {
        Some(first) if *first == chosen.run => 0,
        Some(first) if Some(*first) == chosen.baseline => 1,
        _ => 2,
    };
    let mut groups = distinct(runs);
    groups.sort_by_key(rank);
    let column = |group: &Vec<usize>| {
        let (first, rest) = group.split_first()?;
        let also = rest.iter().map(|place| runs[*place].name.clone()).collect();
        Some(Column { run: runs.get(*first)?.clone(), also })
    };
    groups.iter().filter_map(column).collect()
}

/// In one sentence how far the main figure lies from the baseline, and how many of the others do.
fn headline(
    run: &EvaluationRun,
    baseline: &EvaluationRun,
    differences: &BTreeMap<String, Compared>,
) -> Option<AnyView> {
    let (metric, words) = match run.task {
        Task::Binary | Task::Multiclass => ("accuracy", "Accuracy"),
        Task::Regression => ("mae", "Mean absolute error"),
    };
    let found = differences.get(metric)?;
    let (now, was) = (run.value(metric)?, baseline.value(metric)?);
    let shown = |value: f64| if metric == "accuracy" { number::percent(value) } else { number::number(value) };
    let sizes = |value: f64| match metric {
        "accuracy" => number::significant(value.abs() * 100.0, 2),
        _ => number::number(value.abs()),
    };
    let unit = if metric == "accuracy" { " points" } else { "" };
    let estimate = found.difference.estimate;
    let direction = if estimate.value < 0.0 { "lower" } else { "higher" };
    let (near, far) = if estimate.value < 0.0 { (estimate.high, estimate.low) } else { (estimate.low, estimate.high) };
    let difference = if found.q < SIGNIFICANCE {
        format!("{}{unit} {direction} (95 % interval {} to {})", sizes(estimate.value), sizes(near), sizes(far))
    } else {
        "a difference that can be chance".to_owned()
    };
    let clear =
        |change: Change| differences.values().filter(|one| one.q < SIGNIFICANCE && one.change == change).count();
    let of = differences.len();
    let (worse, better) = (clear(Change::Worse), clear(Change::Better));
    Some(
        view! {
            <p class="run-headline">
                <strong>{format!("{words} is {} on {}, against {} on {}", shown(now), run.split, shown(was), baseline.split)}</strong>
                {format!(": {difference}. Of {of} metrics, {worse} are worse beyond chance and {better} better.")}
            </p>
        }
        .into_any(),
    )
}

/// The heads of the columns; each other run can be shown, or compared with.
fn heads(place: &Place, columns: &[Column], has_difference: bool, drawn: &[(&'static str, String)]) -> AnyView {
    let chosen = columns.first().map(|column| (column.run.name.clone(), column.run.split.to_string()));
    let chosen = chosen.unwrap_or_default();
    let head = |(at, column): (usize, &Column)| {
        let Column { run, also } = column;
        let to = |pairs: &[(&str, &str)]| {
            let own = pairs.iter().map(|(name, value)| (*name, *value));
            let kept = drawn.iter().map(|(name, value)| (*name, value.as_str()));
            place.evaluation(&own.chain(kept).collect::<Vec<_>>())
        };
        let show = to(&[("run", &run.name), ("split", run.split.word())]);
        let compare = to(&[
            ("run", &chosen.0),
            ("split", &chosen.1),
            ("against", &run.name),
            ("against_split", run.split.word()),
        ]);
        let is_baseline = at == 1 && has_difference;
        let role = match at {
            0 => view! { <span class="run-role">"Shown below"</span> }.into_any(),
            _ if is_baseline => view! { <span class="run-role">"Compared with"</span> }.into_any(),
            _ => view! { <a class="run-role" href=compare>"Compare with this"</a> }.into_any(),
        };
        let also =
            (!also.is_empty()).then(|| view! { <span class="kind">{format!("also {}", also.join(", "))}</span> });
        view! {
            <th scope="col" class="num">
                <a href=show aria-current=(at == 0).then_some("true")>
                    {run.split.to_string()} <span class="kind">{run.name.clone()}</span>
                </a>
                {also}
                {role}
            </th>
        }
        .into_any()
    };
    let mut heads: Vec<AnyView> = columns.iter().enumerate().map(head).collect();
    if has_difference {
        heads.insert(2.min(heads.len()), view! { <th scope="col" class="num">"Difference"</th> }.into_any());
    }
    view! { <tr><th scope="col">"Metric"</th>{heads}</tr> }.into_any()
}

fn metric_names(runs: &[&EvaluationRun]) -> Vec<String> {
    let all: BTreeSet<&String> = runs.iter().flat_map(|run| run.metrics.keys()).collect();
    let mut names: Vec<String> = all.into_iter().cloned().collect();
    names.sort_by_key(|name| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()));
    names
}

fn row(name: &str, columns: &[Column], differences: Option<&BTreeMap<String, Compared>>) -> AnyView {
    let figures = columns.iter().map(|column| figure_cell(column.run.metrics.get(name)));
    let cells = cells(figures, differences.map(|all| difference_cell(all.get(name))));
    view! { <tr><th scope="row"><code>{name.to_owned()}</code></th>{cells}</tr> }.into_any()
}

/// The cells of a row, with the difference after the first two.
fn cells(figures: impl Iterator<Item = AnyView>, difference: Option<AnyView>) -> Vec<AnyView> {
    let mut cells: Vec<AnyView> = figures.collect();
    if let Some(difference) = difference {
        cells.insert(2.min(cells.len()), difference);
    }
    cells
}

fn plain(words: String) -> AnyView {
    view! { <td class="num">{words}</td> }.into_any()
}

/// A figure with its interval below it; a dash where a run lacks it.
fn figure_cell(metric: Option<&Metric>) -> AnyView {
    let Some(metric) = metric else { return view! { <td class="num faint">"–"</td> }.into_any() };
    let interval = metric.low.zip(metric.high).map(|(low, high)| {
        view! { <span class="interval">{figure_words(low)} " to " {figure_words(high)}</span> }
    });
    view! { <td class="num">{figure_words(metric.value)} {interval}</td> }.into_any()
}

/// Three decimals for what lies around 1; amounts of any size keep the digits that matter.
pub fn figure_words(value: f64) -> String {
    if value.abs() < 100.0 { number::fixed(value) } else { number::number(value) }
}

fn difference_cell(compared: Option<&Compared>) -> AnyView {
    let Some(Compared { difference, q, change }) = compared else {
        return view! { <td class="num faint">"–"</td> }.into_any();
    };
    let estimate = difference.estimate;
    let (class, word) = match change {
        _ if *q >= SIGNIFICANCE => ("num faint", "within chance"),
        Change::Worse => ("num change worse", "worse"),
        Change::Better => ("num change better", "better"),
        Change::Neither => ("num change", "the rows differ"),
    };
    let sign = if estimate.value > 0.0 { "+" } else { "" };
    view! {
        <td class=class>
            {format!("{sign}{} ", figure_words(estimate.value))} <span class="change-word">{word}</span>
            <span class="interval">
                {figure_words(estimate.low)} " to " {figure_words(estimate.high)} ", " {number::named_probability("q", *q)}
            </span>
        </td>
    }
    .into_any()
}
