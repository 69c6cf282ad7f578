//! The detectors: one file each, in the folder of its layer, registered by one line beside its `mod` line.

mod affine;
pub(crate) mod classes;
mod company;
pub(crate) mod course;
pub mod data;
pub mod deployment;
mod detector;
pub mod evaluation;
pub mod features;
mod granule;
mod joins;
pub(crate) mod likeness;
pub mod monitoring;
mod novelty;
mod rates;
pub mod report;
pub mod serving;
mod sides;
mod spelling;
mod spikes;
mod template;
#[cfg(test)]
pub(crate) mod testing;
mod tilt;
pub mod training;
pub(crate) mod words;

pub use detector::{Detector, Judgement};
use domain::DetectorId;

/// Every detector, in the order of the map.
pub fn all() -> impl Iterator<Item = &'static Detector> {
    [
        data::DETECTORS,
        features::DETECTORS,
        training::DETECTORS,
        evaluation::DETECTORS,
        serving::DETECTORS,
        deployment::DETECTORS,
        monitoring::DETECTORS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The detector with an id, also of those that put other tools on the map.
pub fn find(id: &DetectorId) -> Option<&'static Detector> {
    all().chain(crate::tools::all()).find(|detector| detector.id == *id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_begin_with_their_item_and_every_text_is_there() {
        let mut seen = std::collections::BTreeSet::new();
        for detector in all() {
            assert!(seen.insert(&detector.id), "{} is registered twice", detector.id);
            assert_eq!(detector.id.item_code(), detector.item.code(), "{}", detector.id);
            for text in [
                detector.title,
                detector.looks_for,
                detector.why_it_matters,
                detector.how_it_decides,
                detector.try_next,
            ] {
                assert!(!text.trim().is_empty(), "{} lacks a text", detector.id);
            }
        }
    }
}
