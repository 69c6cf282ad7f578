//! The Reference: each check with an example of what it finds.

use checks::detectors;
use domain::Item;

use super::super::reference::examples::example_of;
use super::super::reference::{ItemReference, ItemReferenceProps};
use super::{Html, rendered};

fn page(item: Item) -> Html {
    rendered(|| ItemReference(ItemReferenceProps { item }))
}

#[test]
fn each_check_shows_an_example_with_the_files_that_it_is_from() {
    for item in Item::ALL.iter().copied() {
        let page = page(item);
        let examples = page.texts_of("example");
        let checks: Vec<_> = detectors::all().filter(|detector| detector.item == item).collect();
        assert_eq!(examples.len(), checks.len(), "{}", item.code());
        for (shown, detector) in examples.iter().zip(checks) {
            let example = example_of(detector).unwrap();
            let finding = example.finding().unwrap();
            assert!(shown.contains(&finding.statement), "{}: {shown}", detector.id);
            assert!(example.files.iter().all(|file| shown.contains(file.as_str())), "{}: {shown}", detector.id);
        }
        assert!(!page.0.contains("/figures/"), "an example has no files of charts");
    }
}

#[test]
fn what_an_example_is_about_is_drawn() {
    for (item, charts) in
        [(Item::D1, "distribution"), (Item::T4, "loss"), (Item::E1, "Calibration"), (Item::M1, "over time")]
    {
        let page = page(item);
        assert!(page.0.contains("class=\"chart\"") && page.text().contains(charts), "{}: {}", item.code(), page.text());
    }
}
