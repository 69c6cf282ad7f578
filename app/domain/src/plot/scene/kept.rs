//! How scenes are kept as JSON, which has no word for a number that is not finite: it becomes null, and comes back as NaN. A
//! place that is not finite leaves a gap, whatever it was.

use serde::{Deserialize, Deserializer};

use super::{Chart, differences, pair, timeline};

/// The id of a scene that belongs to no chart of this version.
const OTHER: &str = "figure";

/// The id of a chart; of one that a later version no longer has, a name for its files.
pub fn id<'de, D: Deserializer<'de>>(from: D) -> Result<&'static str, D::Error> {
    let id = String::deserialize(from)?;
    Ok(match Chart::from_id(&id) {
        Some(chart) => chart.id,
        None if id == differences::ID => differences::ID,
        None if id == pair::ID => pair::ID,
        None if id == timeline::ID => timeline::ID,
        None => OTHER,
    })
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

fn back(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

pub mod number {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{back, finite};

    /// Serde hands the field over by reference.
    pub fn serialize<N: Copy + Into<f64>, S: Serializer>(value: &N, to: S) -> Result<S::Ok, S::Error> {
        finite((*value).into()).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Option::deserialize(from).map(back)
    }
}

pub mod numbers {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{back, finite};

    pub fn serialize<S: Serializer>(values: &[f64], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(|value| finite(*value)))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
        let values = Vec::<Option<f64>>::deserialize(from)?;
        Ok(values.into_iter().map(back).collect())
    }
}

pub mod place {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::super::Place;
    use super::{back, finite};

    pub fn serialize<S: Serializer>(place: &Place, to: S) -> Result<S::Ok, S::Error> {
        (finite(place.0), finite(place.1)).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Place, D::Error> {
        <(Option<f64>, Option<f64>)>::deserialize(from).map(|(x, y)| (back(x), back(y)))
    }
}

pub mod places {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::super::Place;
    use super::{back, finite};

    pub fn serialize<S: Serializer>(places: &[Place], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(places.iter().map(|place| (finite(place.0), finite(place.1))))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Place>, D::Error> {
        let places = Vec::<(Option<f64>, Option<f64>)>::deserialize(from)?;
        Ok(places.into_iter().map(|(x, y)| (back(x), back(y))).collect())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::super::*;

    #[test]
    fn a_scene_comes_back_from_json_as_it_was() {
        let mut scene = Scene::on(roc::CHART.id, Shape::Rows(2), Axis::none(), Axis::names_down(&["a".into()], "name"));
        scene.marks = vec![
            Mark::Line { tone: Tone::Train, places: vec![(0.0, 0.25), (0.5, 1.0)] },
            Mark::Step { tone: Tone::Serve, edges: vec![0.0, 1.0], heights: vec![0.5] },
            Mark::Text { tone: Tone::Bad, at: (0.1, 0.2), align: Align::End, shift: (-6.0, 12.0), words: "<b>".into() },
        ];
        scene.hovers = vec![Hover::strip(0.0, 1.0, "all".into())];
        scene.legend = Key::sides([1, 2]);
        scene.table = Table::ours(["n", "share"], [[Value::Count(3), Value::Share(0.5)]].into_iter());
        let json = serde_json::to_string(&scene).unwrap();
        assert_eq!(serde_json::from_str::<Scene>(&json).unwrap(), scene);
    }

    #[test]
    fn a_gap_stays_a_gap_and_an_unknown_chart_a_figure() {
        let places = vec![(0.0, 0.0), (f64::NAN, f64::INFINITY), (1.0, 1.0)];
        let mut scene = Scene::on("of a later version", Shape::Wide, Axis::none(), Axis::none());
        scene.marks = vec![Mark::Line { tone: Tone::Train, places }];
        let back: Scene = serde_json::from_str(&serde_json::to_string(&scene).unwrap()).unwrap();
        assert_eq!(back.id, "figure");
        let [Mark::Line { places, .. }] = back.marks.as_slice() else { panic!("{:?}", back.marks) };
        assert!(places[0] == (0.0, 0.0) && places[1].0.is_nan() && places[1].1.is_nan() && places[2] == (1.0, 1.0));
    }
}
