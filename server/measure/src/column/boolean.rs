//! Booleans: two counts.

use domain::ColumnKind;
use domain::profile::{CategoryProfile, ColumnProfile};
use polars::prelude::{PolarsResult, Series};

#[derive(Default)]
pub struct BooleanColumn {
    yes: u64,
    no: u64,
}

impl BooleanColumn {
    pub fn push(&mut self, batch: &Series) -> PolarsResult<()> {
        let values = batch.bool()?;
        let yes = values.sum().unwrap_or(0);
        self.yes += u64::from(yes);
        self.no += (values.len() - values.null_count()) as u64 - u64::from(yes);
        Ok(())
    }

    pub fn finish(self, profile: &mut ColumnProfile) {
        let mut counts = vec![("true".to_owned(), self.yes), ("false".to_owned(), self.no)];
        counts.retain(|(_, count)| *count > 0);
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        profile.kind = ColumnKind::Boolean;
        profile.distinct = counts.len() as u64;
        profile.categories = Some(CategoryProfile { counts, other: 0 });
    }
}
