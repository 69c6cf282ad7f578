//! What is frozen: the numbers and the picture, as they were.

use serde::{Deserialize, Serialize};

use super::Pinned;
use crate::evaluation::{EvaluationRun, Split};
use crate::finding::{CertaintyKind, EvidenceLine, Finding};
use crate::plot::scene::{Asked, Chart, Head, Scene, Table, Value, differences, of_finding, pair, subject};
use crate::selection::{Flips, PairAnswer};
use crate::{Diagnosis, Mark, Problem, Selection, SelectionAnswer, SnapshotRole, number};

/// A piece of evidence as it was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exhibit {
    /// States what is shown.
    pub title: String,
    /// More about it, in sentences; may be empty.
    pub summary: String,
    /// The sign of a finding.
    #[serde(default)]
    pub mark: Option<FrozenMark>,
    /// Figures with their names.
    #[serde(default)]
    pub lines: Vec<EvidenceLine>,
    /// Figures in columns; those of a picture are in its scene.
    #[serde(default)]
    pub table: Option<Table>,
    #[serde(default)]
    pub scene: Option<Scene>,
}

/// A verdict as it was, and whether it was of what stood before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenMark {
    pub verdict: crate::Verdict,
    pub standing: bool,
}

impl FrozenMark {
    pub fn mark(self) -> Mark {
        Mark::of(self.verdict, self.standing)
    }
}

impl Exhibit {
    /// What is pinned, of the diagnosis as it is now. Rows are asked about first: see [`Exhibit::of_rows`] and
    /// [`Exhibit::of_pair`].
    ///
    /// # Errors
    /// `NotFound` or `BadInput` where the diagnosis has no such thing.
    pub fn of(diagnosis: &Diagnosis, pinned: &Pinned) -> Result<Exhibit, Problem> {
        match pinned {
            Pinned::Chart { chart, query } => of_chart(diagnosis, chart, query),
            Pinned::Finding { finding } => of_finding(diagnosis, finding),
            Pinned::Metrics { run, split } => of_metrics(diagnosis, run, split),
            Pinned::Rows { .. } => {
                Err(Problem::bad_input("Rows are pinned together with what is different about them."))
            }
            Pinned::Pair { .. } => Err(Problem::bad_input("Two columns are pinned together with their rows.")),
            Pinned::Flips { .. } => Err(Problem::bad_input("Two runs are pinned together with their rows.")),
        }
    }

    /// What changed from one run to another.
    pub fn of_flips(flips: &Flips) -> Exhibit {
        let line = |(label, value): (String, String)| EvidenceLine { label, value };
        let rows = flips.changes.iter().map(|change| {
            let text = |words: &str| Value::Text(words.to_owned());
            vec![text(&change.label), text(&change.first), text(&change.second), Value::Count(change.rows)]
        });
        let heads = ["label", "first answer", "second answer", "rows"].map(Head::ours).to_vec();
        let table = Table::new(heads, rows.collect());
        Exhibit {
            title: flips.title(),
            summary: flips.summary(),
            mark: None,
            lines: flips.figures().into_iter().map(line).collect(),
            table: (!flips.changes.is_empty()).then_some(table),
            scene: differences::of_columns(&flips.special, flips.outcomes.lost(), flips.rows - flips.outcomes.lost()),
        }
    }

    /// Two columns at once, on one side.
    ///
    /// # Errors
    /// `NotFound` where that side lacks one of them.
    pub fn of_pair(answer: &PairAnswer, side: SnapshotRole) -> Result<Exhibit, Problem> {
        let found = answer.sides.iter().find(|one| one.role == side).ok_or_else(|| {
            Problem::not_found(format!("Not both of the two columns are in {}. Choose the other side.", side.id()))
        })?;
        let scene = pair::scene(answer, found);
        let (title, summary) = (scene.title.clone(), scene.summary.clone());
        Ok(Exhibit { title, summary, mark: None, lines: Vec::new(), table: None, scene: Some(scene) })
    }

