//! The page of a layer.

use domain::Layer;

use super::super::layer::{LayerOf, LayerOfProps};
use super::{HOSTILE, Html, diagnosis, hostile, opened, rendered, shared};
use crate::api::investigations::Opened;

fn page(opened: Opened, layer: Layer) -> Html {
    rendered(|| LayerOf(LayerOfProps { opened, layer }))
}

#[test]
fn each_layer_shows_its_items_with_verdict_reasons_and_findings() {
    let opened = opened();
    let diagnosis = diagnosis(&opened);
    for result in &diagnosis.layers {
        let page = page(opened.clone(), result.layer);
        let heading = format!("Layer {}: {}", result.layer.number(), result.layer.text().title);
        assert_eq!(page.elements("h1"), [heading]);
        let items = page.texts_of("item");
        assert_eq!(items.len(), result.items.len());
        for (shown, item) in items.iter().zip(&result.items) {
            let head = format!("{} {}", item.item.code(), item.item.question());
            assert!(shown.starts_with(&head), "{shown}");
            assert!(shown[head.len()..].contains(item.verdict.word()), "{shown}");
            assert!(item.missing.iter().all(|reason| shown.contains(reason.as_str())), "{shown}");
            for finding in diagnosis.findings.iter().filter(|finding| finding.item == item.item) {
                assert!(shown.contains(&finding.statement) && shown.contains(&finding.try_next), "{shown}");
            }
        }
    }
}

#[test]
fn a_shared_layer_offers_no_change() {
    let (own, page) = (page(opened(), Layer::Features), page(shared(), Layer::Features));
    assert!(own.0.contains("<form") && !page.0.contains("<form"), "{}", page.0);
    assert_eq!(page.texts_of("finding-detail").len(), own.texts_of("finding-detail").len());
}

#[test]
fn names_from_strangers_are_text() {
    let page = page(hostile(), Layer::Features);
    assert!(page.texts_of("finding-detail").iter().any(|finding| finding.contains(HOSTILE)), "{}", page.text());
}
