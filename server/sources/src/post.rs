//! Telling somebody else: a `POST` of JSON to an address that people gave.

use std::io::Read;
use std::time::Duration;

use domain::{Problem, ProblemKind};
use ureq::Error;

use crate::Sources;
use crate::agent::is_private;

/// A receiver that takes longer is tried again later.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Of what it answers.
const MOST_SAID_BYTES: u64 = 300;

impl Sources {
    /// Sends JSON; any answer from 200 to 299 is a success. Redirects are not followed: what is sent may hold a secret, and is meant
    /// for this address.
    ///
    /// # Errors
    /// `Forbidden` for an address that may not be reached, `BadInput` where it is none or something else is answered.
    pub fn post(&self, address: &str, headers: &[(&str, String)], body: &str) -> Result<(), Problem> {
        let host = host_of(address)?;
        let mut request = self
            .agent
            .post(address)
            .config()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .content_type("application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = request.send(body).map_err(|error| failed(&host, &error))?;
        let status = response.status().as_u16();
        if (200..300).contains(&status) {
            return Ok(());
        }
        let mut said = Vec::new();
        let mut reader = response.into_body().into_reader().take(MOST_SAID_BYTES);
        if let Err(error) = reader.read_to_end(&mut said) {
            tracing::info!(%error, host, "the answer of a receiver broke off");
        }
        let said = String::from_utf8_lossy(&said);
        let said: Vec<&str> = said.split(|letter: char| letter.is_whitespace() || letter.is_control()).collect();
        let said = said.join(" ");
        let said = if said.trim().is_empty() { String::new() } else { format!(": {}", said.trim()) };
        Err(Problem::bad_input(format!("{host} answered with status {status}{said}")))
    }
}

/// The host of an address that messages can be sent to.
///
/// # Errors
/// `BadInput` for what is no http or https address with a host.
pub fn host_of(address: &str) -> Result<String, Problem> {
    let none = || Problem::bad_input("Give an address that begins with https:// or http://.");
    let uri: ureq::http::Uri = address.parse().map_err(|_not_one| none())?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    // A name and a password in an address would be shown wherever the address is.
    let is_plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    uri.host().filter(|host| is_web && is_plain && !host.is_empty()).map(str::to_owned).ok_or_else(none)
}

fn failed(host: &str, error: &Error) -> Problem {
    tracing::info!(%error, host, "a message could not be sent");
    match error {
        error if is_private(error) => Problem::new(
            ProblemKind::Forbidden,
            format!(
                "{host} leads to an address inside a private network. Messages go there only where the server was started with \
                 --allow-private-addresses."
            ),
        ),
        Error::Timeout(_) => Problem::bad_input(format!("{host} took too long to answer.")),
        Error::HostNotFound => Problem::bad_input(format!("There is no host {host}.")),
        _ => Problem::bad_input(format!("{host} can't be reached.")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::*;
    use crate::{PrivateAddresses, Reach};

    /// Answers one request with this, and gives back the head and the body that came.
    fn receiver(answer: &'static str) -> (String, std::thread::JoinHandle<(String, String)>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = format!("http://{}/hook", listener.local_addr().expect("it listens"));
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody comes");
            let mut reader = BufReader::new(stream.try_clone().expect("a stream has two ends"));
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).expect("a head is text");
            }
            let length =
                head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            reader.read_exact(&mut body).expect("the body comes");
            stream.write_all(answer.as_bytes()).expect("the sender waits");
            (head, String::from_utf8_lossy(&body).into_owned())
        });
        (address, thread)
    }

    fn open() -> Sources {
        Sources::new(Reach { private_addresses: PrivateAddresses::Allowed, ..Reach::default() })
    }

    #[test]
    fn a_message_is_sent_with_its_headers() {
        let (address, thread) = receiver("HTTP/1.1 204 No Content\r\n\r\n");
        let sent = open().post(&address, &[("X-Signed", "abc".to_owned())], "{\"a\":1}");
        assert_eq!(sent, Ok(()));
        let (head, body) = thread.join().expect("the receiver ends");
        let head = head.to_lowercase();
        assert!(head.starts_with("post /hook") && head.contains("x-signed: abc") && head.contains("application/json"));
        assert_eq!(body, "{\"a\":1}");
    }

    #[test]
    fn what_a_receiver_refuses_is_told_and_a_redirect_is_not_followed() {
        let (address, thread) = receiver("HTTP/1.1 404 Not Found\r\nContent-Length: 12\r\n\r\nno such\nhook");
        let told = open().post(&address, &[], "{}").expect_err("it was refused").message;
        assert!(told.ends_with("answered with status 404: no such hook"), "{told}");
        thread.join().expect("the receiver ends");
        let (address, thread) =
            receiver("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n");
        let told = open().post(&address, &[], "{}").expect_err("it was refused").message;
        assert!(told.ends_with("answered with status 302"), "{told}");
        thread.join().expect("the receiver ends");
    }

    #[test]
    fn nobody_is_told_inside_a_private_network_unless_that_is_allowed() {
        let closed = Sources::new(Reach::default());
        let told = closed.post("http://127.0.0.1:9/hook", &[], "{}").expect_err("it is refused");
        assert_eq!(told.kind, ProblemKind::Forbidden);
        for wrong in ["", "hooks.example/x", "ftp://a/b", "http://", "file:///etc/passwd", "http://u:p@hooks.example/"]
        {
            assert!(host_of(wrong).is_err(), "{wrong}");
        }
        assert_eq!(host_of("https://hooks.example/x?y").as_deref(), Ok("hooks.example"));
    }
}