    /// Marked rows, and what is different about them.
    pub fn of_rows(selection: &Selection, answer: &SelectionAnswer) -> Exhibit {
        let kinds = answer.condition_kinds.iter().copied().map(Some).chain(std::iter::repeat(None));
        let conditions = selection.conditions.iter().zip(kinds);
        let rows: Vec<String> =
            conditions.map(|(condition, kind)| condition.words(kind.unwrap_or(crate::ColumnKind::Numeric))).collect();
        let line = |label: &str, value: String| EvidenceLine { label: label.to_owned(), value };
        let sizes = answer.tables.iter().map(|one| {
            let of = format!("{} of {}", number::count(one.selected), number::counted(one.examined, "row"));
            line(&format!("marked in {}", one.role.id()), of)
        });
        Exhibit {
            title: format!("What is different about the rows with {}", rows.join(" and ")),
            summary: [Some(answer.size_words()), answer.sampled_words()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
            mark: None,
            lines: sizes.collect(),
            table: None,
            scene: differences::scene(answer),
        }
    }
}

fn of_chart(diagnosis: &Diagnosis, chart: &str, query: &[(String, String)]) -> Result<Exhibit, Problem> {
    let known = Chart::from_id(chart)
        .ok_or_else(|| Problem::not_found(format!("There is no figure {chart}. Pin one that a page shows.")))?;
    let asked =
        Asked::from_query(|wanted| query.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone()));
    let scene = (known.draw)(diagnosis, &asked)?;
    let title = match scene.subject.as_str() {
        "" => scene.title.clone(),
        subject => format!("{}: {subject}", scene.title),
    };
    let summary = scene.summary.clone();
    Ok(Exhibit { title, summary, mark: None, lines: Vec::new(), table: None, scene: Some(scene) })
}

fn of_finding(diagnosis: &Diagnosis, id: &str) -> Result<Exhibit, Problem> {
    let finding = diagnosis.findings.iter().find(|finding| finding.id == id).ok_or_else(|| {
        Problem::not_found("The last diagnosis has no such finding. It may have disappeared when the checks ran again.")
    })?;
    let since = finding.since.map(|since| format!("It shows {}.", since.words()));
    Ok(Exhibit {
        title: finding.statement.clone(),
        summary: since.unwrap_or_default(),
        mark: Some(FrozenMark { verdict: finding.verdict, standing: finding.standing }),
        lines: figures(finding).into_iter().chain(finding.evidence.iter().cloned()).collect(),
        table: None,
        scene: of_finding::first(diagnosis, finding),
    })
}

/// What decided: the effect with its limit, the certainty and the sample sizes.
fn figures(finding: &Finding) -> Vec<EvidenceLine> {
    let line = |label: &str, value: String| EvidenceLine { label: label.to_owned(), value };
    let effect = &finding.effect;
    let interval = match (effect.low, effect.high) {
        (Some(low), Some(high)) => format!(" (95 % {} to {})", number::number(low), number::number(high)),
        _ => String::new(),
    };
    let effect_value =
        format!("{}{interval}, limit {}", number::number(effect.value), number::number(effect.threshold));
    let certainty = match finding.certainty.kind {
        CertaintyKind::Exact => "counted".to_owned(),
        kind => number::named_probability(kind.id(), finding.certainty.value),
    };
    let sizes = finding.n.iter().map(|(side, n)| line(&format!("rows of {side}"), number::count(*n)));
    let first = [
        line("check", finding.detector.to_string()),
        line(&effect.name.replace('_', " "), effect_value),
        line("certainty", certainty),
    ];
    first.into_iter().chain(sizes).collect()
}

fn of_metrics(diagnosis: &Diagnosis, name: &str, split: &Split) -> Result<Exhibit, Problem> {
    let run = diagnosis.evaluations.iter().find(|run| run.name == name && run.split == *split).ok_or_else(|| {
        Problem::not_found("The last diagnosis has no such evaluation run. It may have been taken out of the inputs.")
    })?;
    let threshold = run
        .thresholds
        .get("in_use")
        .map(|value| EvidenceLine { label: "threshold in use".to_owned(), value: number::number(*value) });
    let rows = EvidenceLine { label: "rows".to_owned(), value: number::count(run.n) };
    Ok(Exhibit {
        title: format!("Metrics: {}", subject(&run.name, &run.split)),
        summary: String::new(),
        mark: None,
        lines: [Some(rows), threshold].into_iter().flatten().collect(),
        table: Some(metrics(run)),
        scene: None,
    })
}

fn metrics(run: &EvaluationRun) -> Table {
    let rows = run.metrics.iter().map(|(name, metric)| {
        vec![
            Value::Text(name.clone()),
            Value::Number(metric.value),
            Value::number(metric.low),
            Value::number(metric.high),
        ]
    });
    Table::new(["metric", "value", "95 % from", "95 % to"].map(Head::ours).to_vec(), rows.collect())
}
