//! Forms that work without scripts. Each does one thing and sends the browser on with 303 See Other.

pub mod account;
pub mod administering;
pub mod alerts;
mod cutting;
pub mod decisions;
pub mod editing;
pub mod examples;
pub mod incident;
pub mod inputs;
pub mod investigation;
pub mod model;
pub mod models;
pub mod mutes;
pub mod new_investigation;
pub(super) mod placing;
pub mod reviewing;
mod sent;
pub mod sharing;
pub mod signing_in;
pub mod tour;
pub mod unlocking;
pub mod watches;

use std::time::{SystemTime, UNIX_EPOCH};

use axum::response::Redirect;
use domain::Problem;
use domain::clock::{DAY_MS, end_of_day};
use domain::investigation::Grounds;

use super::extract::Fields;
use super::problem::FormProblem;

pub use sent::Sent;

pub type Outcome = Result<Sent, FormProblem>;

/// Longest number of days that can be asked for.
const MOST_DAYS: f64 = 3650.0;

/// When something is to end: the end of the day in the field `expires_on`, else `expires_days` from now (empty: never).
///
/// # Errors
/// When the day is none, or the number of days is out of reach.
fn expiry(fields: &Fields) -> Result<Option<i64>, Problem> {
    if let Some(date) = fields.optional("expires_on") {
        let end = end_of_day(&date)
            .ok_or_else(|| Problem::bad_input(format!("{date:?} is not a date. Write it as 2026-03-31.")))?;
        return Ok(Some(end));
    }
    let Some(days) = fields.optional_number("expires_days")? else { return Ok(None) };
    if !(days > 0.0 && days <= MOST_DAYS) {
        return Err(Problem::bad_input("The end must be at most 3650 days away. Leave the field empty for no end."));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
    Ok(Some(now + (days * DAY_MS as f64) as i64))
}

/// The fields that go with a judgement: `note`, `author`, and those of [`expiry`].
fn grounds(fields: &Fields) -> Result<Grounds, Problem> {
    Ok(Grounds { note: fields.first("note").to_owned(), author: fields.actor()?, until_ms: expiry(fields)? })
}

/// Longest `back` that is followed: an address of a page is shorter, and a header must not carry more.
const LONGEST_BACK: usize = 2000;

/// Where a form about an investigation leads to. The field `back` names a page of the same investigation, such as
/// `layers/data`, from which the form was sent, or is the query with which the findings on the map were shown; anything
/// else is ignored.
fn back_to(id: &str, back: &str) -> Redirect {
    let is_plain =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let (path, query) = back.split_once('?').map_or((back, ""), |(path, query)| (path, query));
    let query_is_plain = query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#' && byte != b'\\');
    let is_short = back.len() <= LONGEST_BACK && query_is_plain;
    if is_short && path.is_empty() && !query.is_empty() {
        Redirect::to(&format!("/investigations/{id}?{query}#findings"))
    } else if is_short && !path.is_empty() && path.split('/').all(is_plain) {
        Redirect::to(&format!("/investigations/{id}/{back}"))
    } else {
        Redirect::to(&format!("/investigations/{id}"))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn a_chosen_day_wins_over_a_number_of_days_and_neither_is_no_end() {
        let fields = |pairs: &[(&str, &str)]| {
            Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        assert_eq!(expiry(&fields(&[("expires_days", ""), ("expires_on", "")])), Ok(None));
        let day = fields(&[("expires_days", "7"), ("expires_on", "2030-05-31")]);
        assert_eq!(expiry(&day), Ok(end_of_day("2030-05-31")));
        let week = expiry(&fields(&[("expires_days", "7")])).unwrap_or_default().unwrap_or_default();
        let day_after = expiry(&fields(&[("expires_days", "8")])).unwrap_or_default().unwrap_or_default();
        assert!((day_after - week - DAY_MS).abs() < 60_000, "{week} {day_after}");
        for bad in
            [("expires_days", "0"), ("expires_days", "4000"), ("expires_days", "soon"), ("expires_on", "31.5.2030")]
        {
            assert!(expiry(&fields(&[bad])).is_err(), "{bad:?}");
        }
    }

    fn leads_to(back: &str) -> String {
        let response = back_to("7", back).into_response();
        response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned()
    }

    #[test]
    fn forms_lead_back_to_pages_of_the_same_investigation_only() {
        assert_eq!(leads_to("layers/data"), "/investigations/7/layers/data");
        assert_eq!(leads_to("compare?column=a%20b&log=1"), "/investigations/7/compare?column=a%20b&log=1");
        assert_eq!(leads_to("?of=none&page=2"), "/investigations/7?of=none&page=2#findings");
        for elsewhere in ["", "?", "?a\r\nb", "//evil.example", "../8", "https://evil.example", "a\r\nb", "x?y#z"] {
            assert_eq!(leads_to(elsewhere), "/investigations/7", "{elsewhere:?}");
        }
        assert_eq!(leads_to(&"a".repeat(2000)), format!("/investigations/7/{}", "a".repeat(2000)));
        assert_eq!(leads_to(&"a".repeat(2001)), "/investigations/7");
    }
}
