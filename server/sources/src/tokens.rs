//! Secrets for hosts that ask who comes. Each is for one host, and is read from its file or variable whenever it is needed:
//! it is neither kept nor shown.

use std::path::PathBuf;
use std::str::FromStr;

use connectors::live::Address;
use domain::Problem;

/// The tokens of all hosts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens(pub Vec<Token>);

/// Where the token of one host is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// With its port, where that is not the scheme's own.
    host: String,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    File(PathBuf),
    Variable(String),
}

impl FromStr for Token {
    type Err = String;

    /// `HOST=FILE`, or `HOST=env:VARIABLE`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} names no host with a file; write HOST=FILE or HOST=env:VARIABLE");
        let (host, place) = text.split_once('=').ok_or_else(wrong)?;
        let host = host.trim().to_ascii_lowercase();
        if host.is_empty() || place.is_empty() || host.contains('/') {
            return Err(wrong());
        }
        let place = match place.strip_prefix("env:") {
            Some(variable) => Place::Variable(variable.to_owned()),
            None => Place::File(PathBuf::from(place)),
        };
        Ok(Token { host, place })
    }
}

impl Tokens {
    /// What goes into the header `Authorization` for this address; `None` without a token for its host.
    ///
    /// # Errors
    /// When the token can't be read, or is no text that fits into a header.
    pub(crate) fn authorization(&self, address: &Address) -> Result<Option<String>, Problem> {
        let Some(token) = self.0.iter().find(|token| same_host(&token.host, address)) else { return Ok(None) };
        let secret = token.read()?;
        let secret = secret.trim();
        if secret.is_empty() || secret.chars().any(|character| !character.is_ascii_graphic() && character != ' ') {
            return Err(unusable(token, "it is empty or holds more than one line of plain characters"));
        }
        let has_scheme = ["Bearer ", "Basic "].iter().any(|scheme| secret.starts_with(scheme));
        Ok(Some(if has_scheme { secret.to_owned() } else { format!("Bearer {secret}") }))
    }
}

impl Token {
    fn read(&self) -> Result<String, Problem> {
        match &self.place {
            Place::File(path) => std::fs::read_to_string(path).map_err(|error| unusable(self, &error.to_string())),
            Place::Variable(name) => std::env::var(name).map_err(|error| unusable(self, &error.to_string())),
        }
    }
}

fn unusable(token: &Token, why: &str) -> Problem {
    tracing::warn!(host = token.host, why, "a token can't be used");
    Problem::bad_input(format!(
        "The token for {} can't be used; the log says why. Whoever runs Mismatch set it with --token.",
        token.host
    ))
}

fn same_host(host: &str, address: &Address) -> bool {
    let own_port = if address.origin.starts_with("https") { ":443" } else { ":80" };
    let plain = |host: &str| host.strip_suffix(own_port).unwrap_or(host).to_owned();
    plain(host) == plain(address.host())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_one_host_and_is_read_when_it_is_needed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let tokens = Tokens(vec![format!("Prom.example={}", file.display()).parse().unwrap()]);
        let header = |address: &str| tokens.authorization(&Address::of(address).unwrap());
        assert!(header("https://prom.example/").unwrap_err().message.contains("--token"));
        std::fs::write(&file, "abc\n").unwrap();
        assert_eq!(header("https://prom.example:443/x").unwrap().as_deref(), Some("Bearer abc"));
        std::fs::write(&file, "Basic dTpw").unwrap();
        assert_eq!(header("http://prom.example/").unwrap().as_deref(), Some("Basic dTpw"));
        assert_eq!(header("http://prom.example:9090/").unwrap(), None);
        assert_eq!(header("http://prom.example.evil/").unwrap(), None);
        std::fs::write(&file, "a\r\nX: y").unwrap();
        assert!(header("http://prom.example/").is_err());
        assert!(!format!("{tokens:?}").contains("abc"));
    }

    #[test]
    fn what_names_no_host_or_no_place_is_refused() {
        for wrong in ["", "host", "host=", "=file", "http://host=file"] {
            assert!(wrong.parse::<Token>().is_err(), "{wrong}");
        }
        assert_eq!("h:1=env:X".parse::<Token>().unwrap().place, Place::Variable("X".to_owned()));
    }
}
