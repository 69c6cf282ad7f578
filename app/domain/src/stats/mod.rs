//! Pure statistics over slices. Names and definitions are SciPy's and scikit-learn's; each function cites its own.

pub mod calibration;
pub mod confusion;
pub mod probability;
pub mod ranking;
pub mod regression;
pub mod threshold;
