//! `mismatch push`: sends files to a server for a model, such as each day's rows from a pipeline.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum};
use domain::Problem;
use domain::clock::{Moment, instant};
use domain::markup::percent_encoded;
use domain::model::{ArrivalState, Arrived};
use domain::snapshot::SnapshotRole;
use serde::Deserialize;
use ureq::Agent;
use ureq::http::{Response, Uri};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long the server may take from the last byte on: it reads the file before it answers.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(600);
/// Largest answer that is read.
const MOST_BYTES: u64 = 4 << 20;
/// Largest file with a token.
const TOKEN_BYTES: u64 = 4_096;

/// Sends files to a server for a model: the rows of a day, training data, labels that are known later, logs. Sent twice, a file
/// arrives once. Exits with 2 if one could not be sent.
#[derive(Debug, Args)]
pub struct Push {
    /// The model's name. One that is not known yet is made.
    #[arg(value_name = "MODEL")]
    model: String,
    /// Files to send, in this order: served rows before the log or the predictions that belong to them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the files are: serve, train, validation, test, labels, predictions, servinglog, artifact and so on. Served rows when
    /// it is left out, unless a file shows that it is something else.
    #[arg(long, value_name = "ROLE", value_parser = role_of)]
    role: Option<SnapshotRole>,
    /// What the files are about, such as 2026-11-27T00:00:00Z or 2026-11-27; now when it is left out.
    #[arg(long, value_name = "TIME", value_parser = time_of)]
    at: Option<i64>,
    /// The version of the model.
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Where the server is.
    #[arg(long, value_name = "URL", env = "MISMATCH_SERVER", default_value = "http://127.0.0.1:3000")]
    server: String,
    /// The file that holds a token that may write; else the variable MISMATCH_TOKEN has it. Not needed for a server without
    /// accounts.
    #[arg(long, value_name = "PATH")]
    token_file: Option<PathBuf>,
    /// The certificates to trust, as PEM, instead of those that browsers trust.
    #[arg(long, value_name = "FILE")]
    certificates: Option<PathBuf>,
    /// Format of what is said.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    /// One object for each file, as the server answers.
    Json,
}

fn role_of(text: &str) -> Result<SnapshotRole, String> {
    let ids: Vec<&str> = SnapshotRole::ALL.iter().map(|role| role.id()).collect();
    SnapshotRole::from_id(text).ok_or_else(|| format!("{text:?} is not a role: there are {}", ids.join(", ")))
}

fn time_of(text: &str) -> Result<i64, String> {
    instant(text).ok_or_else(|| format!("{text:?} is not a time: write it as 2026-11-27T09:30:00Z or as a day"))
}

impl Push {
    /// # Errors
    /// When the server, the token or the certificates can't be used.
    pub fn run(self) -> Result<ExitCode, Problem> {
        let server = Server::of(&self)?;
        let mut code = ExitCode::SUCCESS;
        for file in &self.files {
            match server.send(file, &self) {
                Ok(answer) => super::print(&written(&answer, &self, &server.url)?)?,
                // The other files may arrive all the same, and sent again they cost nothing.
                Err(problem) => code = super::complain(&format!("{}: {}", super::name_of(file), problem.message)),
            }
        }
        Ok(code)
    }
}

/// The way to one server.
struct Server {
    agent: Agent,
    url: String,
    token: Option<String>,
}

/// What came back.
struct Answer {
    arrived: Arrived,
    body: String,
    is_new: bool,
}

/// A problem as the server writes it.
#[derive(Deserialize)]
struct Refused {
    detail: String,
}

