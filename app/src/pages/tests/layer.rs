//! The page of a layer.

use std::sync::Arc;

use domain::over_time::{BandKind, DeployedAt, TimePoint, TimeSeries, Unit};
use domain::{Finding, Item, Layer, OverTime};

use super::super::layer::{LayerOf, LayerOfProps};
use super::{HOSTILE, Html, diagnosis, hostile, opened, rendered, shared};
use crate::api::investigations::Opened;
use crate::components::triage::Asked;

fn page(opened: Opened, layer: Layer) -> Html {
    rendered(|| LayerOf(LayerOfProps { opened, layer, asked: Asked::default() }))
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
            assert!(shown[head.len()..].contains(diagnosis.mark_of(item).word()), "{shown}");
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

#[test]
fn an_item_with_many_findings_lists_them_and_shows_the_one_that_is_asked_for() {
    let mut opened = opened();
    let mut changed = (*diagnosis(&opened)).clone();
    let like = changed.findings.iter().find(|finding| finding.item == Item::D1).unwrap().clone();
    changed.findings.extend((0..60).map(|index| Finding {
        id: format!("more{index}"),
        columns: vec![format!("column_{index}")],
        statement: format!("column_{index} moved."),
        ..like.clone()
    }));
    opened.diagnosis = Some(Arc::new(changed));
    let asked = Asked { finding: Some("more59".into()), ..Asked::default() };
    let page = rendered(|| LayerOf(LayerOfProps { opened, layer: Layer::Data, asked }));
    let details = page.texts_of("finding-detail");
    assert_eq!(details.len(), 1);
    assert!(details[0].contains("column_59 moved."), "{details:?}");
    assert!(page.text().contains("more in the table of all findings"), "{}", page.text());
}

#[test]
fn a_measure_along_time_is_a_chart_of_its_item() {
    let mut opened = opened();
    let mut changed = (*diagnosis(&opened)).clone();
    let point = |day: i64, value: f64| TimePoint {
        from_ms: day * 86_400_000,
        to_ms: (day + 1) * 86_400_000,
        rows: 10,
        value,
        low: None,
        high: None,
    };
    changed.over_time = Arc::new(OverTime {
        series: vec![TimeSeries {
            id: "signal-1".into(),
            name: HOSTILE.into(),
            unit: Unit::Number { name: HOSTILE.into() },
            band: BandKind::None,
            items: vec![Item::E3],
            columns: Vec::new(),
            findings: Vec::new(),
            before: Vec::new(),
            served: vec![point(1, 2.0), point(2, 3.0)],
            reference: None,
            rules: Vec::new(),
            limit: None,
            since: None,
        }],
        deployments: vec![DeployedAt { at_ms: 2 * 86_400_000, what: HOSTILE.into() }],
        columns: Vec::new(),
    });
    opened.diagnosis = Some(Arc::new(changed));
    let page = page(opened, Layer::Evaluation);
    let charts = page.texts_of("time-chart");
    assert_eq!(charts.len(), 1);
    assert!(charts[0].contains(HOSTILE) && charts[0].contains("deployed"), "{charts:?}");
}
