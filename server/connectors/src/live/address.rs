//! An address of the web, taken apart as far as a tool's own links are.

/// `https://host:port/path?query#fragment`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Scheme, host and port.
    pub origin: String,
    /// Begins with a slash, or is empty.
    pub path: String,
    pub query: String,
    /// What stands behind `#`: pages in one document keep their place there.
    pub fragment: String,
}

impl Address {
    /// `None` for anything else than an address of the web without a name and a password in it: such an address would be
    /// kept and shown.
    pub fn of(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https") {
            return None;
        }
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let is_plain = |character: char| character.is_ascii_graphic() && !matches!(character, '@' | '\\' | '"');
        let plain = !host.is_empty() && host.chars().all(is_plain) && !path.contains(char::is_whitespace);
        plain.then(|| Self {
            origin: format!("{scheme}://{}", host.to_ascii_lowercase()),
            path: path.to_owned(),
            query: query.to_owned(),
            fragment: fragment.to_owned(),
        })
    }

    /// Host and port, as a person names them.
    pub fn host(&self) -> &str {
        self.origin.split_once("://").map_or(self.origin.as_str(), |(_, host)| host)
    }

    /// Without query and fragment: those may hold a token.
    pub fn bare(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }

    /// The decoded value of a parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| decoded(value))
    }

    /// The segments behind one in the path or, in a page of one document, in the fragment: of `#/models/churn/versions/3` and
    /// `models` it is `churn`.
    pub(super) fn after(&self, segment: &str) -> Option<String> {
        let fragment = self.fragment.split('?').next().unwrap_or_default();
        [self.path.as_str(), fragment].into_iter().find_map(|path| {
            let mut segments = path.split('/');
            segments.find(|one| *one == segment)?;
            segments.next().filter(|next| !next.is_empty()).map(decoded)
        })
    }
}

/// Percent-encoding undone, and a plus as a blank; what is no such code stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let code = rest.clone().take(2).map(char::from).collect::<String>();
        match (byte, u8::from_str_radix(&code, 16)) {
            (b'%', Ok(value)) if code.len() == 2 => {
                bytes.push(value);
                rest.nth(1);
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart_and_one_with_a_password_is_refused() {
        let address = Address::of(" HTTPS://Prom.example:9090/x/graph?g0.expr=rate%28a%5B5m%5D%29&b=1+2#y ").unwrap();
        assert_eq!(address.origin, "https://prom.example:9090");
        assert_eq!((address.path.as_str(), address.host()), ("/x/graph", "prom.example:9090"));
        assert_eq!(address.parameter("g0.expr").as_deref(), Some("rate(a[5m])"));
        assert_eq!(address.parameter("b").as_deref(), Some("1 2"));
        assert_eq!(address.bare(), "https://prom.example:9090/x/graph");
        for refused in ["ftp://a/b", "http://", "http:///x", "http://me:secret@host/", "host/x", "http://a b/"] {
            assert_eq!(Address::of(refused), None, "{refused}");
        }
    }

    #[test]
    fn a_place_in_a_page_of_one_document_is_found() {
        let address = Address::of("http://mlflow/#/experiments/12/runs/abc%20d?x=1").unwrap();
        assert_eq!(address.after("experiments").as_deref(), Some("12"));
        assert_eq!(address.after("runs").as_deref(), Some("abc d"));
        assert_eq!(Address::of("http://mlflow/#/models/").unwrap().after("models"), None);
    }
}
