//! Amounts: rows of the training data are among those that the model was tested on.

use domain::{ColumnRole, SnapshotRole};

use super::Story;

pub(super) static STORY: Story = Story {
    title: "Estimates of sale prices miss by half as much again as in the test",
    model: "house-prices",
    symptoms: &["bad_on_real_data"],
    files: &[
        (SnapshotRole::Train, "train.csv", include_bytes!("../../demo/house_prices/train.csv")),
        (SnapshotRole::Test, "test.csv", include_bytes!("../../demo/house_prices/test.csv")),
        (SnapshotRole::Serve, "served.csv", include_bytes!("../../demo/house_prices/served.csv")),
        (SnapshotRole::Labels, "sale_prices.csv", include_bytes!("../../demo/house_prices/sale_prices.csv")),
        (
            SnapshotRole::LearningCurve,
            "learning_curve.csv",
            include_bytes!("../../demo/house_prices/learning_curve.csv"),
        ),
    ],
    roles: &[
        (ColumnRole::Label, "price"),
        (ColumnRole::Prediction, "predicted_price"),
        (ColumnRole::Id, "property_id"),
        (ColumnRole::Time, "sold_on"),
    ],
    note: "An example to look around in: sales of houses in Ames, Iowa (De Cock, 2011). The prices of the served houses came \
        later, in a file of their own, and are joined by id. One thing was done to the test data before it got here.",
};
