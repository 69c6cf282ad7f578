//! The client. Names are resolved here, every address is checked, and only the checked ones are connected to; a redirect goes
//! the same way.

use std::io;
use std::time::Duration;

use domain::{Problem, ProblemKind};
use ureq::config::{Config, RedirectAuthHeaders};
use ureq::http::{Uri, header};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error, RequestBuilder};

use crate::public::is_public;
use crate::{PrivateAddresses, TIMEOUT};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
const MAX_REDIRECTS: u32 = 5;

pub(crate) fn agent(private: PrivateAddresses) -> Agent {
    let config = Agent::config_builder()
        // Through a proxy, somebody else would resolve the name, and nothing could be checked.
        .proxy(None)
        .max_redirects(MAX_REDIRECTS)
        // A token is for one host only.
        .redirect_auth_headers(RedirectAuthHeaders::SameHost)
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_resolve(Some(CONNECT_TIMEOUT))
        .timeout_recv_response(Some(CONNECT_TIMEOUT * 4))
        .timeout_global(Some(TIMEOUT))
        .user_agent(concat!("mismatch/", env!("CARGO_PKG_VERSION")))
        .build();
    match private {
        PrivateAddresses::Allowed => Agent::with_parts(config, DefaultConnector::default(), DefaultResolver::default()),
        PrivateAddresses::Refused => {
            Agent::with_parts(config, DefaultConnector::default(), PublicOnly(DefaultResolver::default()))
        }
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

/// A request by who comes with this authorization.
pub(crate) fn signed<B>(request: RequestBuilder<B>, authorization: Option<&str>) -> RequestBuilder<B> {
    match authorization {
        Some(authorization) => request.header(header::AUTHORIZATION, authorization),
        None => request,
    }
}

/// Whether an address was not asked because it is not public.
pub(crate) fn is_private(error: &Error) -> bool {
    matches!(error, Error::Io(source) if source.kind() == io::ErrorKind::PermissionDenied)
}

/// Why nothing came.
pub(crate) fn told(host: &str, error: &Error) -> Problem {
    tracing::info!(%error, host, "a linked address can't be fetched");
    match error {
        error if is_private(error) => Problem::new(
            ProblemKind::Forbidden,
            format!(
                "{host} leads to an address inside a private network, which links may not reach. Upload the file, \
                 or start the server with --allow-private-addresses."
            ),
        ),
        Error::Timeout(_) => Problem::bad_input(format!("{host} took too long. Try again later, or upload the file.")),
        Error::TooManyRedirects | Error::RedirectFailed => {
            Problem::bad_input(format!("{host} redirects too often. Give the address that it leads to in the end."))
        }
        Error::HostNotFound => Problem::bad_input(format!("There is no host {host}. Check the address's spelling.")),
        _ => Problem::bad_input(format!("{host} can't be reached. Check the address, or upload the file.")),
    }
}
