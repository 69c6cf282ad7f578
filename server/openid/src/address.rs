//! Addresses to which secrets are sent: https, or this machine.

use url::{Host, Url};

/// The address, where secrets may be sent to it: with https, or to this machine; without a name and a password in it.
pub(crate) fn trusted(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_safe = match url.scheme() {
        "https" => true,
        "http" => is_loopback(&url),
        _ => false,
    };
    (is_safe && url.has_host() && url.username().is_empty() && url.password().is_none()).then_some(url)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_to_https_and_to_this_machine_only() {
        for good in
            ["https://id.example.org", "https://id.example.org:8443/a", "http://127.0.0.1:9000", "http://[::1]/"]
        {
            assert!(trusted(good).is_some(), "{good}");
        }
        for bad in [
            "http://id.example.org",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org",
            "http://10.0.0.1",
            "https://ada:secret@id.example.org",
            "ftp://id.example.org",
            "javascript:alert(1)",
            "id.example.org",
            "",
        ] {
            assert!(trusted(bad).is_none(), "{bad}");
        }
    }
}
