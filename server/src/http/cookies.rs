//! Cookies that hold a secret or a choice: never read by a script, and sent by TLS only wherever TLS is used.

use axum::http::HeaderValue;

use super::Door;

/// Whether a browser sends it along when another site leads here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// On a link, not on a form.
    Lax,
    Strict,
}

/// A cookie for the addresses below `path`; with an empty value and no seconds it is removed. `None` where the value does not fit
/// into a header.
pub fn cookie(name: &str, value: &str, path: &str, seconds: u32, site: SameSite, door: Door) -> Option<HeaderValue> {
    let secure = match door {
        Door::Plain => "",
        Door::Encrypted | Door::Proxied => "; Secure",
    };
    let site = match site {
        SameSite::Lax => "Lax",
        SameSite::Strict => "Strict",
    };
    let cookie = format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite={site}{secure}");
    HeaderValue::from_str(&cookie).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_kept_from_scripts_and_from_the_clear_where_there_is_tls() {
        let made = |door| cookie("a", "b", "/", 60, SameSite::Strict, door);
        let plain = "a=b; Path=/; Max-Age=60; HttpOnly; SameSite=Strict";
        assert_eq!(made(Door::Plain).as_ref().and_then(|one| one.to_str().ok()), Some(plain));
        let secure = format!("{plain}; Secure");
        for door in [Door::Encrypted, Door::Proxied] {
            assert_eq!(made(door).as_ref().and_then(|one| one.to_str().ok()), Some(secure.as_str()));
        }
        assert_eq!(cookie("a", "b\r\nx", "/", 60, SameSite::Lax, Door::Plain), None);
    }
}
