//! Requests of language models and their answers as one row each: how long they are and with what they were made, never their
//! texts. The layouts of OpenAI's chat and text completions (<https://platform.openai.com/docs/api-reference/chat>), which
//! most servers have, of Anthropic's messages, and of Hugging Face's text generation.

use serde_json::{Map, Value};

use super::{Part, Row};
use crate::json;

/// Settings of a request, as they are called there.
const SETTINGS: [&str; 6] = ["model", "temperature", "top_p", "max_tokens", "max_completion_tokens", "max_new_tokens"];

/// The row of a request or of an answer; `None` where the object is neither.
pub(super) fn row(object: &Map<String, Value>) -> Option<Row> {
    request(object).or_else(|| answer(object))
}

/// The row of an answer that came in pieces, as server-sent events.
pub(super) fn streamed(text: &str) -> Option<Row> {
    let events = text.lines().filter_map(|line| line.trim().strip_prefix("data:"));
    let pieces: Vec<Value> = events.filter_map(|event| serde_json::from_str(event.trim()).ok()).collect();
    let mut choice = Answer::default();
    let mut of_all = Map::new();
    for piece in pieces.iter().filter_map(Value::as_object) {
        for key in ["model", "usage"] {
            of_all.extend(piece.get(key).filter(|value| !value.is_null()).map(|value| (key.to_owned(), value.clone())));
        }
        for part in piece.get("choices").and_then(Value::as_array).into_iter().flatten() {
            choice.add(part);
        }
    }
    (choice.count > 0).then(|| choice.row(&of_all))
}

fn request(object: &Map<String, Value>) -> Option<Row> {
    let is_message = |one: &Value| one.get("role").is_some_and(Value::is_string);
    let messages = object.get("messages").and_then(Value::as_array);
    let messages = messages.filter(|all| !all.is_empty() && all.iter().all(is_message));
    let parameters = object.get("parameters").and_then(Value::as_object);
    let setting = |key: &str| object.get(key).or_else(|| parameters?.get(key)).filter(|value| !value.is_null());
    let prompt = ["prompt", "inputs"].iter().find_map(|key| object.get(*key)).filter(|prompt| is_texts(prompt));
    let length = match (messages, prompt) {
        (Some(messages), _) => {
            let system = object.get("system").map_or(0, length_of);
            messages.iter().filter_map(|one| one.get("content")).map(length_of).sum::<usize>() + system
        }
        // A table may have a column of that name, and one of models.
        (None, Some(prompt))
            if SETTINGS.iter().any(|key| *key != "model" && setting(key).is_some())
                || object.len() == 2 && setting("model").is_some() =>
        {
            length_of(prompt)
        }
        _ => return None,
    };
    let mut row = vec![number("prompt_length", length)];
    row.extend(messages.map(|messages| number("messages", messages.len())));
    row.extend(SETTINGS.iter().filter_map(|key| Some(Part::named(*key, plain(setting(key)?)?))));
    Some(row)
}

fn is_texts(prompt: &Value) -> bool {
    let is_list = |list: &Vec<Value>| !list.is_empty() && list.iter().all(Value::is_string);
    prompt.is_string() || prompt.as_array().is_some_and(is_list)
}

fn answer(object: &Map<String, Value>) -> Option<Row> {
    let mut answer = Answer::default();
    let choices = object.get("choices").and_then(Value::as_array).filter(|choices| choices.iter().all(is_choice));
    match choices {
        Some(choices) => choices.iter().for_each(|choice| answer.add(choice)),
        // One answer without a list around it.
        None if object.contains_key("stop_reason") && object.contains_key("content")
            || object.get("generated_text").is_some_and(Value::is_string) =>
        {
            answer.add(&Value::Object(object.clone()));
        }
        None => return None,
    }
    (answer.count > 0).then(|| answer.row(object))
}

fn is_choice(choice: &Value) -> bool {
    ["message", "text", "finish_reason", "delta"].iter().any(|key| choice.get(key).is_some())
}

/// What was answered.
#[derive(Default)]
struct Answer {
    /// Choices, or pieces of one.
    count: usize,
    length: usize,
    finish_reason: Option<Value>,
}

impl Answer {
    fn add(&mut self, choice: &Value) {
        let texts = [&["message", "content"][..], &["delta", "content"], &["text"], &["content"], &["generated_text"]];
        let text = texts.iter().find_map(|path| json::at(choice, path).filter(|text| !text.is_null()));
        self.count += 1;
        self.length += text.map_or(0, length_of);
        let reasons = [&["finish_reason"][..], &["stop_reason"], &["details", "finish_reason"]];
        let reason = reasons.iter().find_map(|path| json::at(choice, path).and_then(plain));
        self.finish_reason = self.finish_reason.take().or(reason);
    }

    /// With what the whole answer says of itself.
    fn row(self, object: &Map<String, Value>) -> Row {
        let usage = |keys: [&str; 2]| {
            let usage = object.get("usage")?;
            keys.iter().find_map(|key| plain(usage.get(*key)?))
        };
        let parts = [
            ("finish_reason", self.finish_reason),
            ("prompt_tokens", usage(["prompt_tokens", "input_tokens"])),
            ("completion_tokens", usage(["completion_tokens", "output_tokens"])),
            ("model", object.get("model").and_then(plain)),
        ];
        let said = parts.into_iter().filter_map(|(name, value)| Some(Part::named(name, value?)));
        // Two parts at least: what is alone in an answer is taken for the prediction.
        let own = [number("answer_length", self.length), Part::named("answered", (self.length > 0).into())];
        own.into_iter().chain(said).collect()
    }
}

