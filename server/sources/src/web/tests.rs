//! Against a server of the test's own, on loopback.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use connectors::live::Capture;
use domain::{Problem, ProblemKind};

use crate::{Arrived, PrivateAddresses, Reach, Sources, Tokens};

/// One request as it came: the line, the headers, the body.
type Seen = Arc<Mutex<Vec<(String, String, String)>>>;

/// Answers each request, by its line, with a status and a body; gives its address and what it saw.
fn serve(answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen = Seen::default();
    let kept = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let Some(request) = request(&stream) else { continue };
            let (status, body) = answer(&request.0);
            kept.lock().unwrap().push(request);
            let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            // A client that has seen enough goes.
            let _ = (&stream).write_all(format!("{head}{body}").as_bytes());
        }
    });
    (address, seen)
}

fn request(stream: &TcpStream) -> Option<(String, String, String)> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut headers) = (String::new(), String::new());
    reader.read_line(&mut line).ok()?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        headers.push_str(&header);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((line.trim().to_owned(), headers, String::from_utf8(body).ok()?))
}

fn reach(private_addresses: PrivateAddresses) -> Reach {
    Reach { private_addresses, ..Reach::default() }
}

fn bring(reach: Reach, url: &str) -> Result<(Arrived, Vec<u8>), Problem> {
    let mut bytes = Vec::new();
    let arrived = Sources::new(reach).bring(url, None, &mut |piece| {
        bytes.extend_from_slice(piece);
        Ok(())
    })?;
    Ok((arrived, bytes))
}

fn brought(url: &str) -> Result<(Arrived, Vec<u8>), Problem> {
    bring(reach(PrivateAddresses::Allowed), url)
}

const PAGE: &str = "<!DOCTYPE html><title>x</title>";

#[test]
fn a_private_address_is_refused_unless_allowed() {
    let (host, _) = serve(|_| (200, "a\n1\n".to_owned()));
    for url in [format!("{host}/a.csv"), "http://localhost:9/a.csv".into(), "http://[::ffff:127.0.0.1]:9/a.csv".into()]
    {
        let refused = bring(reach(PrivateAddresses::Refused), &url).err().unwrap();
        assert_eq!(refused.kind, ProblemKind::Forbidden, "{url}");
    }
    let (arrived, bytes) = brought(&format!("{host}/data/a.csv?token=secret")).unwrap();
    assert_eq!((arrived.name.as_str(), bytes.as_slice()), ("a.csv", &b"a\n1\n"[..]));
    assert_eq!(arrived.origin, format!("{host}/data/a.csv"));
}

#[test]
fn a_failure_is_told_in_a_sentence() {
    let (host, _) = serve(|line| (if line.contains("login") { 401 } else { 404 }, String::new()));
    let told = |path: &str| brought(&format!("{host}{path}")).err().unwrap().message;
    assert!(told("/a.csv").contains("status 404"));
    assert!(told("/login").contains("--token"), "{}", told("/login"));
    assert!(brought("http://me:secret@host/x").err().unwrap().message.contains("belongs into a token"));
    assert!(!brought("http://me:secret@host/x").err().unwrap().message.contains("secret"));
}

#[test]
fn a_file_larger_than_its_first_look_arrives_whole() {
    let body: String = (0..40_000).map(|row| format!("{row},x\n")).collect();
    let expected = body.clone();
    let (host, _) = serve(move |_| (200, body.clone()));
    assert_eq!(String::from_utf8(brought(&format!("{host}/big.csv")).unwrap().1).unwrap(), expected);
}

#[test]
fn a_sink_that_has_enough_ends_it() {
    let (host, _) = serve(|_| (200, "a\n1\n".to_owned()));
    let full = |_: &[u8]| Err(Problem::new(ProblemKind::TooLarge, "full"));
    let mut full = full;
    let refused = Sources::new(reach(PrivateAddresses::Allowed)).bring(&host, None, &mut full).err().unwrap();
    assert_eq!(refused.kind, ProblemKind::TooLarge);
}

