//! A moment, for people and for machines.

use leptos::prelude::*;

use crate::clock::Moment;

/// `26 Mar 2024, 09:12`, marked up as a time in UTC.
#[component]
pub fn When(ms: i64) -> impl IntoView {
    let moment = Moment::from_ms(ms);
    view! { <time datetime=moment.rfc3339() title=format!("{} UTC", moment.words())>{moment.words()}</time> }
}
