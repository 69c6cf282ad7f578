//! Handing an investigation on: as text for a chat, and by links.

use domain::investigation::{LinkPreview, LinkShows, NewShareLink, ShareLink};
use domain::number;
use leptos::prelude::*;

use crate::address::Place;
use crate::api::investigations::Opened;
use crate::components::{CopyBox, SignedRow, When};
use crate::visitor::Origin;

/// Lines of the text that are seen without scrolling.
const ROWS: usize = 7;

/// The cause, since when, and the effect, as text with the address.
#[component]
pub fn Chat(opened: Opened) -> impl IntoView {
    let text = opened.chat + &Origin::here().of(&opened.place.map());
    view! {
        <details class="disclosure for-chat">
            <summary>"Copy as text for a chat"</summary>
            <CopyBox id="for-chat".to_owned() label="Text for a chat" text rows=ROWS/>
        </details>
    }
}

#[component]
pub fn Share(opened: Opened) -> impl IntoView {
    let Opened { investigation, links, new_link, now_ms, .. } = opened;
    let id = investigation.id;
    let works = |link: &ShareLink| link.revoked_at_ms.is_none() && link.expires_at_ms.is_none_or(|end| now_ms < end);
    let (live, ended): (Vec<ShareLink>, Vec<ShareLink>) = links.into_iter().partition(works);
    let ended = ended.len();
    let lost = live.iter().any(|link| new_link.as_ref().is_none_or(|new| new.link.id != link.id));
    view! {
        <section class="stack" aria-labelledby="share">
            <h2 id="share">"Share"</h2>
            <div class="card pad stack">
                <p class="muted small">"A link shows this page to anyone who has it. It is read-only, and you can revoke it."</p>
                <form class="stack" method="post" action=format!("/investigations/{id}/share-links")>
                    <div class="row">
                        <label for="share-days">"Expires after"</label>
                        <select id="share-days" class="auto" name="expires_days">
                            <option value="7">"7 days"</option>
                            <option value="30" selected>"30 days"</option>
                            <option value="365">"1 year"</option>
                            <option value="">"never"</option>
                        </select>
                    </div>
                    <div class="row">
                        <label for="share-shows">"It shows this"</label>
                        <select id="share-shows" class="auto" name="shows">
                            {LinkShows::ALL.map(|one| view! { <option value=one.id()>{one.words()}</option> }).collect_view()}
                        </select>
                    </div>
                    <div class="row">
                        <label for="share-preview">"A chat shows of it"</label>
                        <select id="share-preview" class="auto" name="preview">
                            {LinkPreview::ALL.map(|one| view! { <option value=one.id()>{one.words()}</option> }).collect_view()}
                        </select>
                    </div>
                    <details class="disclosure small">
                        <summary>"With a password"</summary>
                        <div class="field">
                            <label for="share-password">"Who opens it has to know (at least 10 characters)"</label>
                            <input id="share-password" type="password" name="password" maxlength="256" autocomplete="new-password"/>
                        </div>
                    </details>
                    <SignedRow id="share-author" action="Make a link"/>
                </form>
                {(!live.is_empty()).then(|| view! {
                    <ul class="plain links">
                        {live.into_iter().map(|link| view! { <LiveLink link new_link=new_link.clone()/> }).collect_view()}
                    </ul>
                })}
                {lost.then(|| view! {
                    <p class="muted small">
                        "The address of a link is shown for 10 minutes to whoever made it. After that nobody can read it here, "
                        "because only its hash is stored. If you no longer have the address, make a new link and revoke the old one."
                    </p>
                })}
                {(ended > 0).then(|| view! { <p class="faint small">{format!("{ended} expired or revoked")}</p> })}
            </div>
        </section>
    }
}

/// A link that works, with its address for whoever just made it.
#[component]
fn LiveLink(link: ShareLink, new_link: Option<NewShareLink>) -> impl IntoView {
    let made = new_link.filter(|new| new.link.id == link.id);
    let address = made.map(|new| Origin::here().of(&Place::Shared(new.secret).map()));
    view! {
        <li class="stack">
            <div class="row spread">
                <span class="small">
                    "Made " <When ms=link.created_at_ms/>
                    {match link.expires_at_ms {
                        Some(end) => view! { <span class="faint">", until " <When ms=end/></span> }.into_any(),
                        None => view! { <span class="faint">", no end"</span> }.into_any(),
                    }}
                    {(link.shows == LinkShows::Live).then_some(", live")} {link.has_password.then_some(", with a password")}
                    {(link.preview == LinkPreview::Map).then_some(", with a preview in chats")}
                    <span class="faint">
                        {match link.opened {
                            0 => ", not opened yet".to_owned(),
                            times => format!(", opened {}", number::counted(times.unsigned_abs(), "time")),
                        }}
                        {link.opened_at_ms.map(|ms| view! { ", last " <When ms/> })}
                    </span>
                </span>
                <form method="post" action=format!("/share-links/{}/revoke", link.id)><button class="small">"Revoke"</button></form>
            </div>
            {address.map(|text| view! {
                <CopyBox id="new-link".to_owned() label="Address of the new link" text rows=1/>
            })}
        </li>
    }
}
