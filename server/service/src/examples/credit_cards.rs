//! Three classes: after a release one of two replicas still serves the version before.

use domain::{ColumnRole, SnapshotRole};

use super::Story;

pub(super) static STORY: Story = Story {
    title: "The same customer is offered another card at the next call",
    model: "credit-cards",
    symptoms: &["users_report_first"],
    files: &[
        (SnapshotRole::Train, "train.parquet", include_bytes!("../../demo/credit_cards/train.parquet")),
        (
            SnapshotRole::Predictions,
            "predictions.parquet",
            include_bytes!("../../demo/credit_cards/predictions.parquet"),
        ),
        (SnapshotRole::Serve, "serve.parquet", include_bytes!("../../demo/credit_cards/serve.parquet")),
        (
            SnapshotRole::ServingLog,
            "serving_log.parquet",
            include_bytes!("../../demo/credit_cards/serving_log.parquet"),
        ),
    ],
    roles: &[
        (ColumnRole::Label, "product"),
        (ColumnRole::Prediction, "prediction"),
        (ColumnRole::Id, "request_id"),
        (ColumnRole::Version, "model_version"),
    ],
    note: "An example to look around in. The rows are NannyML's credit-card data. One thing was done to the service before \
        they got here; its log and its answers show it.",
};