fn number(name: &str, of: usize) -> Part {
    Part::named(name, of.into())
}

/// A short value; a text or a list may be anything.
fn plain(value: &Value) -> Option<Value> {
    const LONGEST: usize = 100;
    match value {
        Value::Number(_) => Some(value.clone()),
        Value::String(text) if text.len() <= LONGEST => Some(value.clone()),
        _ => None,
    }
}

/// Characters of a text, or of the texts in a list of parts; images have none.
fn length_of(content: &Value) -> usize {
    match content {
        Value::String(text) => text.chars().count(),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| part.as_str().or_else(|| json::text(part, &["text"])));
            texts.map(|text| text.chars().count()).sum()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{of_json, of_text};
    use super::*;

    fn told(rows: &[Row]) -> Vec<String> {
        let part = |part: &Part| format!("{}={}", part.name.as_deref().unwrap_or("?"), part.value);
        rows.iter().map(|row| row.iter().map(part).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn requests_are_lengths_and_settings() {
        let chat = json!({"model": "m-1", "temperature": 0.2, "max_tokens": 50, "stream": false, "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Größe?"}, {"type": "image_url", "image_url": {"url": "data:…"}}]},
        ]});
        assert_eq!(told(&of_json(&chat)), ["prompt_length=15 messages=2 model=\"m-1\" temperature=0.2 max_tokens=50"]);
        let completion = json!({"prompt": ["abc", "de"], "temperature": 0});
        assert_eq!(told(&of_json(&completion)), ["prompt_length=5 temperature=0"]);
        let generation = json!({"inputs": "abc", "parameters": {"max_new_tokens": 9}});
        assert_eq!(told(&of_json(&generation)), ["prompt_length=3 max_new_tokens=9"]);
        let within = json!({"instances": [{"prompt": "abc", "max_tokens": 1}, {"prompt": "a", "max_tokens": 2}]});
        assert_eq!(told(&of_json(&within)), ["prompt_length=3 max_tokens=1", "prompt_length=1 max_tokens=2"]);
    }

    #[test]
    fn answers_are_lengths_tokens_and_why_they_ended() {
        let chat = json!({"id": "x", "object": "chat.completion", "model": "m-1-2026",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": "1.80 m"}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 12, "completion_tokens": 4, "total_tokens": 16}});
        let expected = "answer_length=6 answered=true finish_reason=\"stop\" prompt_tokens=12 completion_tokens=4 model=\"m-1-2026\"";
        assert_eq!(told(&of_json(&chat)), [expected]);
        let messages = json!({"type": "message", "model": "c", "stop_reason": "max_tokens", "content": [{"type": "text", "text": "ab"}],
            "usage": {"input_tokens": 3, "output_tokens": 1}});
        assert_eq!(
            told(&of_json(&messages)),
            [
                "answer_length=2 answered=true finish_reason=\"max_tokens\" prompt_tokens=3 completion_tokens=1 model=\"c\""
            ]
        );
        let generated = json!([{"generated_text": "abc", "details": {"finish_reason": "length"}}]);
        assert_eq!(told(&of_json(&generated)), ["answer_length=3 answered=true finish_reason=\"length\""]);
        let refused = json!({"choices": [{"message": {"content": null}, "finish_reason": "content_filter"}]});
        assert_eq!(told(&of_json(&refused)), ["answer_length=0 answered=false finish_reason=\"content_filter\""]);
    }

    #[test]
    fn an_answer_in_pieces_is_one_row() {
        let text = "data: {\"model\": \"m\", \"choices\": [{\"delta\": {\"role\": \"assistant\"}, \"finish_reason\": null}]}\n\n\
                    data: {\"model\": \"m\", \"choices\": [{\"delta\": {\"content\": \"ab\"}}]}\n\n\
                    data: {\"model\": \"m\", \"choices\": [{\"delta\": {\"content\": \"c\"}, \"finish_reason\": \"stop\"}]}\n\n\
                    data: {\"choices\": [], \"usage\": {\"prompt_tokens\": 5, \"completion_tokens\": 2}}\n\ndata: [DONE]\n";
        let expected =
            "answer_length=3 answered=true finish_reason=\"stop\" prompt_tokens=5 completion_tokens=2 model=\"m\"";
        assert_eq!(told(&of_text(text)), [expected]);
    }

    #[test]
    fn columns_with_such_names_stay_columns() {
        assert_eq!(told(&of_json(&json!({"prompt": "weekly", "age": 3}))), ["age=3 prompt=\"weekly\""]);
        let car = json!({"prompt": "weekly", "model": "T", "age": 3});
        assert_eq!(told(&of_json(&car)), ["age=3 model=\"T\" prompt=\"weekly\""]);
        assert_eq!(told(&of_json(&json!({"prompt": "abc", "model": "m"}))), ["prompt_length=3 model=\"m\""]);
        assert_eq!(told(&of_json(&json!({"messages": 4, "model": "T"}))), ["messages=4 model=\"T\""]);
        assert_eq!(told(&of_json(&json!({"inputs": [[1, 2]], "parameters": {"temperature": 1}}))), ["?=1 ?=2"]);
        assert_eq!(told(&of_json(&json!({"choices": [1, 2]}))), ["choices_0=1 choices_1=2"]);
    }
}
