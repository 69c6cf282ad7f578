//! What one reading of a table gives.

use domain::Profile;

use crate::sample::Sample;

/// What one reading of a snapshot gives.
#[derive(Debug, Clone)]
pub struct Profiled {
    pub profile: Profile,
    pub sample: Sample,
}
