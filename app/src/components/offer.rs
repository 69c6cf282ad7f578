//! What is missing for a check, with the way to where it is given.

use std::sync::Arc;

use domain::offer::Offer;
use domain::{Diagnosis, SnapshotRole};
use leptos::prelude::*;

use crate::address::Place;
use crate::api::investigations::Opened;

/// Turns what is missing into what to bring, for one investigation as it is now.
#[derive(Debug, Clone)]
pub struct Offers {
    place: Place,
    present: Vec<SnapshotRole>,
    diagnosis: Arc<Diagnosis>,
    can_change: bool,
}

impl Offers {
    pub fn of(opened: &Opened, diagnosis: Arc<Diagnosis>) -> Offers {
        let present = opened.investigation.inputs.iter().map(|input| input.role).collect();
        Offers { place: opened.place.clone(), present, diagnosis, can_change: opened.can_change() }
    }

    fn link(&self, need: &str) -> Option<(String, String)> {
        let offer = self.can_change.then(|| Offer::for_need(need, &self.present, &self.diagnosis.roles))?;
        Some((self.place.offer(offer), offer.words()))
    }
}

/// The need in words and, where inputs can be changed, the link to bring it.
#[component]
pub fn Need(offers: Offers, need: String) -> impl IntoView {
    let link = offers.link(&need);
    view! {
        <span>{need} {link.map(|(href, words)| view! { " " <a class="offer" href=href>"+ " {words}</a> })}</span>
    }
}
