//! The name that a person gave once: kept in a cookie of the browser, so that the next form has it already.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::Actor;
use domain::markup::{percent_decoded, percent_encoded};

const COOKIE: &str = "author";
/// A year, in seconds.
const KEPT_SECONDS: u32 = 31_536_000;

/// The name that the browser sent along; nobody in particular where there is none, or none that can be used.
pub fn remembered(headers: &HeaderMap) -> Actor {
    let name = cookie(headers, COOKIE).and_then(percent_decoded);
    name.and_then(|name| Actor::named(&name).ok()).unwrap_or_default()
}

/// The value of a cookie, as it was sent.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    sent.flat_map(|cookies| cookies.split(';')).find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Makes the browser remember the name, or forget it for nobody in particular. No script reads it: pages are rendered with the
/// name in them.
pub fn set_cookie(author: &Actor) -> Option<HeaderValue> {
    let (value, seconds) = match author {
        Actor::Anonymous => (String::new(), 0),
        Actor::Named(_) => (percent_encoded(author.as_str()), KEPT_SECONDS),
    };
    HeaderValue::from_str(&format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax")).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn asked(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, cookies.parse().unwrap())])
    }

    #[test]
    fn a_name_comes_back_as_it_was_given() {
        let name = "Zoë; Max-Age=\"0\", 100%";
        let set = set_cookie(&Actor::named(name).unwrap()).unwrap();
        let (value, attributes) = set.to_str().unwrap().split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
        assert_eq!(remembered(&asked(&format!("theme=dark; {value}"))).as_str(), name);
        let longest = set_cookie(&Actor::named(&"ü".repeat(300)).unwrap()).unwrap();
        assert!(longest.len() < 4096, "a browser keeps it");
        let forgotten = set_cookie(&Actor::Anonymous).unwrap();
        assert!(forgotten.to_str().unwrap().starts_with("author=; Path=/; Max-Age=0"));
    }

    #[test]
    fn a_cookie_that_nobody_could_have_got_is_nobody() {
        let long = format!("author={}", "a".repeat(301));
        for bad in ["author=%0A", "author=%C3", "author=%zz", "author=%", "myauthor=Ada", "", long.as_str()] {
            assert_eq!(remembered(&asked(bad)), Actor::Anonymous, "{bad}");
        }
    }
}
