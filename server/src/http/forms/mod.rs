//! Forms that work without scripts. Each does one thing and sends the browser on with 303 See Other.

pub mod inputs;
pub mod investigation;
pub mod new_investigation;
pub mod sharing;

use axum::response::Redirect;

use super::problem::FormProblem;

pub type Outcome = Result<Redirect, FormProblem>;

/// Where a form about an investigation leads to. The field `back` names a page of the same investigation, such as
/// `layers/data`, from which the form was sent; anything else is ignored.
fn back_to(id: &str, back: &str) -> Redirect {
    let is_plain =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let (path, query) = back.split_once('?').map_or((back, ""), |(path, query)| (path, query));
    let query_is_plain = query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#' && byte != b'\\');
    if !path.is_empty() && path.split('/').all(is_plain) && query_is_plain {
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

    fn leads_to(back: &str) -> String {
        let response = back_to("7", back).into_response();
        response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned()
    }

    #[test]
    fn forms_lead_back_to_pages_of_the_same_investigation_only() {
        assert_eq!(leads_to("layers/data"), "/investigations/7/layers/data");
        assert_eq!(leads_to("compare?column=a%20b&log=1"), "/investigations/7/compare?column=a%20b&log=1");
        for elsewhere in ["", "//evil.example", "../8", "https://evil.example", "a\r\nb", "x?y#z"] {
            assert_eq!(leads_to(elsewhere), "/investigations/7", "{elsewhere:?}");
        }
    }
}
