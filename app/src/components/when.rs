//! A moment, for people and for machines.

use leptos::prelude::*;

use crate::clock::{Moment, ago};

/// `26 Mar 2024, 09:12`, marked up as a time in UTC.
#[component]
pub fn When(ms: i64) -> impl IntoView {
    let moment = Moment::from_ms(ms);
    view! { <time datetime=moment.rfc3339() title=format!("{} UTC", moment.words())>{moment.words()}</time> }
}

/// `3 h ago`, with the moment itself for whoever points at it.
#[component]
pub fn Age(ms: i64, now_ms: i64) -> impl IntoView {
    let moment = Moment::from_ms(ms);
    view! { <time datetime=moment.rfc3339() title=format!("{} UTC", moment.words())>{ago(ms, now_ms)}</time> }
}
