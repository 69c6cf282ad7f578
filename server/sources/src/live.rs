//! A running tool, asked in rounds, within bounds of time and size.

use std::io::Read;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use connectors::live::{Address, Answer, Asked, Capture, LiveSource, MOST_CAPTURE_BYTES, Question, SOURCES, Window};
use ureq::http::Response;
use ureq::{Body, Error};

use crate::Sources;
use crate::agent::signed;

/// One question.
const QUESTION_TIMEOUT: Duration = Duration::from_secs(30);
/// All of them.
const TIMEOUT: Duration = Duration::from_secs(180);
const MOST_QUESTIONS: usize = 150;
/// A larger answer is left out.
const MOST_ANSWER_BYTES: u64 = 4 << 20;
/// Asked without a window: this long until now.
const DEFAULT_DAYS: i64 = 14;
const DAY_MS: i64 = 86_400_000;

/// What the tool at this address answers, to who comes with this authorization; `None` when none that is known does.
pub(crate) fn ask(
    sources: &Sources,
    address: &Address,
    authorization: Option<&str>,
    window: Option<Window>,
) -> Option<Capture> {
    SOURCES.iter().find_map(|source| {
        let mut asking = Asking::of(sources, source, address, authorization);
        asking.is_it().then(|| asking.all(address, window.unwrap_or_else(last_days)))
    })
}

pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn last_days() -> Window {
    let now = now_ms();
    Window { from_ms: now - DEFAULT_DAYS * DAY_MS, until_ms: now }
}

struct Asking<'a> {
    sources: &'a Sources,
    source: &'static LiveSource,
    base: String,
    authorization: Option<&'a str>,
    begun: Instant,
    answers: Vec<Answer>,
    /// What has no answer here, and why.
    left: Vec<(Question, String)>,
    bytes: usize,
}

impl<'a> Asking<'a> {
    fn of(
        sources: &'a Sources,
        source: &'static LiveSource,
        address: &Address,
        authorization: Option<&'a str>,
    ) -> Self {
        let base = source.base(address);
        let begun = Instant::now();
        Self { sources, source, base, authorization, begun, answers: Vec::new(), left: Vec::new(), bytes: 0 }
    }

    fn is_it(&mut self) -> bool {
        self.put(self.source.first());
        self.answers.last().is_some_and(|answer| self.source.is_it(answer))
    }

    fn all(mut self, address: &Address, window: Window) -> Capture {
        loop {
            let next = self.source.next(&Asked { address, window, answers: &self.answers });
            let next: Vec<Question> = next.into_iter().filter(|question| !self.is_left(question)).collect();
            if next.is_empty() {
                let asked = Asked { address, window, answers: &self.answers };
                let left = self.left.iter().map(|(question, why)| format!("{}: {why}", question.words()));
                return Capture::of(self.source, self.base.clone(), &asked, now_ms(), left.collect());
            }
            next.into_iter().for_each(|question| self.put(question));
        }
    }

    fn is_left(&self, question: &Question) -> bool {
        self.left.iter().any(|(left, _)| left == question)
    }

    /// Puts one question, and keeps its answer or why there is none.
    fn put(&mut self, question: Question) {
        let why = match () {
            () if self.answers.len() >= MOST_QUESTIONS => Err("it was asked enough".to_owned()),
            () if self.begun.elapsed() > TIMEOUT => Err("asking took too long".to_owned()),
            () => self.answer(&question),
        };
        match why {
            // Quotes and line ends take two bytes in the capture.
            Ok((status, body)) if self.bytes + body.len() + body.len() / 4 <= MOST_CAPTURE_BYTES => {
                self.bytes += body.len() + body.len() / 4;
                self.answers.push(Answer { question, status, body });
            }
            Ok(_) => self.left.push((question, "all answers together are too large".to_owned())),
            Err(why) => self.left.push((question, why)),
        }
    }

    fn answer(&self, question: &Question) -> Result<(u16, String), String> {
        let response = self.response(question).map_err(|error| {
            tracing::info!(%error, base = self.base, question = question.path, "a question was not answered");
            match error {
                Error::Timeout(_) => "it took too long".to_owned(),
                _ => "it was not answered".to_owned(),
            }
        })?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        let mut reader = response.into_body().into_with_config().limit(u64::MAX).reader().take(MOST_ANSWER_BYTES + 1);
        reader.read_to_end(&mut body).map_err(|error| format!("the answer broke off ({error})"))?;
        if body.len() as u64 > MOST_ANSWER_BYTES {
            return Err("the answer is too large".to_owned());
        }
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    fn response(&self, question: &Question) -> Result<Response<Body>, Error> {
        let url = format!("{}{}", self.base, question.path);
        let agent = &self.sources.agent;
        match &question.post {
            None => {
                let request = agent.get(&url).config().timeout_global(Some(QUESTION_TIMEOUT)).build();
                signed(request, self.authorization).call()
            }
            Some(body) => {
                let request = agent.post(&url).config().timeout_global(Some(QUESTION_TIMEOUT)).build();
                signed(request, self.authorization).content_type("application/json").send(body)
            }
        }
    }
}
