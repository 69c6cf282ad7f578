//! What a form is answered with.

use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use domain::Problem;

use super::{Outcome, back_to};
use crate::http::author::set_cookie;
use crate::http::extract::Fields;
use crate::http::visitors::Sender;

/// Where a form leads. The browser remembers who signed it, and forgets the name where a person removed it.
#[derive(Debug)]
pub struct Sent {
    to: Redirect,
    cookies: Vec<HeaderValue>,
}

impl Sent {
    pub fn to(to: Redirect, fields: &Fields) -> Sent {
        Sent { to, cookies: fields.remembered().as_ref().and_then(set_cookie).into_iter().collect() }
    }

    /// Back to the page of the investigation from which the form was sent, by its field `back`.
    pub fn back(id: &str, fields: &Fields) -> Sent {
        Sent::to(back_to(id, fields.first("back")), fields)
    }

    /// The same, after what the form asked for was done.
    ///
    /// # Errors
    /// The problem, as this client wants it.
    pub fn after<T>(done: Result<T, Problem>, by: &Sender, id: &str, fields: &Fields) -> Outcome {
        by.told(done)?;
        Ok(Sent::back(id, fields))
    }

    /// With another cookie.
    pub fn with(mut self, cookie: Option<HeaderValue>) -> Sent {
        self.cookies.extend(cookie);
        self
    }
}

impl IntoResponse for Sent {
    fn into_response(self) -> Response {
        let cookies = self.cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie));
        (AppendHeaders(cookies.collect::<Vec<_>>()), self.to).into_response()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn sent(fields: &[(&str, &str)]) -> Vec<String> {
        let fields = Fields(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
        let response = Sent::to(Redirect::to("/"), &fields).into_response();
        let cookies = response.headers().get_all(header::SET_COOKIE).iter();
        cookies.map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn who_signed_is_remembered_and_forgotten_where_the_name_was_removed() {
        assert!(sent(&[("author", "Ada")]).remove(0).starts_with("author=Ada; Path=/; Max-Age=31536000"));
        assert!(sent(&[("author", "")]).is_empty() && sent(&[]).is_empty());
        assert!(sent(&[("author", ""), ("signed", "1")]).remove(0).starts_with("author=; Path=/; Max-Age=0"));
    }
}