impl Server {
    fn of(push: &Push) -> Result<Server, Problem> {
        let url = push.server.trim_end_matches('/').to_owned();
        let token = token(push.token_file.as_deref())?;
        check_address(&url, token.is_some())?;
        let mut config = Agent::config_builder()
            // A token goes to this server and to no other.
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_resolve(Some(CONNECT_TIMEOUT))
            .timeout_recv_response(Some(ANSWER_TIMEOUT))
            .user_agent(concat!("mismatch/", env!("CARGO_PKG_VERSION")));
        if is_this_machine(&url) {
            config = config.proxy(None);
        }
        if let Some(file) = &push.certificates {
            let roots = RootCerts::new_with_certs(&certificates(file)?);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Ok(Server { agent: config.build().into(), url, token })
    }

    fn send(&self, path: &Path, push: &Push) -> Result<Answer, Problem> {
        let file = File::open(path).map_err(|error| Problem::bad_input(format!("It can't be read: {error}.")))?;
        if file.metadata().is_ok_and(|about| about.is_dir()) {
            return Err(Problem::bad_input("It is a folder. Name the files in it."));
        }
        let request = self.agent.post(self.address(path, push)).content_type("application/octet-stream");
        let request = match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        let answer = request.send(file).map_err(|error| self.unreachable(&error))?;
        self.read(answer)
    }

    fn address(&self, path: &Path, push: &Push) -> String {
        let mut pairs = vec![("name", super::name_of(path))];
        pairs.extend(push.role.map(|role| ("role", role.id().to_owned())));
        pairs.extend(push.at.map(|at| ("at", Moment::from_ms(at).rfc3339())));
        pairs.extend(push.version.clone().map(|version| ("version", version)));
        let query: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
        format!("{}/api/v1/models/{}/arrivals?{}", self.url, percent_encoded(&push.model), query.join("&"))
    }

    fn read(&self, answer: Response<ureq::Body>) -> Result<Answer, Problem> {
        let status = answer.status();
        let mut body = String::new();
        let mut reader = answer.into_body().into_with_config().limit(u64::MAX).reader().take(MOST_BYTES);
        reader.read_to_string(&mut body).map_err(|error| self.unreachable(&error))?;
        if !status.is_success() {
            let said = serde_json::from_str::<Refused>(&body).map(|refused| refused.detail);
            return Err(Problem::bad_input(said.unwrap_or_else(|_not_ours| {
                format!("{} answered with status {status}. Check that --server names Mismatch itself.", self.url)
            })));
        }
        let arrived = serde_json::from_str(&body).map_err(|error| {
            Problem::bad_input(format!("{} answered something else than an arrival ({error}).", self.url))
        })?;
        Ok(Answer { arrived, body, is_new: status == ureq::http::StatusCode::CREATED })
    }

    fn unreachable(&self, error: &dyn std::fmt::Display) -> Problem {
        Problem::bad_input(format!("{} can't be reached: {error}. Check --server.", self.url))
    }
}

/// A token is sent over an encrypted connection only, or not beyond this machine.
fn check_address(url: &str, has_token: bool) -> Result<(), Problem> {
    let parsed: Option<Uri> = url.parse().ok();
    let parsed = parsed.filter(|uri| uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https")));
    let Some(uri) = parsed else {
        return Err(Problem::bad_input(format!(
            "{url} is not the address of a server, such as https://mismatch.example.org."
        )));
    };
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(Problem::bad_input("A password in the address is not sent. Use a token: --token-file."));
    }
    if has_token && uri.scheme_str() == Some("http") && !is_this_machine(url) {
        return Err(Problem::bad_input(format!("{url} is not encrypted, so the token is not sent. Use https.")));
    }
    Ok(())
}

fn is_this_machine(url: &str) -> bool {
    let host = url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn token(file: Option<&Path>) -> Result<Option<String>, Problem> {
    let text = match file {
        Some(path) => {
            let mut text = String::new();
            let read = File::open(path).and_then(|file| file.take(TOKEN_BYTES).read_to_string(&mut text));
            read.map_err(|error| {
                Problem::bad_input(format!("The file {} with the token can't be read: {error}.", path.display()))
            })?;
            Some(text)
        }
        None => std::env::var("MISMATCH_TOKEN").ok(),
    };
    let token = text.map(|text| text.trim().to_owned()).filter(|token| !token.is_empty());
    if token.as_ref().is_some_and(|token| !token.bytes().all(|byte| byte.is_ascii_graphic())) {
        return Err(Problem::bad_input("The token holds characters that no token has. Copy it again."));
    }
    match (file, token) {
        (Some(path), None) => Err(Problem::bad_input(format!("The file {} holds no token.", path.display()))),
        (_, token) => Ok(token),
    }
}

fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>, Problem> {
    let unusable = |why: String| {
        Problem::bad_input(format!(
            "The certificates in {} can't be used: {why}. Give a PEM file with one or several certificates.",
            file.display()
        ))
    };
    let pem = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| unusable(error.to_string()))? {
            found.push(certificate);
        }
    }
    if found.is_empty() { Err(unusable("there are none".to_owned())) } else { Ok(found) }
}

fn written(answer: &Answer, push: &Push, url: &str) -> Result<String, Problem> {
    match push.format {
        Format::Json => Ok(format!("{}\n", answer.body.trim())),
        Format::Text => Ok(in_words(answer, url)),
    }
}

fn in_words(answer: &Answer, url: &str) -> String {
    let Answer { arrived: Arrived { arrival, advice, others }, is_new, .. } = answer;
    let came = if *is_new { "arrived" } else { "was there already" };
    let what = match arrival.state {
        ArrivalState::Reference => ", the reference now",
        ArrivalState::Waiting => "; its checks run",
        _ => "",
    };
    let at = Moment::from_ms(arrival.at_ms).words();
    let more = match others.len() {
        0 => String::new(),
        more => format!(", with {more} more from the same file"),
    };
    let advice = if advice.is_empty() { String::new() } else { format!("  {}\n", super::one_line(advice)) };
    format!(
        "{} {came} as {} of {at}{what}{more}: {url}/models/{}\n{advice}",
        super::one_line(&arrival.snapshot.name),
        arrival.role.id(),
        percent_encoded(&arrival.model)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_nowhere_unencrypted_and_nowhere_else() {
        for fine in ["https://mismatch.example.org", "https://10.0.0.1:8443/below"] {
            assert_eq!(check_address(fine, true), Ok(()), "{fine}");
        }
        for here in ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000"] {
            assert_eq!(check_address(here, true), Ok(()), "{here}");
        }
        assert_eq!(
            check_address("http://mismatch.example.org", false),
            Ok(()),
            "without a token nothing is given away"
        );
        for bad in
            ["http://mismatch.example.org", "http://localhost.example.org", "ftp://x", "mismatch", "", "https://a:b@c"]
        {
            assert!(check_address(bad, true).is_err(), "{bad}");
        }
    }

    #[test]
    fn roles_and_times_are_read_as_people_write_them() {
        assert_eq!(role_of("servinglog"), Ok(SnapshotRole::ServingLog));
        assert!(role_of("served").is_err_and(|words| words.contains("serve, ")));
        assert_eq!(time_of("1970-01-02"), Ok(86_400_000));
        assert!(time_of("yesterday").is_err());
    }
}
