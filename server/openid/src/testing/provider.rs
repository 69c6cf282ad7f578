//! A provider on loopback that gives prepared answers and remembers what it was asked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) authorization: String,
    pub(crate) body: String,
}

#[derive(Default)]
struct Shared {
    answers: BTreeMap<String, (u16, String)>,
    asked: Vec<Asked>,
}

pub(crate) struct Prepared {
    pub(crate) issuer: String,
    shared: Arc<Mutex<Shared>>,
}

impl Prepared {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Mutex::new(Shared::default()));
        let of_thread = Arc::clone(&shared);
        // Ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &of_thread);
            }
        });
        Self { issuer, shared }
    }

    pub(crate) fn answers(&self, path: &str, status: u16, body: &Value) {
        self.answers_text(path, status, body.to_string());
    }

    pub(crate) fn answers_text(&self, path: &str, status: u16, body: String) {
        self.shared.lock().unwrap().answers.insert(path.to_owned(), (status, body));
    }

    /// What it was asked so far, and forgets.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.shared.lock().unwrap().asked)
    }

    pub(crate) fn asked_paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }
}

fn answer(mut stream: TcpStream, shared: &Mutex<Shared>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let Some(first) = lines.first() else { return };
    let header = |name: &str| {
        let found =
            lines.iter().filter_map(|line| line.split_once(':')).find(|(one, _)| one.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let asked =
        Asked { path: path.clone(), authorization: header("authorization"), body: String::from_utf8(body).unwrap() };
    let (status, body) = {
        let mut shared = shared.lock().unwrap();
        shared.asked.push(asked);
        shared.answers.get(&path).cloned().unwrap_or((404, String::new()))
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nlocation: /elsewhere\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // Whoever asked may have hung up: an answer can be more than they read.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}
