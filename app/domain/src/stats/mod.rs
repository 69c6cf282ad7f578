//! Pure statistics over slices. Names and definitions are SciPy's and scikit-learn's; each function cites its own.

pub mod arrivals;
pub mod boosted_trees;
pub mod calibration;
pub mod chunks;
pub mod confusion;
pub mod contingency;
pub mod cross_validation;
pub mod distributions;
pub mod histogram;
pub mod intervals;
pub mod kolmogorov;
pub mod label_trust;
pub mod multiple;
pub mod probability;
pub mod quantiles;
pub mod ranking;
pub mod regression;
pub mod rng;
pub mod scan;
pub mod special;
pub mod threshold;
pub mod trend;
pub mod two_sample;
