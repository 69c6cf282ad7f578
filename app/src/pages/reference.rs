//! The map as documentation: layers, items, detectors and thresholds, from the very constants the checks use.

pub(super) mod examples;
mod tools;

use checks::detectors::{self, Detector};
use checks::suspects::RELIABILITY;
use checks::thresholds::{self, Threshold};
use domain::need::in_words;
use domain::symptom::Symptom;
use domain::{Item, Layer, Task};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::address;
use crate::charts::drawing;
use crate::components::{ProblemPanel, VerdictLegend};
use crate::error::AppError;
use domain::evaluation::CalibrationBin;
use domain::number;
use domain::plot::scene::{self, Axis, Key, Scene, Tone};
use examples::ExampleFinding;
use tools::ToolsTable;

#[component]
pub fn ReferencePage() -> impl IntoView {
    view! {
        <Title text="Reference"/>
        <header class="page-head">
            <h1>"The map"</h1>
            <p class="lead">
                "Seven layers where a fault can be, twenty-three questions, and what Mismatch checks to answer each. "
                "Each answer is one of four verdicts; a fifth sign marks a weakness that was there before and is not what changed."
            </p>
            <VerdictLegend/>
        </header>
        <div class="reference-layers">
            {Layer::ALL.map(|layer| view! { <LayerSummary layer/> }).collect_view()}
        </div>
        <section class="stack section" aria-labelledby="likelihood">
            <h2 id="likelihood">"How likely a suspect is a cause"</h2>
            <p class="lead">
                "The likelihood of a suspect is estimated from known faults in two dozen tables, and compared with what fourteen other tables show, "
                "which no rule and no weight was made with: a point on the line means that as many suspects were causes as was promised."
            </p>
            {drawing(reliability())}
        </section>
        <section class="stack section" aria-labelledby="coverage">
            <h2 id="coverage">"What each check covers"</h2>
            <p class="lead">
                "Which labels a check can judge and what it needs. Of another label, or without these inputs, it says “no evidence” with the reason."
            </p>
            <CoverageTable/>
        </section>
        <section class="stack section" aria-labelledby="tools">
            <h2 id="tools">"Files of other tools"</h2>
            <p class="lead">
                "Drop them as the tools write them: each is recognised by its content and put on its layer. What another tool found is "
                "evidence for or against what is found here."
            </p>
            <ToolsTable/>
        </section>
        <section class="stack" aria-labelledby="thresholds">
            <h2 id="thresholds">"Thresholds"</h2>
            <p class="lead">"One table, read by every check, view and report. Each number with the reason it has that value."</p>
            <ThresholdTable thresholds=thresholds::ALL.iter().collect()/>
        </section>
    }
}

/// The share of causes among the suspects of each promised likelihood.
fn reliability() -> Scene {
    let bins: Vec<CalibrationBin> = RELIABILITY
        .iter()
        .zip(0..)
        .filter(|(bin, _)| bin.suspects > 0)
        .map(|(bin, place)| {
            let interval = bin.share_of_causes();
            CalibrationBin {
                low: f64::from(place) / 10.0,
                high: f64::from(place + 1) / 10.0,
                n: bin.suspects,
                mean_score: bin.promised,
                rate: interval.value,
                rate_low: interval.low,
                rate_high: interval.high,
            }
        })
        .collect();
    let suspects = number::counted(bins.iter().map(|bin| bin.n).sum(), "suspect");
    Scene {
        title: "Share of suspects that were causes, by the likelihood that was promised".to_owned(),
        legend: vec![
            Key::new(Tone::Model, format!("{suspects} in held-out tables, 95 % intervals")),
            Key::dashed("as promised"),
        ],
        x: Axis::shares(1.0, "promised likelihood"),
        y: Axis::shares(1.0, "share that were causes"),
        ..scene::calibration::of_bins(&bins)
    }
}

