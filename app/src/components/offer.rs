//! What is missing for a check, with the way to where it is given.

use std::sync::Arc;

use checks::offer::Offer;
use domain::diagnosis::ItemResult;
use domain::{Diagnosis, Item, Need, SnapshotRole};
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
    pub fn grouped(&self, lacks: Vec<(Lack, Vec<Item>)>) -> Vec<Brought> {
        let mut groups: Vec<Brought> = Vec::new();
        for (lack, items) in lacks {
            let link = self.link(&lack);
            let place = groups.iter().position(|group| link.is_some() && group.link == link);
            let place = place.unwrap_or_else(|| {
                groups.push(Brought { link, needs: Vec::new(), items: Vec::new() });
                groups.len() - 1
            });
            let group = &mut groups[place];
            group.needs.push(lack.words);
            group.items.extend(items);
            group.items.sort_unstable();
            group.items.dedup();
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.items.len()));
        groups
    }

    fn link(&self, lack: &Lack) -> Option<(String, String)> {
        let offer = self.can_change.then(|| match &lack.need {
            Some(need) => Offer::for_need(need, &self.present, &self.diagnosis.roles),
            None => Offer::Anything,
        })?;
        Some((self.place.offer(offer), offer.words()))
    }
}

/// What an item lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct Lack {
    pub words: String,
    /// `None` in a diagnosis that was stored with the words only.
    pub need: Option<Need>,
}

impl Lack {
    pub fn of(item: &ItemResult) -> Vec<Lack> {
        item.lacks().map(|(words, need)| Lack { words: words.to_owned(), need: need.cloned() }).collect()
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
pub fn Lacking(offers: Offers, lack: Lack) -> impl IntoView {
    let link = offers.link(&lack);
    view! {
        <span>{lack.words} {link.map(|(href, words)| view! { " " <a class="offer" href=href>"+ " {words}</a> })}</span>
    }
}
