//! Tables that a form wants cut into several inputs.

use domain::clock::start_of_day;
use domain::snapshot::Snapshot;
use domain::{Problem, SnapshotRole};
use service::{CutChoice, Service};

use crate::http::extract::Fields;

/// The parts in the place of each table that a person wants cut, and the role of each part. Fields: `cut` (repeated:
/// `split` or `time`, a colon, and the id of the table; empty: nothing is cut), `cut_at:ID` (the first day that is served).
pub(super) async fn cut(
    service: &Service,
    fields: &mut Fields,
    snapshots: &mut Vec<Snapshot>,
) -> Result<Vec<(SnapshotRole, String)>, Problem> {
    let mut roles = Vec::new();
    for (id, choice) in choices(fields)? {
        let Some(place) = snapshots.iter().position(|snapshot| snapshot.id == id) else { continue };
        let parts = service.cut(&id, choice).await?;
        roles.extend(parts.iter().map(|(role, part)| (*role, part.id.clone())));
        snapshots.splice(place..=place, parts.into_iter().map(|(_, part)| part));
        // The role of the whole table was chosen before it was cut.
        fields.0.retain(|(name, value)| name != "placed" || !value.ends_with(&format!(":{id}")));
    }
    Ok(roles)
}

fn choices(fields: &Fields) -> Result<Vec<(String, CutChoice)>, Problem> {
    let wanted = fields.all("cut").filter(|cut| !cut.is_empty());
    wanted
        .map(|cut| match cut.split_once(':') {
            Some(("split", id)) => Ok((id.to_owned(), CutChoice::BySplit)),
            Some(("time", id)) => Ok((id.to_owned(), CutChoice::AtTime(day(fields.first(&format!("cut_at:{id}")))?))),
            _ => Err(Problem::bad_input(format!("{cut:?} is not a way to cut a file. Choose one from the list."))),
        })
        .collect()
}

fn day(text: &str) -> Result<i64, Problem> {
    start_of_day(text).ok_or_else(|| {
        Problem::bad_input(format!("{text:?} is not a day. Write the first day that is served as YYYY-MM-DD."))
    })
}
