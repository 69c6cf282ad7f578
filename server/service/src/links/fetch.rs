//! A file on the web. Names are resolved by us, every address is checked, and only the checked ones are connected to;
//! a redirect goes the same way.

use std::io;
use std::time::Duration;

use domain::{Problem, ProblemKind};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::address::is_public;
use super::{Gone, Linked, take_in};
use crate::blobs::Blobs;
use crate::config::LINK_TIMEOUT;
use crate::uploads::label_of;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
const MAX_REDIRECTS: u32 = 5;

pub(super) fn fetch(blobs: &Blobs, url: &str, agent: &Agent, gone: &Gone) -> Result<Linked, Problem> {
    let uri: Uri = url.parse().map_err(|error| {
        tracing::info!(%error, "a linked address can't be parsed");
        Problem::bad_input(format!("{url} is not a complete address. Copy it again from where you found it."))
    })?;
    let host = uri.host().unwrap_or_default().to_owned();
    let response = agent.get(url).call().map_err(|error| told(&host, &error))?;
    let body = response.into_body().into_with_config().limit(u64::MAX).reader();
    let blob = take_in(blobs, body, &host, gone)?;
    // The query may hold a signature or a token: it is not kept.
    let scheme = uri.scheme_str().unwrap_or("https");
    let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
    Ok(Linked { blob, name: label_of(uri.path()), origin: format!("{scheme}://{host}{port}{}", uri.path()) })
}

pub(super) fn agent(allow_private: bool) -> Agent {
    let config = Agent::config_builder()
        // Through a proxy, somebody else would resolve the name, and nothing could be checked.
        .proxy(None)
        .max_redirects(MAX_REDIRECTS)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_resolve(Some(CONNECT_TIMEOUT))
        .timeout_recv_response(Some(CONNECT_TIMEOUT * 4))
        .timeout_global(Some(LINK_TIMEOUT))
        .user_agent(concat!("mismatch/", env!("CARGO_PKG_VERSION")))
        .build();
    if allow_private {
        Agent::with_parts(config, DefaultConnector::default(), DefaultResolver::default())
    } else {
        Agent::with_parts(config, DefaultConnector::default(), PublicOnly(DefaultResolver::default()))
    }
}

/// Refuses a name as soon as one of its addresses is not public: a mixed answer is an attempt to get in.
#[derive(Debug)]
struct PublicOnly(DefaultResolver);

impl Resolver for PublicOnly {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let addresses = self.0.resolve(uri, config, timeout)?;
        if addresses.iter().all(|address| is_public(address.ip())) {
            Ok(addresses)
        } else {
            Err(Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, "the address is not public")))
        }
    }
}

fn told(host: &str, error: &Error) -> Problem {
    tracing::info!(%error, host, "a linked address can't be fetched");
    match error {
        Error::Io(source) if source.kind() == io::ErrorKind::PermissionDenied => Problem::new(
            ProblemKind::Forbidden,
            format!(
                "{host} leads to an address inside a private network, which links may not reach. Upload the file, \
                 or start the server with --allow-private-addresses."
            ),
        ),
        Error::StatusCode(status) => Problem::bad_input(format!(
            "{host} answered with status {status} instead of the file. Open the address in a browser to see why."
        )),
        Error::Timeout(_) => Problem::bad_input(format!("{host} took too long. Try again later, or upload the file.")),
        Error::TooManyRedirects | Error::RedirectFailed => {
            Problem::bad_input(format!("{host} redirects too often. Give the address that it leads to in the end."))
        }
        Error::HostNotFound => Problem::bad_input(format!("There is no host {host}. Check the address's spelling.")),
        _ => Problem::bad_input(format!("{host} can't be reached. Check the address, or upload the file.")),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;
    use crate::blobs::InMemory;

    /// Answers one request with the text given; gives its address.
    fn serve_once(answer: String) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            if let Ok((mut stream, _)) = listener.accept() {
                let mut request = [0; 4096];
                let read = stream.read(&mut request).unwrap_or(0);
                assert!(read > 0);
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        format!("http://{address}")
    }

    fn bring(blobs: &Blobs, url: &str, allow_private: bool) -> Result<Linked, Problem> {
        fetch(blobs, url, &agent(allow_private), &Gone::default())
    }

    #[test]
    fn a_private_address_is_refused_unless_allowed() {
        let blobs = Blobs::new(InMemory::default(), 1_000);
        let host = serve_once("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na\n1\n".into());
        for url in
            [format!("{host}/a.csv"), "http://localhost:9/a.csv".into(), "http://[::ffff:127.0.0.1]:9/a.csv".into()]
        {
            assert_eq!(bring(&blobs, &url, false).err().unwrap().kind, ProblemKind::Forbidden, "{url}");
        }
        let linked = bring(&blobs, &format!("{host}/data/a.csv?token=secret"), true).unwrap();
        assert_eq!((linked.name.as_str(), linked.blob.size_bytes), ("a.csv", 4));
        assert_eq!(linked.origin, format!("{host}/data/a.csv"));
    }

    #[test]
    fn a_body_beyond_the_limit_and_a_failure_are_told_in_a_sentence() {
        let blobs = Blobs::new(InMemory::default(), 3);
        let host = serve_once("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na\n1\n".into());
        assert_eq!(bring(&blobs, &host, true).err().unwrap().kind, ProblemKind::TooLarge);
        let host = serve_once("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".into());
        assert!(bring(&blobs, &host, true).err().unwrap().message.contains("status 404"));
        let host = serve_once("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\na\n".into());
        assert!(bring(&blobs, &host, true).err().unwrap().message.contains("broke off"));
    }
}
