//! Pure statistics over slices. Names and definitions are SciPy's and scikit-learn's; each function cites its own.
//!
//! Architecture invariant: slices and plain numbers in, plain numbers out. This crate knows no table, no column and no model.

pub mod arrivals;
pub mod boosted_trees;
pub mod calibration;
pub mod change_points;
pub mod chunks;
pub mod confusion;
pub mod contingency;
pub mod cross_fit;
pub mod cross_validation;
pub mod distributions;
pub mod fall;
pub mod histogram;
pub mod intervals;
pub mod isotonic;
pub mod kolmogorov;
pub mod label_relation;
pub mod label_scale;
pub mod label_trust;
pub mod linear;
pub mod logistic;
pub mod mann_kendall;
pub mod multiple;
pub mod paired;
pub mod probability;
pub mod quantiles;
pub mod ranking;
pub mod records;
pub mod regression;
pub mod rng;
pub mod scan;
pub mod shift;
pub mod special;
pub mod testing;
pub mod threshold;
pub mod trend;
pub mod two_sample;
pub mod weighted_counts;
