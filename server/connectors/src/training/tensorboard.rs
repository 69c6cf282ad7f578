//! Event files of TensorBoard: TFRecord of protobuf events:
//! <https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/util/event.proto>.

use std::collections::BTreeMap;

use domain::Problem;
use domain::learning_curve::{CurveSplit, LearningCurve, SeriesPoints, is_learning_rate, split_of};
use domain::number::counted;
use prost::Message;

use crate::given::Given;
use crate::seen::Seen;
use crate::wire::{Records, bytes_of};
use crate::{Brought, Connector};

pub(super) static CONNECTOR: Connector = Connector {
    id: "tensorboard_events",
    tool: "TensorBoard",
    words: "event file of TensorBoard",
    proven_on: "files of tensorboardX 2.6; the layout of TensorFlow 1 and 2",
    takes: "losses, scores and learning rate by step",
    leaves: "other scalars, histograms, images, texts, graphs",
    recognise,
    read,
};

#[derive(Clone, PartialEq, Message)]
struct Event {
    #[prost(int64, tag = "2")]
    step: i64,
    #[prost(message, optional, tag = "5")]
    summary: Option<Summary>,
}

#[derive(Clone, PartialEq, Message)]
struct Summary {
    #[prost(message, repeated, tag = "1")]
    value: Vec<TaggedValue>,
}

#[derive(Clone, PartialEq, Message)]
struct TaggedValue {
    #[prost(string, tag = "1")]
    tag: String,
    /// TensorFlow 1 and PyTorch.
    #[prost(float, optional, tag = "2")]
    simple_value: Option<f32>,
    /// TensorFlow 2.
    #[prost(message, optional, tag = "8")]
    tensor: Option<Tensor>,
    #[prost(message, optional, tag = "9")]
    metadata: Option<Metadata>,
}

#[derive(Clone, PartialEq, Message)]
struct Tensor {
    #[prost(int32, tag = "1")]
    dtype: i32,
    #[prost(bytes = "vec", tag = "4")]
    content: Vec<u8>,
    #[prost(float, repeated, tag = "5")]
    floats: Vec<f32>,
    #[prost(double, repeated, tag = "6")]
    doubles: Vec<f64>,
}

#[derive(Clone, PartialEq, Message)]
struct Metadata {
    #[prost(message, optional, tag = "1")]
    plugin: Option<Plugin>,
}

#[derive(Clone, PartialEq, Message)]
struct Plugin {
    #[prost(string, tag = "1")]
    name: String,
}

/// The first event says the version of the format.
fn recognise(seen: &Seen<'_>) -> bool {
    let first = Records::of(seen.bytes).next();
    first.and_then(|event| bytes_of(event, 3)).is_some_and(|version| version.starts_with(b"brain.Event:"))
}

impl Tensor {
    const FLOAT: i32 = 1;
    const DOUBLE: i32 = 2;

    /// The number of a tensor that holds one.
    fn scalar(&self) -> Option<f64> {
        match self.dtype {
            Self::FLOAT if self.content.len() == 4 => {
                Some(f64::from(f32::from_le_bytes(self.content.as_slice().try_into().ok()?)))
            }
            Self::DOUBLE if self.content.len() == 8 => {
                Some(f64::from_le_bytes(self.content.as_slice().try_into().ok()?))
            }
            Self::FLOAT if self.floats.len() == 1 && self.content.is_empty() => {
                self.floats.first().map(|value| f64::from(*value))
            }
            Self::DOUBLE if self.doubles.len() == 1 && self.content.is_empty() => self.doubles.first().copied(),
            _ => None,
        }
    }
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let mut scalars: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    let (mut broken, mut others) = (0_u64, 0_u64);
    let mut records = Records::of(given.bytes);
    for record in records.by_ref() {
        let Ok(event) = Event::decode(record) else {
            broken += 1;
            continue;
        };
        for value in event.summary.into_iter().flat_map(|summary| summary.value) {
            let number = value.simple_value.map(f64::from).or_else(|| {
                // What another plugin keeps in a tensor of one number is none of its scalars.
                let plugin = value.metadata.as_ref().and_then(|metadata| metadata.plugin.as_ref());
                let is_scalar = plugin.is_none_or(|plugin| plugin.name == "scalars" || plugin.name.is_empty());
                value.tensor.as_ref().filter(|_| is_scalar).and_then(Tensor::scalar)
            });
            match number {
                Some(number) => scalars.entry(value.tag).or_default().push((event.step as f64, number)),
                None => others = others.saturating_add(1),
            }
        }
    }
    let mut brought = curve(given, scalars)?;
    if others > 0 {
        brought.left.push(counted(others, "non-scalar summary value"));
    }
    if broken > 0 || records.is_cut {
        brought
            .warnings
            .push("Its last event is cut, as when a run was stopped while it wrote; the others were read.".to_owned());
    }
    Ok(brought)
}

fn curve(given: &Given<'_>, scalars: BTreeMap<String, Vec<(f64, f64)>>) -> Result<Brought, Problem> {
    // Keras writes training and validation into two files, whose names tell which is which.
    let of_file = split_of(given.name).filter(|split| *split != CurveSplit::Train);
    let mut series = Vec::new();
    let mut rates = Vec::new();
    let mut unmeasured = 0;
    for (tag, points) in scalars {
        if is_learning_rate(&tag) {
            rates.extend(points);
            continue;
        }
        match SeriesPoints::of(&tag, points) {
            Some(mut one) => {
                one.split = split_of(&tag).or(of_file).unwrap_or(CurveSplit::Train);
                series.push(one);
            }
            None => unmeasured += 1,
        }
    }
    let curve = LearningCurve::of(given.name, series, &rates);
    let curve = curve
        .ok_or_else(|| given.bad("it holds no loss and no score at two steps; take the event file of a longer run"))?;
    let mut brought = Brought { curves: vec![curve], ..Brought::default() };
    if unmeasured > 0 {
        brought.left.push(counted(unmeasured, "other scalar"));
    }
    Ok(brought)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tensor_of_one_number_is_a_scalar() {
        let of = |dtype, content: Vec<u8>, floats| Tensor { dtype, content, floats, doubles: Vec::new() }.scalar();
        assert_eq!(of(1, 1.5_f32.to_le_bytes().to_vec(), vec![]), Some(1.5));
        assert_eq!(of(2, 2.5_f64.to_le_bytes().to_vec(), vec![]), Some(2.5));
        assert_eq!(of(1, vec![], vec![0.5]), Some(0.5));
        assert_eq!(of(1, vec![], vec![0.5, 1.0]), None);
        assert_eq!(of(7, b"text".to_vec(), vec![]), None);
    }
}
