//! Symptoms: what a team reports. The map lists some for each layer; the id is stored, the sentence is shown.

use serde::{Deserialize, Serialize};

use crate::Layer;

/// A symptom of the map.
#[derive(Debug, PartialEq, Eq)]
pub struct Listed {
    /// Stored and accepted wherever a symptom is given; never changed.
    pub id: &'static str,
    /// The layer it points at.
    pub layer: Layer,
    pub words: &'static str,
}

const fn listed(id: &'static str, layer: Layer, words: &'static str) -> Listed {
    Listed { id, layer, words }
}

/// In the order in which the map shows them.
pub static SYMPTOMS: [Listed; 20] = [
    listed("accuracy_dropped", Layer::Data, "accuracy dropped suddenly"),
    listed("bad_on_real_data", Layer::Data, "good in training, bad on real data"),
    listed("predictions_feel_wrong", Layer::Data, "predictions feel wrong"),
    listed("strange_feature_values", Layer::Features, "strange feature values at run time"),
    listed("environments_differ", Layer::Features, "behaviour differs between environments"),
    listed("features_drift_apart", Layer::Features, "training and serving features drift apart"),
    listed("accuracy_suspicious", Layer::Training, "accuracy suspiciously high or low"),
    listed("retraining_varies", Layer::Training, "retraining gives very different results"),
    listed("does_not_generalise", Layer::Training, "the model does not generalise"),
    listed("good_scores_unhappy_users", Layer::Evaluation, "excellent scores and unhappy users"),
    listed("metrics_and_business_disagree", Layer::Evaluation, "metrics and business outcome disagree"),
    listed("production_differs", Layer::Serving, "production differs from test"),
    listed("predictions_fail_silently", Layer::Serving, "predictions fail silently or are NaN"),
    listed("api_slows_down", Layer::Serving, "API performance drops unexpectedly"),
    listed("latency_spikes", Layer::Deployment, "latency spikes"),
    listed("api_calls_fail", Layer::Deployment, "many API calls fail"),
    listed("wrong_version_live", Layer::Deployment, "wrong model version is live"),
    listed("drift_unseen", Layer::Monitoring, "drift goes unseen"),
    listed("labels_move_quietly", Layer::Monitoring, "the label distribution moves quietly"),
    listed("users_report_first", Layer::Monitoring, "users report problems first"),
];

/// A reported symptom. In JSON it is its sentence; it is read from its id or its sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Symptom {
    OfTheMap(&'static Listed),
    /// Words that the map does not list: shown, and pointing nowhere.
    Other(String),
}

impl Symptom {
    pub fn of_layer(layer: Layer) -> impl Iterator<Item = &'static Listed> {
        SYMPTOMS.iter().filter(move |listed| listed.layer == layer)
    }

    pub fn words(&self) -> &str {
        match self {
            Symptom::OfTheMap(listed) => listed.words,
            Symptom::Other(words) => words,
        }
    }

    /// What is stored: the id, or the words of a symptom that has none.
    pub fn key(&self) -> &str {
        match self {
            Symptom::OfTheMap(listed) => listed.id,
            Symptom::Other(words) => words,
        }
    }

    /// The layer it points at.
    pub fn layer(&self) -> Option<Layer> {
        match self {
            Symptom::OfTheMap(listed) => Some(listed.layer),
            Symptom::Other(_) => None,
        }
    }
}

impl From<String> for Symptom {
    fn from(given: String) -> Symptom {
        match SYMPTOMS.iter().find(|listed| listed.id == given || listed.words == given) {
            Some(listed) => Symptom::OfTheMap(listed),
            None => Symptom::Other(given),
        }
    }
}

impl From<&str> for Symptom {
    fn from(given: &str) -> Symptom {
        given.to_owned().into()
    }
}

impl From<Symptom> for String {
    fn from(symptom: Symptom) -> String {
        symptom.words().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_symptom_is_known_by_its_id_and_by_its_sentence() {
        let by_id = Symptom::from("latency_spikes");
        assert_eq!(by_id, Symptom::from("latency spikes"));
        assert_eq!(
            (by_id.layer(), by_id.words(), by_id.key()),
            (Some(Layer::Deployment), "latency spikes", "latency_spikes")
        );
        let own = Symptom::from("the intern is sad");
        assert_eq!((own.layer(), own.words(), own.key()), (None, "the intern is sad", "the intern is sad"));
        let json = serde_json::to_string(&[by_id.clone(), own.clone()]).expect("symptoms are text");
        assert_eq!(json, r#"["latency spikes","the intern is sad"]"#);
        assert_eq!(serde_json::from_str::<Vec<Symptom>>(&json).expect("and are read back"), [by_id, own]);
    }

    #[test]
    fn every_layer_has_symptoms_and_no_two_have_the_same_id() {
        let ids: BTreeSet<&str> = SYMPTOMS.iter().map(|listed| listed.id).collect();
        assert_eq!(ids.len(), SYMPTOMS.len());
        assert!(Layer::ALL.into_iter().all(|layer| Symptom::of_layer(layer).count() >= 2));
    }
}
