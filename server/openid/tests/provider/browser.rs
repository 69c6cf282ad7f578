//! A browser as small as the provider's pages need: redirects, cookies, one form or link at a time.

use std::collections::BTreeMap;

use ureq::Agent;
use ureq::http::header::{COOKIE, LOCATION, SET_COOKIE};
use url::Url;

/// Pages and redirects of one sign-in, at most.
const MOST_STEPS: usize = 20;

/// What the person in front of it wants.
#[derive(Clone, Copy)]
pub enum Wish<'w> {
    /// To sign in by this name, and to agree.
    SignIn(&'w str),
    Cancel,
}

pub struct Browser {
    agent: Agent,
    cookies: BTreeMap<String, String>,
    /// Where it is at home: nothing is asked for there.
    home: &'static str,
}

/// What is sent next.
enum Step {
    Open(Url),
    Send(Url, String),
}

impl Browser {
    pub fn new(home: &'static str) -> Self {
        let config = Agent::config_builder().max_redirects(0).http_status_as_error(false).proxy(None);
        Self { agent: config.build().into(), cookies: BTreeMap::new(), home }
    }

    /// Opens an address and follows forms and redirects until it is sent home: the query with which it comes there.
    pub fn visit(&mut self, address: &str, wish: Wish<'_>) -> String {
        let mut step = Step::Open(Url::parse(address).unwrap());
        for _ in 0..MOST_STEPS {
            if let Step::Open(url) = &step
                && url.as_str().starts_with(self.home)
            {
                return url.query().unwrap_or_default().to_owned();
            }
            step = self.next(&step, wish);
        }
        panic!("the provider's pages come to no end");
    }

    fn next(&mut self, step: &Step, wish: Wish<'_>) -> Step {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let (url, sent) = match step {
            Step::Open(url) => (url, self.agent.get(url.as_str()).header(COOKIE, cookies).call()),
            Step::Send(url, form) => {
                let request = self.agent.post(url.as_str()).header(COOKIE, cookies);
                (url, request.content_type("application/x-www-form-urlencoded").send(form))
            }
        };
        let mut response = sent.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        if let Some(location) = response.headers().get(LOCATION) {
            return Step::Open(url.join(location.to_str().unwrap()).unwrap());
        }
        let page = response.body_mut().read_to_string().unwrap();
        assert!(response.status().is_success(), "{url}: {page}");
        on_page(url, &page, wish)
    }
}

/// What somebody does on a page of the provider.
fn on_page(url: &Url, page: &str, wish: Wish<'_>) -> Step {
    let login = match wish {
        Wish::Cancel => return Step::Open(url.join(&between(page, "<a href=\"", "\"")).unwrap()),
        Wish::SignIn(login) => login,
    };
    let action = url.join(&between(page, "action=\"", "\"")).unwrap();
    let prompt = between(page, "name=\"prompt\" value=\"", "\"");
    let form = match prompt.as_str() {
        "login" => format!("prompt=login&login={login}&password=any"),
        prompt => format!("prompt={prompt}"),
    };
    Step::Send(action, form)
}

fn between(page: &str, before: &str, after: &str) -> String {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap().0.replace("&amp;", "&")
}
