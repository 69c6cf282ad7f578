//! Where alerts go, and what is on its way: for admins.

use domain::alert::{Channel, ChannelKind, Delivery, DeliveryState, Weekday};
use domain::incident::Severity;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::alerts::{AllChannels, find_channels};
use crate::components::{Age, AuthorField, When, loaded};

#[component]
pub fn ChannelsPage() -> impl IntoView {
    let tried = use_query_map().with_untracked(|query| query.get("tried"));
    loaded(find_channels(tried), |all| view! { <All all/> })
}

#[component]
pub(crate) fn All(all: AllChannels) -> impl IntoView {
    let AllChannels { channels, deliveries, tried, sends_email, now_ms } = all;
    let is_empty = channels.is_empty();
    let named = channels.clone();
    view! {
        <Title text="Channels"/>
        <header class="page-head">
            <p class="crumbs"><a href="/models">"Models"</a></p>
            <h1>"Channels"</h1>
            <p class="lead">"Where alerts go. The rules that make them stand on the page of each model."</p>
        </header>
        <div class="stack wide-gap">
            <section class="stack" aria-labelledby="channels">
                <h2 id="channels" class="hidden">"All channels"</h2>
                {match is_empty {
                    true => view! { <p class="card pad muted">"There is no channel: alerts are only seen on the pages of the models."</p> }.into_any(),
                    false => view! {
                        <ul class="plain rows card pad">
                            {channels
                                .into_iter()
                                .map(|channel| {
                                    let took = tried.as_ref() == Some(&channel.id);
                                    view! { <Line channel took/> }
                                })
                                .collect_view()}
                        </ul>
                    }
                    .into_any(),
                }}
            </section>
            <NewChannel sends_email/>
            {(!deliveries.is_empty()).then(|| view! { <Deliveries deliveries channels=named now_ms/> })}
        </div>
    }
}

#[component]
fn Line(channel: Channel, took: bool) -> impl IntoView {
    let models = match channel.models.as_slice() {
        [] => "all models that everybody sees".to_owned(),
        named => named.join(", "),
    };
    let quiet = channel.quiet.as_ref().map(|quiet| format!("; quiet {}", quiet.words()));
    let digest = channel.digest.as_ref().map(|digest| format!("; digest on {}", digest.words()));
    let (name, at) = (channel.name.clone(), format!("/channels/{}", channel.id));
    let is_email = channel.kind == ChannelKind::Email;
    view! {
        <li class="stack tight">
            <p>
                <strong>{name.clone()}</strong> " " <span class="muted">{channel.kind.words()} {if is_email { " to " } else { " at " }} <code>{channel.host}</code></span>
                {took.then(|| view! { " " <span class="pill good" role="status">"took the test"</span> })}
            </p>
            <p class="faint small">
                {channel.from.words()} " and above, of " {models} {quiet} {digest}
                {channel.has_secret.then_some("; with a secret")} ". Made by " {channel.created_by.to_string()} ", " <When ms=channel.created_at_ms/>
            </p>
            <div class="row actions">
                <form method="post" action=format!("{at}/test")>
                    <button aria-label=format!("Send a test to {name}")>"Send a test"</button>
                </form>
                <details class="disclosure">
                    <summary aria-label=format!("Remove {name}")>"Remove"</summary>
                    <form class="row" method="post" action=format!("{at}/remove")>
                        <span class="muted small">"What is on its way to it goes too."</span>
                        <AuthorField id=format!("remove-{}", channel.id)/>
                        <button aria-label=format!("Remove {name} for good")>"Remove it"</button>
                    </form>
                </details>
            </div>
        </li>
    }
}

