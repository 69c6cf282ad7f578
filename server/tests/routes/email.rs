//! Alerts by e-mail: through a mail server that takes everything.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use service::ServiceConfig;
use sources::Mailer;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::arrivals::rows;
use crate::harness::Server;

/// What was said to it, one text for each message.
type Taken = Arc<Mutex<Vec<String>>>;

async fn mail_server() -> (String, Taken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("smtp://{}", listener.local_addr().unwrap());
    let taken = Taken::default();
    let all = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(take_one(stream, Arc::clone(&all)));
        }
    });
    (address, taken)
}

/// The dialogue of RFC 5321: every command is fine, and a message ends with a line that holds only a point.
async fn take_one(stream: TcpStream, all: Taken) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 ready\r\n").await.unwrap();
    let (mut said, mut is_data) = (String::new(), false);
    while let Ok(Some(line)) = lines.next_line().await {
        said.push_str(&line);
        said.push('\n');
        let answer = match line.as_str() {
            "." if is_data => {
                all.lock().unwrap().push(std::mem::take(&mut said));
                is_data = false;
                "250 taken"
            }
            _ if is_data => continue,
            "DATA" => {
                is_data = true;
                "354 go on"
            }
            _ => "250 fine",
        };
        if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn an_alert_comes_by_email_to_everybody_it_names() {
    let (address, taken) = mail_server().await;
    let mailer = Some(Mailer::new(&address, "Mismatch <mismatch@example.com>").unwrap());
    let server = Server::start_with(|config| ServiceConfig { mailer, ..config }).await;
    let asked = json!({"name": "team", "kind": "email", "address": "ada@example.com; bob@example.com"});
    let made = server.json(Method::POST, "/api/v1/channels", asked).await.expect(StatusCode::CREATED).json();
    assert_eq!(made["host"], "ada@example.com, bob@example.com");
    let test = format!("/api/v1/channels/{}/test", made["id"].as_str().unwrap());
    server.json(Method::POST, &test, json!({})).await.expect(StatusCode::NO_CONTENT);
    let said = taken.lock().unwrap().pop().unwrap();
    assert!(said.contains("RCPT TO:<ada@example.com>") && said.contains("RCPT TO:<bob@example.com>"), "{said}");
    for (name, role, day, centre) in
        [("train.csv", "train", "2026-05-01", 100.0), ("day.csv", "serve", "2026-05-02", 10_000.0)]
    {
        if role == "serve" {
            let rule = json!({"watched": {"kind": "any_mismatch"}, "severity": "critical"});
            server.json(Method::POST, "/api/v1/models/loans/alert-rules", rule).await.expect(StatusCode::CREATED);
        }
        let to = format!("/api/v1/models/loans/arrivals?name={name}&role={role}&at={day}");
        let sent = Request::post(to).body(Body::from(rows(400, centre))).unwrap();
        server.send(sent).await.expect(StatusCode::CREATED);
        server.settled().await;
    }
    let alert = async {
        loop {
            if let Some(said) = taken.lock().unwrap().pop() {
                return said;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let said = tokio::time::timeout(std::time::Duration::from_secs(60), alert).await.unwrap();
    assert!(said.contains("amount") && said.contains("/models/loans/alerts"), "{said}");
    assert!(server.get("/channels").await.expect(StatusCode::OK).body.contains("ada@example.com, bob@example.com"));
}

#[tokio::test]
async fn without_a_mail_server_nobody_is_promised_an_email() {
    let server = Server::start().await;
    let asked = json!({"name": "team", "kind": "email", "address": "ada@example.com"});
    let refused = server.json(Method::POST, "/api/v1/channels", asked).await.expect(StatusCode::CONFLICT);
    assert!(refused.body.contains("--smtp"), "{}", refused.body);
    assert!(server.get("/channels").await.expect(StatusCode::OK).body.contains("--smtp"));
    let (address, _taken) = mail_server().await;
    let mailer = Some(Mailer::new(&address, "mismatch@example.com").unwrap());
    let server = Server::start_with(|config| ServiceConfig { mailer, ..config }).await;
    for wrong in ["", "https://hooks.example", "ada@example.com\r\nBcc: x@example.com"] {
        let asked = json!({"name": "team", "kind": "email", "address": wrong});
        server.json(Method::POST, "/api/v1/channels", asked).await.expect(StatusCode::BAD_REQUEST);
    }
}
