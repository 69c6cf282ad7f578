//! What is missing for a check, with the way to where it is given.

use std::sync::Arc;

use checks::offer::Offer;
use domain::{Diagnosis, Item, SnapshotRole};
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

    /// What is missing, put together by what brings it; what lets most items look comes first.
    pub fn grouped(&self, needs: Vec<(String, Vec<Item>)>) -> Vec<Brought> {
        let mut groups: Vec<Brought> = Vec::new();
        for (need, items) in needs {
            let link = self.link(&need);
            let place = groups.iter().position(|group| link.is_some() && group.link == link);
            let place = place.unwrap_or_else(|| {
                groups.push(Brought { link, needs: Vec::new(), items: Vec::new() });
                groups.len() - 1
            });
            let group = &mut groups[place];
            group.needs.push(need);
            group.items.extend(items);
            group.items.sort_unstable();
            group.items.dedup();
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.items.len()));
        groups
    }

    fn link(&self, need: &str) -> Option<(String, String)> {
        let offer = self.can_change.then(|| Offer::for_need(need, &self.present, &self.diagnosis.roles))?;
        Some((self.place.offer(offer), offer.words()))
    }
}

/// One thing to bring, the needs it answers in part or whole, and the items that would then look.
#[derive(Debug, Clone, PartialEq)]
pub struct Brought {
    /// Address and words; `None` where nothing can be changed.
    pub link: Option<(String, String)>,
    pub needs: Vec<String>,
    pub items: Vec<Item>,
}

/// The need in words and, where inputs can be changed, the link to bring it.
#[component]
pub fn Need(offers: Offers, need: String) -> impl IntoView {
    let link = offers.link(&need);
    view! {
        <span>{need} {link.map(|(href, words)| view! { " " <a class="offer" href=href>"+ " {words}</a> })}</span>
    }
}
