//! The map: seven layers and their twenty-three checklist items, with the texts shown for each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::need::{Fact, Joined, LogField, Need, Run, RunPart, Tables};
use crate::observation::SignalKind;
use crate::snapshot::{ColumnRole, SnapshotRole};

/// The seven layers, in the order in which a fault travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    Data,
    Features,
    Training,
    Evaluation,
    Serving,
    Deployment,
    Monitoring,
}

/// The words of one layer.
#[derive(Debug, Clone, Copy)]
pub struct LayerText {
    pub title: &'static str,
    pub question: &'static str,
    /// Tools of this layer whose artifacts can be read, or that do the same job.
    pub tools: &'static [&'static str],
    pub advice: &'static str,
}

impl Layer {
    pub const ALL: [Layer; 7] = [
        Layer::Data,
        Layer::Features,
        Layer::Training,
        Layer::Evaluation,
        Layer::Serving,
        Layer::Deployment,
        Layer::Monitoring,
    ];

    /// The name in JSON and in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Layer::Data => "data",
            Layer::Features => "features",
            Layer::Training => "training",
            Layer::Evaluation => "evaluation",
            Layer::Serving => "serving",
            Layer::Deployment => "deployment",
            Layer::Monitoring => "monitoring",
        }
    }

    pub fn from_id(id: &str) -> Option<Layer> {
        Layer::ALL.into_iter().find(|layer| layer.id() == id)
    }

    /// One to seven.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    pub fn items(self) -> impl Iterator<Item = Item> {
        Item::ALL.iter().copied().filter(move |item| item.layer() == self)
    }

    pub fn text(self) -> LayerText {
        match self {
            Layer::Data => LayerText {
                title: "Data",
                question: "Does the serving data look like the training data?",
                tools: &["Great Expectations", "TensorFlow Data Validation", "DVC"],
                advice: "Keep a snapshot of the training data of every model. You cannot fix a failure that you cannot reproduce.",
            },
            Layer::Features => LayerText {
                title: "Features",
                question: "Is every feature prepared the same way in training and in serving?",
                tools: &["Feast", "pytest on preprocessing", "MLflow", "Weights & Biases"],
                advice: "Use one language and one code path to prepare features. Two implementations, such as Python and SQL, cause training-serving skew.",
            },
            Layer::Training => LayerText {
                title: "Training",
                question: "Are the labels correct and the splits really separate?",
                tools: &["confusion matrix, ROC, learning curves", "SHAP", "LIME"],
                advice: "Set a test set aside on the first day, and never train or tune on it.",
            },
            Layer::Evaluation => LayerText {
                title: "Evaluation",
                question: "Do the metrics measure what the users need?",
                tools: &["MLflow", "Weights & Biases", "your own evaluation scripts"],
                advice: "An accurate model is not always useful. Optimise for the effect you want.",
            },
            Layer::Serving => LayerText {
                title: "Serving",
                question: "Does the service compute the same predictions as the tested model?",
                tools: &["inference loggers", "schema validators", "A/B test environments"],
                advice: "Run every new model in shadow mode next to the live model before it takes over.",
            },
            Layer::Deployment => LayerText {
                title: "Deployment",
                question: "Is the right model running, with enough resources?",
                tools: &["Docker", "Kubernetes", "Prometheus + Grafana", "SageMaker"],
                advice: "Tag and log each deployed version with a unique commit or hash.",
            },
            Layer::Monitoring => LayerText {
                title: "Monitoring",
                question: "Would you notice a problem before your users do?",
                tools: &["Evidently", "WhyLabs", "Prometheus", "Datadog", "CloudWatch", "custom health checks"],
                advice: "You cannot trust a model that is not monitored. Make monitoring part of the pipeline.",
            },
        }
    }
}

