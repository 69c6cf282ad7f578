//! What the address says about the threshold explorer.

use serde::{Deserialize, Serialize};

use crate::operating_point::Costs;

/// What the cells of a confusion matrix show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Shares {
    #[default]
    Counts,
    /// Of the true class: the diagonal is recall.
    OfTrue,
    /// Of the predicted class: the diagonal is precision.
    OfPredicted,
}

impl Shares {
    pub const ALL: [Shares; 3] = [Shares::Counts, Shares::OfTrue, Shares::OfPredicted];
    /// The value of `cells=` in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Shares::Counts => "counts",
            Shares::OfTrue => "rows",
            Shares::OfPredicted => "columns",
        }
    }
    pub fn words(self) -> &'static str {
        match self {
            Shares::Counts => "Counts",
            Shares::OfTrue => "% of true",
            Shares::OfPredicted => "% of predicted",
        }
    }
    pub fn from_id(id: &str) -> Shares {
        Shares::ALL.into_iter().find(|one| one.id() == id).unwrap_or_default()
    }
}

/// `threshold` is `None` when the address names none: the run's own first threshold is shown then.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ThresholdSettings {
    pub threshold: Option<f64>,
    pub shares: Shares,
    pub costs: Costs,
}

impl ThresholdSettings {
    /// Reads `threshold=`, `cells=` and `cost_tp= cost_fp= cost_fn= cost_tn=`; anything unreadable means the default.
    pub fn from_query(parameter: impl Fn(&str) -> Option<String>) -> ThresholdSettings {
        let number =
            |name: &str| parameter(name).and_then(|text| text.parse::<f64>().ok()).filter(|value| value.is_finite());
        let usual = Costs::default();
        ThresholdSettings {
            threshold: number("threshold"),
            shares: Shares::from_id(&parameter("cells").unwrap_or_default()),
            costs: Costs {
                true_positive: number("cost_tp").unwrap_or(usual.true_positive),
                false_positive: number("cost_fp").unwrap_or(usual.false_positive),
                false_negative: number("cost_fn").unwrap_or(usual.false_negative),
                true_negative: number("cost_tn").unwrap_or(usual.true_negative),
            },
        }
    }

    /// The parameters to write; an empty value means that the parameter is left out.
    pub fn to_query(self) -> [(&'static str, String); 6] {
        let usual = Costs::default();
        let unless = |value: f64, usual: f64| if value == usual { String::new() } else { value.to_string() };
        [
            ("threshold", self.threshold.map_or(String::new(), |threshold| threshold.to_string())),
            ("cells", if self.shares == Shares::default() { String::new() } else { self.shares.id().to_owned() }),
            ("cost_tp", unless(self.costs.true_positive, usual.true_positive)),
            ("cost_fp", unless(self.costs.false_positive, usual.false_positive)),
            ("cost_fn", unless(self.costs.false_negative, usual.false_negative)),
            ("cost_tn", unless(self.costs.true_negative, usual.true_negative)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_brings_back_the_same_settings() {
        let settings = ThresholdSettings {
            threshold: Some(0.3612),
            shares: Shares::OfTrue,
            costs: Costs { false_negative: 25.0, true_positive: -3.5, ..Costs::default() },
        };
        for settings in [settings, ThresholdSettings::default()] {
            let written = settings.to_query();
            let read = |name: &str| written.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
            assert_eq!(ThresholdSettings::from_query(read), settings);
        }
    }

    #[test]
    fn what_is_not_a_number_is_left_alone() {
        let read = |_: &str| Some("NaN".to_owned());
        assert_eq!(ThresholdSettings::from_query(read), ThresholdSettings::default());
    }
}
