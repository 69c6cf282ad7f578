//! A server with accounts, and three people who are signed in.

use axum::body::Body;
use axum::http::{Request, header};
use domain::Actor;
use domain::account::{Login, Role, Scope};
use domain::visitor::Visitor;
use serde_json::Value;
use service::{Accounts, Client, NewAccount, ServiceConfig};

use crate::harness::{Answer, Server};

pub const PASSWORD: &str = "tundra copper violin seven";

pub fn with_accounts(config: ServiceConfig) -> ServiceConfig {
    ServiceConfig { accounts: Accounts::Required, ..config }
}

pub fn account(name: &str) -> NewAccount {
    let login = Login::new(&format!("{}@example.org", name.to_lowercase())).unwrap();
    NewAccount { login, name: Actor::named(name).unwrap(), password: PASSWORD.to_owned() }
}

pub fn client() -> Client {
    Client { address: "10.0.0.7".to_owned(), agent: "a test".to_owned(), ..Client::default() }
}

/// What a request is sent with.
#[derive(Clone)]
pub enum With {
    Nothing,
    Session(String),
    Token(String),
}

pub struct Team {
    pub server: Server,
    pub admin: String,
    pub editor: String,
    pub viewer: String,
}

impl Team {
    pub async fn start() -> Team {
        Team::start_with(with_accounts).await
    }

    pub async fn start_with(change: impl FnOnce(ServiceConfig) -> ServiceConfig) -> Team {
        let server = Server::start_with(change).await;
        let code = server.service.set_up_code().await.unwrap().unwrap();
        let admin = server.service.set_up(code.as_str(), &account("Ada"), &client()).await.unwrap();
        let admin = admin.as_str().to_owned();
        let by = server.service.by_session(&admin).await.unwrap();
        let mut others = Vec::new();
        for (name, role) in [("Grace", Role::Editor), ("Alan", Role::Viewer)] {
            let (_, secret) = server.service.invite(&by, role, &client()).await.unwrap();
            let session = server.service.join(secret.as_str(), &account(name), &client()).await.unwrap();
            others.push(session.as_str().to_owned());
        }
        let (viewer, editor) = (others.pop().unwrap(), others.pop().unwrap());
        Team { server, admin, editor, viewer }
    }

    pub async fn visitor(&self, session: &str) -> Visitor {
        self.server.service.by_session(session).await.unwrap()
    }

    pub async fn token(&self, of: &str, scope: Scope) -> String {
        let visitor = self.visitor(of).await;
        let made = self.server.service.make_token(&visitor, "gate", scope, 30, &client()).await.unwrap();
        made.1.as_str().to_owned()
    }

    pub async fn send(&self, with: &With, method: &str, path: &str, body: Body, kind: &str) -> Answer {
        let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, kind);
        let request = match with {
            With::Nothing => request,
            With::Session(secret) => request.header(header::COOKIE, format!("session={secret}")),
            With::Token(secret) => request.header(header::AUTHORIZATION, format!("Bearer {secret}")),
        };
        self.server.send(request.body(body).unwrap()).await
    }

    pub async fn get(&self, with: &With, path: &str) -> Answer {
        self.send(with, "GET", path, Body::empty(), "text/plain").await
    }

    pub async fn json(&self, with: &With, method: &str, path: &str, body: Value) -> Answer {
        self.send(with, method, path, body.to_string().into(), "application/json").await
    }

    pub async fn form(&self, with: &With, path: &str, fields: &str) -> Answer {
        self.send(with, "POST", path, fields.to_owned().into(), "application/x-www-form-urlencoded").await
    }
}
