//! Two classes: a value arrives in another unit.

use domain::{ColumnRole, SnapshotRole};

use super::Story;

pub(super) static STORY: Story = Story {
    title: "Accuracy fell six points after the new pricing feed",
    model: "car-loan",
    symptoms: &["accuracy_dropped", "strange_feature_values"],
    files: &[
        (SnapshotRole::Train, "train.parquet", include_bytes!("../../demo/train.parquet")),
        (SnapshotRole::Serve, "serve.parquet", include_bytes!("../../demo/serve.parquet")),
        (SnapshotRole::Predictions, "predictions.parquet", include_bytes!("../../demo/predictions.parquet")),
        (
            SnapshotRole::Repaired,
            "repaired_predictions.parquet",
            include_bytes!("../../demo/repaired_predictions.parquet"),
        ),
        (SnapshotRole::LearningCurve, "learning_curve.csv", include_bytes!("../../demo/learning_curve.csv")),
    ],
    // Which is the label can't be told from a name like `repaid`.
    roles: &[
        (ColumnRole::Label, "repaid"),
        (ColumnRole::Prediction, "approved"),
        (ColumnRole::Score, "score"),
        (ColumnRole::Id, "application_id"),
        (ColumnRole::Time, "event_time"),
        (ColumnRole::Split, "split"),
        (ColumnRole::Version, "model_version"),
    ],
    note: "An example to look around in. The rows are NannyML's car-loan data; one thing was done to the served ones \
        before they got here. Start at the prime suspect, open its chart, then start an investigation of your own. Two more \
        examples are at “Start an investigation”.",
};