/// A Prometheus with one alert, behind a page.
fn prometheus(line: &str) -> (u16, String) {
    let path = line.split(' ').nth(1).unwrap_or_default();
    let body = match path.split('?').next().unwrap_or_default() {
        "/x/api/v1/status/buildinfo" => r#"{"status":"success","data":{"version":"2.42.0"}}"#,
        "/x/api/v1/alerts" => {
            r#"{"status":"success","data":{"alerts":[{"labels":{"alertname":"A"},"annotations":{},"state":"firing",
                "activeAt":"2026-05-16T07:30:00Z","value":"1"}]}}"#
        }
        "/x/api/v1/label/__name__/values" => r#"{"status":"success","data":["model_up"]}"#,
        "/x/api/v1/rules" => return (500, "broken".to_owned()),
        "/x/graph" => PAGE,
        _ if path.starts_with("/x/api/v1/") => r#"{"status":"success","data":{}}"#,
        _ => return (404, PAGE.to_owned()),
    };
    (200, body.to_owned())
}

#[test]
fn behind_the_page_of_a_tool_its_interface_is_asked() {
    let (host, seen) = serve(prometheus);
    let (arrived, bytes) = brought(&format!("{host}/x/graph#secret")).unwrap();
    let host_only = host.trim_start_matches("http://");
    assert_eq!(arrived, Arrived { name: format!("Prometheus at {host_only}"), origin: format!("{host}/x") });
    let capture: Capture = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(capture.tool_version.as_deref(), Some("2.42.0"));
    let artifact = connectors::read(&bytes, &arrived.name).unwrap().unwrap();
    assert_eq!(artifact.brought.facts.checks.len(), 1);
    assert!(artifact.brought.left.iter().any(|left| left == "GET /api/v1/rules: the answer has status 500"));
    assert!(seen.lock().unwrap().iter().any(|(line, ..)| line.contains("query_range?query=model_up")));
    assert!(seen.lock().unwrap().iter().all(|(_, headers, _)| !headers.to_lowercase().contains("authorization")));
}

#[test]
fn the_token_of_a_host_goes_with_every_question_and_into_no_file() {
    let (host, seen) = serve(prometheus);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "s3cr3t\n").unwrap();
    let token = format!("{}={}", host.trim_start_matches("http://"), file.display());
    let with_token = Reach { tokens: Tokens(vec![token.parse().unwrap()]), ..reach(PrivateAddresses::Allowed) };
    let (arrived, bytes) = bring(with_token, &format!("{host}/x/graph")).unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.len() > 4);
    for (line, headers, _) in seen.iter() {
        assert!(headers.to_lowercase().contains("authorization: bearer s3cr3t"), "{line}");
    }
    assert!(!String::from_utf8_lossy(&bytes).contains("s3cr3t") && !format!("{arrived:?}").contains("s3cr3t"));
}

#[test]
fn a_service_that_is_not_well_is_an_answer_too() {
    let (host, _) = serve(|line| (if line.contains("health") { 503 } else { 404 }, r#"{"status":"DOWN"}"#.to_owned()));
    let (arrived, bytes) = brought(&format!("{host}/health?key=secret")).unwrap();
    assert!(arrived.name.starts_with("health of 127.0.0.1"));
    assert!(!String::from_utf8_lossy(&bytes).contains("secret"));
    let artifact = connectors::read(&bytes, &arrived.name).unwrap().unwrap();
    assert_eq!(artifact.brought.facts.checks[0].observed.as_deref(), Some("status 503"));
    assert!(brought(&format!("{host}/other")).is_err());
}

#[test]
fn a_page_without_a_tool_behind_it_is_handed_on_as_it_is() {
    let (host, _) = serve(|line| if line.contains(" / ") { (200, PAGE.to_owned()) } else { (404, PAGE.to_owned()) });
    assert_eq!(brought(&host).unwrap().1, PAGE.as_bytes());
}
