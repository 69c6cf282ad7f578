//! The pages about models: the list of them, one model with its health over time, and all of them in one week.

mod about;
mod alerts;
mod arrivals;
mod list;
mod one;
mod trends;
mod unwatched;
mod watches;
mod weekly;

pub use alerts::AlertsPage;
pub use list::ModelsPage;
pub use one::ModelHealthPage;
pub use weekly::WeeklyPage;

#[cfg(test)]
pub(super) use list::{All, AllProps};
#[cfg(test)]
pub(super) use one::{One, OneProps};
#[cfg(test)]
pub(super) use weekly::{InWeek, InWeekProps};

use domain::model::Figure;
use domain::number;

/// `accuracy 91.2 %`, `r2 0.731`.
fn figure_words(figure: &Figure) -> String {
    format!("{} {}", figure.metric, value_words(&figure.metric, figure.value))
}

/// A value of a metric as it is written.
fn value_words(metric: &str, value: f64) -> String {
    if is_share(metric) { number::percent(value) } else { number::fixed(value) }
}

/// Whether a metric is shown in percent.
fn is_share(metric: &str) -> bool {
    metric == "accuracy"
}

/// `4.2 times its limit`
fn over_words(over_limit: f64) -> String {
    format!("{} times its limit", number::significant(over_limit, 2))
}
