//! Connections, by bytes on a real socket.

use std::time::Duration;

use server::http::{self, ConnectionLimits, serve_until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::harness::{Server, table};

const HEAD: Duration = Duration::from_millis(400);
/// Far beyond what any of these needs.
const PATIENCE: Duration = Duration::from_secs(30);

struct Listening {
    server: Server,
    address: String,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Listening {
    async fn start(open: u32) -> Listening {
        Listening::with(ConnectionLimits { head: HEAD, open, ..ConnectionLimits::default() }).await
    }

    async fn with(limits: ConnectionLimits) -> Listening {
        let server = Server::start().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (stop, stopped) = oneshot::channel();
        let served =
            tokio::spawn(serve_until(http::Listening { listener, tls: None }, server.router(), limits, async move {
                let _ = stopped.await;
            }));
        Listening { server, address, stop, served }
    }

    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }
}

/// Everything the server sends until it closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.unwrap().unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

const ASK: &str = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn one_address_does_not_take_all_places() {
    let limits = ConnectionLimits { head: PATIENCE, open: 10, by_address: Some(2), ..ConnectionLimits::default() };
    let listening = Listening::with(limits).await;
    let (first, second) = (listening.send("GET").await, listening.send("GET").await);
    // The third is closed without a word, and after one has gone there is a place again.
    let mut third = TcpStream::connect(&listening.address).await.unwrap();
    let mut nothing = [0; 1];
    let answer = timeout(PATIENCE, third.read(&mut nothing)).await.unwrap();
    assert!(matches!(answer, Ok(0) | Err(_)), "{answer:?}");
    drop((first, second));
    let mut answered = false;
    for _ in 0..100 {
        let mut next = TcpStream::connect(&listening.address).await.unwrap();
        let sent = next.write_all(ASK.as_bytes()).await;
        let mut bytes = Vec::new();
        if sent.is_ok() && next.read_to_end(&mut bytes).await.is_ok() && bytes.starts_with(b"HTTP/1.1 200") {
            answered = true;
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert!(answered);
    let Listening { stop, served, server, .. } = listening;
    stop.send(()).unwrap();
    timeout(PATIENCE, served).await.unwrap().unwrap();
    server.settled().await;
}

#[tokio::test]
async fn a_connection_without_a_whole_head_is_closed() {
    let listening = Listening::start(10).await;
    for begun in ["", "GET", "PRI * HT", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"] {
        let answer = rest(listening.send(begun).await).await;
        assert!(!answer.contains("200 OK"), "{begun:?}: {answer}");
    }
    assert!(rest(listening.send(ASK).await).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn a_connection_beyond_the_limit_waits_for_a_place() {
    let listening = Listening::start(1).await;
    let _silent = listening.send("GET").await;
    sleep(HEAD / 8).await;
    let mut second = listening.send(ASK).await;
    let mut byte = [0];
    assert!(timeout(HEAD / 8, second.read(&mut byte)).await.is_err(), "it was answered beyond the limit");
    assert!(rest(second).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn a_body_may_take_longer_than_a_head() {
    let listening = Listening::start(10).await;
    let body = table(20, 10.0);
    let head = format!(
        "POST /api/v1/snapshots?name=slow.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = listening.send(&head).await;
    for piece in body.chunks(body.len() / 4 + 1) {
        sleep(HEAD / 2).await;
        stream.write_all(piece).await.unwrap();
    }
    assert!(rest(stream).await.starts_with("HTTP/1.1 201 Created"));
    assert_eq!(listening.server.get("/api/v1/snapshots").await.json()[0]["name"], "slow.csv");
    listening.server.settled().await;
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_end() {
    let listening = Listening::start(10).await;
    let body = table(20, 10.0);
    let head = format!(
        "POST /api/v1/snapshots?name=late.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = listening.send(&head).await;
    sleep(HEAD / 4).await;
    listening.stop.send(()).unwrap();
    sleep(HEAD / 4).await;
    stream.write_all(&body).await.unwrap();
    assert!(rest(stream).await.starts_with("HTTP/1.1 201 Created"));
    timeout(PATIENCE, listening.served).await.unwrap().unwrap();
    assert!(TcpStream::connect(&listening.address).await.is_err());
    listening.server.settled().await;
}

#[tokio::test]
async fn no_request_is_smuggled_behind_another() {
    let listening = Listening::start(10).await;
    let hidden = "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    let chunk = format!("0\r\n\r\n{hidden}");
    let post = "POST /api/v1/investigations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";
    let tries = [
        // Two lengths that differ, a length next to chunks, chunks named twice, or in a way that only some understand.
        format!("{post}Content-Length: 0\r\nContent-Length: {}\r\n\r\n{hidden}", hidden.len()),
        format!("{post}Content-Length: 4, {}\r\n\r\n{hidden}", hidden.len()),
        format!("{post}Content-Length: +{}\r\n\r\n{hidden}", hidden.len()),
        format!("{post}Transfer-Encoding: chunked, identity\r\n\r\n{chunk}"),
        format!("{post}Transfer-Encoding: xchunked\r\n\r\n{chunk}"),
        format!("{post}Transfer-Encoding : chunked\r\n\r\n{chunk}"),
        format!("{post}Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{hidden}"),
        // A header that is folded, one without a name, one with a bare line feed or a null.
        format!("{post}X-A: 1\r\n Content-Length: 2\r\n\r\n{hidden}"),
        format!("{post}: x\r\n\r\n{hidden}"),
        format!("{post}X-A: a\0b\r\n\r\n{hidden}"),
        // A request line that is none.
        format!("GET  /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n{hidden}"),
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n".to_owned(),
    ];
    for sent in tries {
        let answer = rest(listening.send(&sent).await).await;
        let answers = answer.matches("HTTP/1.1 ").count();
        let took_it = answer.contains("HTTP/1.1 201");
        assert!(!took_it && answers <= 1, "{sent:?}: {answer}");
        assert!(!answer.contains("\"ready\"") && !answer.contains("HTTP/1.1 200"), "{sent:?}: {answer}");
    }
    // Chunks and a length together: the chunks count (RFC 9112, section 6.3), and what follows them is another request or none,
    // never a part of the body.
    let both = format!("{post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}");
    let answer = rest(listening.send(&both).await).await;
    assert!(!answer.contains("HTTP/1.1 201"), "{answer}");
    assert!(rest(listening.send(ASK).await).await.starts_with("HTTP/1.1 200 OK"));
}