#[component]
fn LayerSummary(layer: Layer) -> impl IntoView {
    let text = layer.text();
    view! {
        <section class="card pad" aria-labelledby=layer.id()>
            <h2 id=layer.id()><span class="station-number">{layer.number()}</span> " " {text.title}</h2>
            <p class="muted">{text.question}</p>
            <ul class="plain rows">
                {layer
                    .items()
                    .map(|item| {
                        let count = detectors::all().filter(|detector| detector.item == item).count() as u64;
                        view! {
                            <li>
                                <a class="row-link" href=address::reference(item.code())>
                                    <code>{item.code()}</code>
                                    <span>{item.question()}</span>
                                    <span class="faint">{number::counted(count, "check")}</span>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <p class="advice">{text.advice}</p>
        </section>
    }
}

/// One item, or the item a detector's id belongs to.
#[component]
pub fn ItemReferencePage() -> impl IntoView {
    let code = use_params_map().with_untracked(|params| params.get("code")).unwrap_or_default();
    let named = code.split('.').next().and_then(Item::from_code);
    match named {
        Some(item) => view! { <ItemReference item/> }.into_any(),
        None => {
            let known: Vec<&str> = Item::ALL.iter().map(|item| item.code()).collect();
            let error = AppError::not_found(format!(
                "There is no item \u{201c}{code}\u{201d}. The items are {}.",
                known.join(", ")
            ));
            view! { <ProblemPanel error/> }.into_any()
        }
    }
}

#[component]
pub(super) fn ItemReference(item: Item) -> impl IntoView {
    let text = item.layer().text();
    let checks: Vec<&'static Detector> = detectors::all().filter(|detector| detector.item == item).collect();
    let none_yet = checks.is_empty();
    view! {
        <Title text=format!("{} {}", item.code(), item.question())/>
        <header class="page-head">
            <p class="crumbs"><a href="/reference">"Reference"</a> " / " {text.title}</p>
            <h1><code>{item.code()}</code> " " {item.question()}</h1>
            <p class="lead">"Needs " {item.needs().words()} "."</p>
        </header>
        <div class="stack wide-gap">
            {checks.into_iter().enumerate().map(|(place, detector)| view! { <DetectorReference detector is_first=place == 0/> }).collect_view()}
            {none_yet.then(|| view! {
                <p class="notice">"No check of this item is built in yet. On a map it shows as “no evidence”, with what it will need."</p>
            })}
            {checks::tools::of_item(item).map(|detector| view! { <DetectorReference detector is_first=false/> })}
            <section class="stack" aria-labelledby="layer">
                <h2 id="layer">"In this layer"</h2>
                <p>{text.advice}</p>
                <p class="muted">"Teams report it as: " {Symptom::of_layer(item.layer()).map(|one| one.words).collect::<Vec<_>>().join("; ")} "."</p>
                <p class="muted">"Tools at work here: " {text.tools.join(", ")} "."</p>
            </section>
        </div>
    }
}

#[component]
fn DetectorReference(detector: &'static Detector, is_first: bool) -> impl IntoView {
    let prefix = format!("{}.", detector.id);
    let own: Vec<&'static Threshold> =
        thresholds::ALL.iter().filter(|threshold| threshold.name.starts_with(&prefix)).collect();
    let causes: Vec<&str> = detector.causes.iter().map(|cause| cause.words()).collect();
    view! {
        <section class="card pad stack" id=detector.id.as_str() aria-labelledby=format!("{}-title", detector.id)>
            <h2 id=format!("{}-title", detector.id)>{detector.title} " " <code class="faint">{detector.id.as_str()}</code></h2>
            <dl class="facts">
                <dt>"Checks for"</dt><dd>{detector.looks_for}</dd>
                <dt>"Why it matters"</dt><dd>{detector.why_it_matters}</dd>
                <dt>"Needs"</dt><dd>{in_words(&detector.inputs())}</dd>
                <dt>"Label"</dt><dd>{covered_labels(detector)}</dd>
                <dt>"How it decides"</dt><dd>{detector.decision()}</dd>
                <dt>"Try next"</dt><dd>{detector.try_next}</dd>
                {(!causes.is_empty()).then(|| view! { <dt>"Can support"</dt><dd>{causes.join(", ")}</dd> })}
            </dl>
            <ExampleFinding detector open=is_first/>
            {(!own.is_empty()).then(|| view! { <ThresholdTable thresholds=own/> })}
        </section>
    }
}

/// Every check with the tasks it covers and its inputs.
#[component]
fn CoverageTable() -> impl IntoView {
    let row = |detector: &'static Detector| {
        view! {
            <tr>
                <th scope="row" class="wrap">
                    <a href=address::reference(detector.item.code())>{detector.title}</a> " " <code class="faint">{detector.item.code()}</code>
                </th>
                <td class="wrap">{covered_labels(detector)}</td>
                <td class="wrap">{in_words(&detector.inputs())}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="What each check covers">
            <table class="table of-checks">
                <thead><tr><th scope="col">"Check"</th><th scope="col">"Label"</th><th scope="col">"Needs"</th></tr></thead>
                <tbody>{detectors::all().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn covered_labels(detector: &Detector) -> String {
    if detector.tasks == Task::ALL {
        return "any".to_owned();
    }
    let covered: Vec<&str> = detector.tasks.iter().map(|task| task.label()).collect();
    covered.join(" or ")
}

#[component]
fn ThresholdTable(thresholds: Vec<&'static Threshold>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Thresholds">
            <table class="table">
                <thead><tr><th scope="col">"Threshold"</th><th scope="col" class="num">"Value"</th><th scope="col">"Why this value"</th></tr></thead>
                <tbody>
                    {thresholds
                        .into_iter()
                        .map(|threshold| view! {
                            <tr>
                                <th scope="row"><code>{threshold.name}</code></th>
                                <td class="num">{number::significant(threshold.value, 6)}</td>
                                <td class="wrap">{threshold.reason}</td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