#[component]
fn NewChannel(sends_email: bool) -> impl IntoView {
    view! {
        <section class="card pad stack" aria-labelledby="new-channel">
            <h2 id="new-channel">"New channel"</h2>
            <form class="stack" method="post" action="/channels">
                <div class="fields">
                    <div class="field">
                        <label for="channel-name">"Name"</label>
                        <input id="channel-name" name="name" required maxlength="300" autocomplete="off"/>
                    </div>
                    <div class="field">
                        <label for="channel-kind">"It is"</label>
                        <select id="channel-kind" name="kind">
                            {ChannelKind::ALL
                                .map(|kind| {
                                    let can = sends_email || kind != ChannelKind::Email;
                                    view! { <option value=kind.id() disabled=!can>{kind.words()}</option> }
                                })
                                .collect_view()}
                        </select>
                        {(!sends_email)
                            .then(|| view! { <p class="hint">"e-mail needs a mail server: start Mismatch with " <code>"--smtp"</code> " and " <code>"--mail-from"</code></p> })}
                    </div>
                    <div class="field">
                        <label for="channel-address">"Address"</label>
                        <input id="channel-address" name="address" maxlength="2000" autocomplete="off" placeholder="https://… or ada@example.com"/>
                        <p class="hint">"only its host is shown afterwards; PagerDuty needs none; of e-mail: who gets it, with commas"</p>
                    </div>
                    <div class="field">
                        <label for="channel-secret">"Secret"</label>
                        <input id="channel-secret" name="secret" type="password" maxlength="1000" autocomplete="off"/>
                        <p class="hint">"of a webhook: signs what is sent; of PagerDuty: the routing key"</p>
                    </div>
                    <div class="field">
                        <label for="channel-from">"Notified from"</label>
                        <select id="channel-from" name="from">
                            {Severity::ALL
                                .map(|one| view! { <option value=one.id() selected=one == Severity::Low>{one.words()}</option> })
                                .collect_view()}
                        </select>
                    </div>
                    <div class="field">
                        <label for="channel-models">"Models"</label>
                        <textarea id="channel-models" name="models" rows="2"></textarea>
                        <p class="hint">"one on each line; empty for all that everybody sees"</p>
                    </div>
                    <div class="field">
                        <label for="channel-quiet-from">"Quiet from"</label>
                        <input id="channel-quiet-from" name="quiet_from" type="time"/>
                        <p class="hint">"only critical alerts go out then; the others wait"</p>
                    </div>
                    <div class="field">
                        <label for="channel-quiet-until">"Quiet until"</label>
                        <input id="channel-quiet-until" name="quiet_until" type="time"/>
                    </div>
                    <div class="field">
                        <label for="channel-digest-day">"Digest of the week before"</label>
                        <select id="channel-digest-day" name="digest_day">
                            <option value="">"never"</option>
                            {Weekday::ALL.map(|day| view! { <option value=day.id()>{format!("each {}", day.words())}</option> }).collect_view()}
                        </select>
                    </div>
                    <div class="field">
                        <label for="channel-digest-at">"Digest at"</label>
                        <input id="channel-digest-at" name="digest_at" type="time" value="08:00"/>
                    </div>
                    <div class="field">
                        <label for="channel-zone">"Time zone"</label>
                        <input id="channel-zone" name="time_zone" value="UTC" maxlength="100" autocomplete="off"/>
                        <p class="hint">"such as Europe/Berlin"</p>
                    </div>
                </div>
                <div class="row">
                    <AuthorField id="channel-author"/>
                    <button class="primary">"Add the channel"</button>
                </div>
            </form>
        </section>
    }
}

#[component]
fn Deliveries(deliveries: Vec<Delivery>, channels: Vec<Channel>, now_ms: i64) -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby="deliveries">
            <h2 id="deliveries">"Messages"</h2>
            <ul class="plain rows card pad">
                {deliveries
                    .into_iter()
                    .map(|delivery| {
                        let to = channels.iter().find(|channel| channel.id == delivery.channel);
                        let to = to.map(|channel| channel.name.clone()).unwrap_or_default();
                        view! { <Sent delivery to now_ms/> }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Sent(delivery: Delivery, to: String, now_ms: i64) -> impl IntoView {
    let given_up = delivery.state == DeliveryState::GivenUp;
    let again = format!("/channels/{}/deliveries/{}", delivery.channel, delivery.id);
    let tried = domain::number::counted(u64::from(delivery.attempts), "try");
    view! {
        <li class="stack tight">
            <p class="row">
                <span class="pill" class:bad=given_up>{delivery.state.words()}</span>
                <span>{delivery.title.clone()}</span>
            </p>
            <p class="faint small">
                "To " {to} ", " {tried} ", "
                {match delivery.state {
                    DeliveryState::Waiting => view! { "next at " <When ms=delivery.at_ms/> }.into_any(),
                    DeliveryState::Delivered | DeliveryState::GivenUp => view! { <Age ms=delivery.at_ms now_ms/> }.into_any(),
                }}
                {(!delivery.error.is_empty()).then(|| format!(". {}", delivery.error))}
            </p>
            {given_up.then(|| view! {
                <form method="post" action=again>
                    <button aria-label=format!("Send again: {}", delivery.title)>"Send again"</button>
                </form>
            })}
        </li>
    }
}
