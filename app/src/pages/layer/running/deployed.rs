//! What is deployed: releases, model files, versions in traffic, and what the processes use of their limits.

use std::sync::Arc;

use domain::number;
use domain::observation::{ArtifactPlace, ModelArtifact, ResourceUse};
use domain::running::{Release, Running, VersionTraffic};
use leptos::prelude::*;

use crate::components::When;

#[component]
pub fn Deployed(running: Arc<Running>) -> impl IntoView {
    let Running { versions, deployments, artifacts, resources, .. } = running.as_ref().clone();
    let is_known = versions.is_some() || !deployments.is_empty() || !artifacts.is_empty() || !resources.is_empty();
    is_known.then(|| {
        view! {
            <section class="card pad stack" id="deployed" aria-labelledby="deployed-title">
                <h2 id="deployed-title">"What is deployed"</h2>
                {versions.map(|versions| view! { <Versions versions/> })}
                {(!deployments.is_empty()).then(|| view! { <Releases deployments/> })}
                {(!artifacts.is_empty()).then(|| view! { <Files artifacts/> })}
                {(!resources.is_empty()).then(|| view! { <Resources resources/> })}
            </section>
        }
    })
}

/// How the traffic was shared while two versions answered.
#[component]
fn Versions(versions: VersionTraffic) -> impl IntoView {
    let VersionTraffic { main, other, from_ms, to_ms, requests, by_other } = versions;
    view! {
        <p>
            "From " <When ms=from_ms/> " to " <When ms=to_ms/> " UTC two versions answered: " <code>{main}</code> " "
            {number::percent_of(requests - by_other, requests)} " and " <code>{other}</code> " "
            {number::percent_of(by_other, requests)} " of " {number::counted(requests, "request")} "."
        </p>
    }
}

#[component]
fn Releases(deployments: Vec<Release>) -> impl IntoView {
    let row = |one: Release| {
        let version = one.version.unwrap_or_default();
        let settings: Vec<String> = one.settings.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        view! {
            <tr>
                <td>{one.at_ms.map(|ms| view! { <When ms/> })}</td>
                <th scope="row">{one.model.unwrap_or_default()}</th>
                <td><code>{version}</code></td>
                <td class="num">{one.traffic_share.map(number::percent)}</td>
                <td>{one.previous_version.map(|version| view! { <code>{version}</code> })}</td>
                <td class="wrap settings small">{settings.join(", ")}</td>
                <td class="small muted">{one.source}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Releases">
            <table class="table">
                <caption>"Releases, the latest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"When (UTC)"</th>
                        <th scope="col">"Model"</th>
                        <th scope="col">"Version"</th>
                        <th scope="col" class="num">"Traffic"</th>
                        <th scope="col">"Before"</th>
                        <th scope="col">"Settings"</th>
                        <th scope="col">"From"</th>
                    </tr>
                </thead>
                <tbody>{deployments.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Files(artifacts: Vec<ModelArtifact>) -> impl IntoView {
    let place = |place: ArtifactPlace| match place {
        ArtifactPlace::Registered => "registered",
        ArtifactPlace::Evaluated => "evaluated",
        ArtifactPlace::Deployed => "deployed",
    };
    let row = move |one: ModelArtifact| {
        view! {
            <tr>
                <th scope="row">{place(one.place)}</th>
                <td>{one.model.unwrap_or_default()}</td>
                <td><code>{one.version.unwrap_or_default()}</code></td>
                <td class="wrap"><code>{one.digest.unwrap_or_default()}</code></td>
                <td class="small muted">{one.source}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Model files">
            <table class="table">
                <caption>"Model files, where each was seen"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Where"</th>
                        <th scope="col">"Model"</th>
                        <th scope="col">"Version"</th>
                        <th scope="col">"Digest"</th>
                        <th scope="col">"From"</th>
                    </tr>
                </thead>
                <tbody>{artifacts.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Resources(resources: Vec<ResourceUse>) -> impl IntoView {
    let bytes = |value: f64| number::bytes(value.max(0.0) as u64);
    let cores = |value: f64| number::significant(value, 3);
    let row = move |one: ResourceUse| {
        view! {
            <tr>
                <th scope="row"><code>{one.name}</code></th>
                <td>{used(one.memory_peak_bytes, one.memory_limit_bytes, bytes)}</td>
                <td>{used(one.cpu_peak_cores, one.cpu_limit_cores, cores)}</td>
                <td class="num">{one.cpu_throttled_share.map(number::percent)}</td>
                <td class="num">{one.out_of_memory_kills.map(number::count)}</td>
                <td class="num">{one.restarts.map(number::count)}</td>
                <td class="small muted">{one.source}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Resources and their limits">
            <table class="table">
                <caption>"Resources, the most that was used of each limit"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Process"</th>
                        <th scope="col">"Memory"</th>
                        <th scope="col">"CPU cores"</th>
                        <th scope="col" class="num">"Throttled"</th>
                        <th scope="col" class="num">"Killed for memory"</th>
                        <th scope="col" class="num">"Restarts"</th>
                        <th scope="col">"From"</th>
                    </tr>
                </thead>
                <tbody>{resources.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// What was used of a limit, in words and as a bar.
fn used(peak: Option<f64>, limit: Option<f64>, words: impl Fn(f64) -> String) -> AnyView {
    match (peak, limit.filter(|limit| *limit > 0.0)) {
        (Some(peak), Some(limit)) => {
            let told = format!("{} of {}", words(peak), words(limit));
            view! { <span class="block">{told}</span> <meter class="limit" min="0" max=limit.to_string() value=peak.to_string()></meter> }
                .into_any()
        }
        (Some(peak), None) => format!("{}, without a limit", words(peak)).into_any(),
        (None, Some(limit)) => format!("at most {}", words(limit)).into_any(),
        (None, None) => ().into_any(),
    }
}
