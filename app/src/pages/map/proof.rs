//! The picture next to the prime suspect: it shows what the suspect says, or there is none.

use std::sync::Arc;

use domain::plot::scene::{ColumnView, Picture, column};
use domain::since::Extent;
use domain::{Cause, Comparison, Diagnosis, Finding, Suspect};
use leptos::prelude::*;

use crate::address::Place;
use crate::charts::{ColumnChart, TimeChart};

/// What shows a suspect.
enum Shown {
    /// How the values of a column are distributed, or move, on both sides.
    Column(Comparison, Picture),
    /// A measure along time.
    Series(domain::over_time::TimeSeries),
    /// The evidence of its strongest finding, in words.
    Evidence(Finding),
}

#[component]
pub fn Proof(place: Place, diagnosis: Arc<Diagnosis>, suspect: Suspect) -> impl IntoView {
    let deployments = diagnosis.over_time.deployments.clone();
    shown(&diagnosis, &suspect).map(|shown| {
        let picture = match shown {
            Shown::Column(comparison, picture) => {
                let href = place.column(&comparison.column);
                let view = ColumnView { picture, ..ColumnView::default() };
                view! {
                    <ColumnChart place=place.clone() comparison view/>
                    <p class="small on-screen"><a href=href>"Look closer"</a></p>
                }
                .into_any()
            }
            Shown::Series(series) => view! { <TimeChart place=place.clone() series deployments/> }.into_any(),
            Shown::Evidence(finding) => view! { <Evidence finding/> }.into_any(),
        };
        view! { <div class="suspect-chart">{picture}</div> }
    })
}

fn shown(diagnosis: &Diagnosis, suspect: &Suspect) -> Option<Shown> {
    let own = || suspect.findings.iter().filter_map(|id| diagnosis.findings.iter().find(|one| one.id == *id));
    let along_time = own().find_map(|finding| diagnosis.over_time.of_finding(&finding.id).next());
    if let Some(series) = along_time {
        return Some(Shown::Series(series.clone()));
    }
    if is_of_values(suspect.cause) {
        let compared = suspect.columns.iter().find_map(|name| compared(diagnosis, name));
        if let Some(comparison) = compared {
            return Some(Shown::Column(comparison.clone(), picture(comparison, suspect)));
        }
    }
    own().find(|finding| !finding.evidence.is_empty()).cloned().map(Shown::Evidence)
}

fn compared<'a>(diagnosis: &'a Diagnosis, name: &str) -> Option<&'a Comparison> {
    diagnosis.comparisons.iter().find(|comparison| comparison.column == name && comparison.chart.is_some())
}

/// Something that began, or moves, is seen along time; what holds for all served rows is seen in the distribution.
fn picture(comparison: &Comparison, suspect: &Suspect) -> Picture {
    let has_times = column::pictures(comparison).contains(&Picture::OverTime);
    let moves =
        suspect.since.is_some_and(|since| since.extent != Extent::WholePeriod) || suspect.cause == Cause::GradualDrift;
    if has_times && moves { Picture::OverTime } else { Picture::Histogram }
}

/// Whether the distribution of a column's values shows the cause. Values that are missing, a column that follows the label,
/// and rows that are there twice are not seen in it.
fn is_of_values(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::DistributionShift
            | Cause::PriorShift
            | Cause::GradualDrift
            | Cause::ColumnSwap
            | Cause::SentinelValues
            | Cause::InconsistentCategories
            | Cause::CategoryRecode
            | Cause::UnseenCategory
            | Cause::ImpossibleValues
            | Cause::OutOfRange
            | Cause::UnitScale
            | Cause::OffsetShift
            | Cause::NormalisationMismatch
            | Cause::EncodingOrder
            | Cause::ImputationDifference
            | Cause::RoundingLoss
    )
}

#[component]
fn Evidence(finding: Finding) -> impl IntoView {
    /// Lines next to the suspect; the finding's page has all.
    const LINES: usize = 8;
    view! {
        <table class="table dense">
            <caption>"Evidence"</caption>
            <tbody>
                {finding
                    .evidence
                    .into_iter()
                    .take(LINES)
                    .map(|line| view! { <tr><th scope="row" class="wrap">{line.label}</th><td class="wrap">{line.value}</td></tr> })
                    .collect_view()}
            </tbody>
        </table>
    }
}
