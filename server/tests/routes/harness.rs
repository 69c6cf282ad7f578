//! A server in memory: requests in, responses out, everything below them real.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::Value;
use server::http::{App, Assets, router};
use service::{Service, ServiceConfig};
use sources::{PrivateAddresses, Reach};
use tower::ServiceExt;

use crate::contract;
use crate::data_folder::DataFolder;

pub struct Server {
    pub service: Service,
    router: Router,
    pub data: DataFolder,
    /// Which operations of the API were asked for, and the statuses they answered with.
    pub seen: Mutex<BTreeSet<(String, u16)>>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The answer itself, after looking at its status.
    pub fn expect(self, status: StatusCode) -> Answer {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Where a form leads.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.headers[header::LOCATION].to_str().unwrap()
    }
}

/// A server whose links may lead back to this machine.
pub fn reaching_inside(config: ServiceConfig) -> ServiceConfig {
    let reach = Reach { private_addresses: PrivateAddresses::Allowed, ..Reach::default() };
    ServiceConfig { reach, ..config }
}

/// A file in a multipart form.
pub struct File<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

impl Server {
    pub async fn start() -> Server {
        Server::start_with(|config| config).await
    }

    pub async fn start_with(change: impl FnOnce(ServiceConfig) -> ServiceConfig) -> Server {
        let data = DataFolder::new();
        let config = change(ServiceConfig::new(data.path()));
        let no_site = data.path().join("no site");
        Server::open(data, config, &no_site).await
    }

    /// With a site folder.
    pub async fn start_at(site: &Path) -> Server {
        let data = DataFolder::new();
        let config = ServiceConfig::new(data.path());
        Server::open(data, config, site).await
    }

    async fn open(data: DataFolder, config: ServiceConfig, site: &Path) -> Server {
        let service = Service::open(config).await.unwrap();
        let router = router(App::new(service.clone(), Assets::Folder(site.to_owned())));
        Server { service, router, data, seen: Mutex::default() }
    }

    /// What a listener serves.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Sends a request as it is, except for the host. The response is held against the API's description.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        if !request.headers().contains_key(header::HOST) {
            request.headers_mut().insert(header::HOST, "127.0.0.1:3000".parse().unwrap());
        }
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        let operation = contract::checked(&method, &path, &answer);
        self.seen.lock().unwrap().extend(operation.map(|operation| (operation, answer.status.as_u16())));
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// The same from a browser that keeps cookies.
    pub async fn get_with(&self, path: &str, cookies: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, cookies).body(Body::empty()).unwrap()).await
    }

    pub async fn json(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.to_string().into()).unwrap()).await
    }

    /// Sends a form as a browser does.
    pub async fn form(&self, path: &str, fields: &str) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(fields.to_owned().into()).unwrap()).await
    }

    /// Sends a form with files as a browser does.
    pub async fn multipart(&self, path: &str, fields: &[(&str, &str)], files: &[File<'_>]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for File { name, bytes } in files {
            let head = format!("--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n");
            body.extend(head.bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--cut--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// Uploads one file by the API; its snapshot.
    pub async fn upload(&self, name: &str, bytes: &[u8]) -> Value {
        let request = Request::post(format!("/api/v1/snapshots?name={name}"));
        let answer = self.send(request.body(bytes.to_vec().into()).unwrap()).await.expect(StatusCode::CREATED);
        answer.json()[0].clone()
    }

    /// Follows a job's events to the end; the job at its end.
    pub async fn until_over(&self, job: &str) -> Value {
        let answer = self.get(&format!("/api/v1/jobs/{job}/events")).await.expect(StatusCode::OK);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "text/event-stream");
        let last = answer.body.lines().filter_map(|line| line.strip_prefix("data: ")).next_back().unwrap();
        self.data.until_over(&self.service, job).await;
        serde_json::from_str(last).unwrap()
    }

    /// Waits until nothing is left to be done. Every test that starts a job ends with it, or waits for each job by itself.
    pub async fn settled(&self) {
        self.data.settled(&self.service).await;
    }

    /// Files in a folder of the data folder, however deep.
    pub fn files_in(&self, folder: &str) -> Vec<String> {
        fn collect(folder: &std::path::Path, names: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    collect(&path, names);
                } else {
                    names.push(path.file_name().unwrap().to_string_lossy().into_owned());
                }
            }
        }
        let mut names = Vec::new();
        collect(&self.data.path().join(folder), &mut names);
        names
    }
}

/// A table with a numeric column around `centre`, a category and a label: enough for a comparison to say something.
pub fn table(rows: usize, centre: f64) -> Vec<u8> {
    let mut text = String::from("row_id,amount,region,defaulted\n");
    for row in 0..rows {
        // Golden-ratio steps spread the values evenly without drawing any.
        let place = (row as f64 * 0.618_033_988_75).fract();
        let region = ["north", "south", "west"][row % 3];
        text.push_str(&format!("{row},{:.3},{region},{}\n", centre * (0.5 + place), u8::from(place > 0.7)));
    }
    text.into_bytes()
}