macro_rules! items {
    ($($code:ident $layer:ident $question:literal needs $needs:expr;)*) => {
        /// One checklist item of the map; its code is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        pub enum Item { $($code,)* }
        impl Item {
            pub const ALL: &'static [Item] = &[$(Item::$code,)*];
            /// The code, such as `D1`.
            pub fn code(self) -> &'static str { match self { $(Item::$code => stringify!($code),)* } }
            pub fn from_code(code: &str) -> Option<Item> {
                Item::ALL.iter().copied().find(|item| item.code().eq_ignore_ascii_case(code))
            }
            pub fn layer(self) -> Layer { match self { $(Item::$code => Layer::$layer,)* } }
            /// The checklist question.
            pub fn question(self) -> &'static str { match self { $(Item::$code => $question,)* } }
            /// The inputs that the item needs to be checked at all.
            pub fn needs(self) -> Need { match self { $(Item::$code => $needs,)* } }
        }
    };
}

items! {
    D1 Data "Does inference data look like training data?" needs Need::train_and_serve();
    D2 Data "Do schema and types hold?" needs Need::train_and_serve();
    D3 Data "Missing, null, inconsistent values?" needs Need::AnyTable;
    D4 Data "Is the label leaking?" needs Need::labelled_train();
    F1 Features "Same preprocessing for train and inference?" needs Joined::Values.into();
    F2 Features "Normalised, encoded, scaled identically?" needs Need::train_and_serve();
    F3 Features "Edge cases handled?" needs Need::train_and_serve();
    T1 Training "Balanced and representative?" needs Need::labelled_train();
    T2 Training "Labels correct?" needs Need::labelled_train();
    T3 Training "Splits truly disjoint?" needs Need::splits();
    T4 Training "Overfitting?" needs Need::any_of([Run::any().on([SnapshotRole::Train]).on([SnapshotRole::Test]).into(), Need::LearningCurve]);
    E1 Evaluation "The right metric?" needs Run::any().into();
    E2 Evaluation "Thresholds tuned?" needs Run::any().with(RunPart::Scores).into();
    E3 Evaluation "Aligned with business KPIs?" needs Need::any_of([Need::all_of([Run::any().into(), Need::cost_matrix()]), Need::series([SignalKind::Performance, SignalKind::Kpi])]);
    S1 Serving "Types and ranges validated at runtime?" needs Need::any_of([Need::serving_log([]), Tables::all([SnapshotRole::Serve]).with([ColumnRole::Prediction, ColumnRole::Score]).into()]);
    S2 Serving "Inputs and outputs logged?" needs Need::serving_log([]);
    S3 Serving "Same code for train and serve?" needs Need::any_of([Joined::Predictions.into(), Fact::Environments.into()]);
    P1 Deployment "Does the container hold the right model?" needs Need::any_of([Joined::Predictions.into(), Fact::ModelDigests.into()]);
    P2 Deployment "Versioning and rollback work?" needs Need::any_of([Need::serving_log([LogField::Version]), Fact::Deployments.into()]);
    P3 Deployment "Infrastructure sized correctly?" needs Need::any_of([Need::serving_log([]), Fact::ResourceUse.into()]);
    M1 Monitoring "Input, label, concept drift tracked?" needs Need::any_of([Need::timed_serve(), Need::series([]), Fact::AlertRules.into(), Need::serving_log([])]);
    M2 Monitoring "Confidence, latency, throughput logged?" needs Need::any_of([Need::serving_log([]), Need::series([SignalKind::Confidence])]);
    M3 Monitoring "Alerts and thresholds set?" needs Fact::AlertRules.into();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_has_seven_layers_and_twenty_three_items_each_in_its_layer() {
        assert_eq!(Item::ALL.len(), 23);
        let per_layer: Vec<usize> = Layer::ALL.iter().map(|layer| layer.items().count()).collect();
        assert_eq!(per_layer, [4, 3, 4, 3, 3, 3, 3]);
        assert_eq!(Item::from_code("f2"), Some(Item::F2));
        assert_eq!(Layer::from_id("serving"), Some(Layer::Serving));
    }
}
