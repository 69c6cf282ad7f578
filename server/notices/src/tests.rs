use domain::alert::Told;
use serde_json::Value;

use super::*;

const NASTY: &str = "<!channel> *bold* [click](http://evil.example) <http://evil.example|x>\n@here & `code`";

fn message(kind: MessageKind) -> Message {
    let told = |id: &str, severity| Told {
        id: id.to_owned(),
        rule: "r1".to_owned(),
        when: "any layer has a mismatch".to_owned(),
        severity,
        statement: NASTY.to_owned(),
        first_at_ms: 1_700_000_000_000,
        windows: 2,
    };
    Message {
        kind,
        model: "loans/é".to_owned(),
        title: format!("loans: {NASTY}"),
        alerts: vec![told("a1", Severity::High), told("a2", Severity::Critical)],
        arrival: Some("w7".to_owned()),
        lines: Vec::new(),
        at_ms: 1_700_000_100_000,
    }
}

fn letter(message: &Message) -> Letter<'_> {
    Letter {
        message,
        delivery: "d1",
        server: "https://mismatch.example",
        address: "https://hooks.example/x",
        secret: "s3cret",
        now_ms: 1_700_000_200_000,
    }
}

fn sent(kind: ChannelKind, message: &Message) -> Vec<(Request, Value)> {
    let posted = |parcel| match parcel {
        Parcel::Post(request) => {
            let body = serde_json::from_str(&request.body).unwrap_or_default();
            (request, body)
        }
        Parcel::Email(email) => panic!("{email:?}"),
    };
    parcels(kind, &letter(message)).into_iter().map(posted).collect()
}

const LINK: &str = "https://mismatch.example/models/loans%2F%C3%A9/alerts?window=w7";

#[test]
fn a_webhook_gets_the_facts_signed_and_the_same_name_for_each_try() {
    let [(request, body)] = &sent(ChannelKind::Webhook, &message(MessageKind::Fired))[..] else { panic!("one") };
    assert_eq!(body["alerts"][1]["severity"], "critical");
    assert_eq!(body["alerts"][0]["first_at"], "2023-11-14T22:13:20Z");
    assert_eq!((body["url"].as_str(), body["kind"].as_str()), (Some(LINK), Some("fired")));
    let headers: Vec<&str> = request.headers.iter().map(|(name, _)| *name).collect();
    assert_eq!(headers, ["Mismatch-Delivery", "Mismatch-Signature"]);
    assert!(!request.body.contains("s3cret"));
}

#[test]
fn names_from_data_neither_mention_nor_link_in_slack() {
    let [(_, body)] = &sent(ChannelKind::Slack, &message(MessageKind::Fired))[..] else { panic!("one") };
    let text = body["blocks"][1]["text"]["text"].as_str().unwrap_or_default();
    assert!(text.contains("&lt;!channel&gt;") && !text.contains("<!channel>"), "{text}");
    assert!(!text.contains("<http") && text.contains("&amp;"));
    assert_eq!(text.lines().count(), 2, "one line for each alert");
    assert_eq!(body["blocks"][2]["text"]["text"], format!("<{LINK}|Open in Mismatch>"));
    assert!(body["text"].as_str().is_some_and(|text| text.starts_with("🔴") && !text.contains('<')));
}

#[test]
fn addresses_and_names_in_data_are_no_links_in_chats() {
    let mut message = message(MessageKind::Fired);
    message.alerts.truncate(1);
    message.alerts[0].statement =
        "\u{202e}https://evil.example www.evil.example mailto:a@evil.example @here #general".to_owned();
    for (kind, pointer) in
        [(ChannelKind::Slack, "/blocks/1/text/text"), (ChannelKind::Teams, "/attachments/0/content/body/1/text")]
    {
        let [(_, body)] = &sent(kind, &message)[..] else { panic!("one") };
        let text = body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        for linked in ["://", "www.e", "mailto:a", "@e", "@here", "#general", "\u{202e}"] {
            assert!(!text.contains(linked), "{linked} in {text}");
        }
        assert!(text.contains("evil.example"), "{text}");
    }
    let [(_, body)] = &sent(ChannelKind::Slack, &message)[..] else { panic!("one") };
    assert_eq!(body["blocks"][1]["text"]["verbatim"], true);
}

#[test]
fn slack_takes_no_more_than_it_says() {
    let mut many = message(MessageKind::Fired);
    many.alerts = vec![many.alerts[0].clone(); 40];
    many.title = "x".repeat(5_000);
    many.alerts.iter_mut().for_each(|alert| alert.statement = "y".repeat(5_000));
    let [(_, body)] = &sent(ChannelKind::Slack, &many)[..] else { panic!("one") };
    let length = |text: &Value| text.as_str().map_or(usize::MAX, |text| text.chars().count());
    assert!(length(&body["blocks"][0]["text"]["text"]) <= 150);
    assert!(length(&body["blocks"][1]["text"]["text"]) <= 3_000);
}

#[test]
fn an_email_says_it_in_text_and_in_html_without_markup_from_data() {
    let mut message = message(MessageKind::Fired);
    message.alerts[0].statement = "<script>alert(1)</script> & \"x\"".to_owned();
    message.title = format!("loans\r\nBcc: everybody@example.com: {}", "x".repeat(500));
    let [Parcel::Email(email)] = &parcels(ChannelKind::Email, &letter(&message))[..] else { panic!("one") };
    assert!(!email.subject.contains(['\r', '\n']) && email.subject.chars().count() == 150, "{}", email.subject);
    assert!(email.text.contains(LINK) && email.text.contains("<script>"), "{}", email.text);
    assert!(
        !email.html.contains("<script>") && email.html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x")
    );
    assert!(email.html.contains(&format!("<a href=\"{}\">", LINK.replace('&', "&amp;"))), "{}", email.html);
    assert_eq!(email.text.lines().filter(|line| line.starts_with("- ")).count(), 2);
}

#[test]
fn names_from_data_do_not_link_in_teams() {
    let [(_, body)] = &sent(ChannelKind::Teams, &message(MessageKind::Fired))[..] else { panic!("one") };
    let card = &body["attachments"][0]["content"];
    assert!(card["body"][1]["text"].as_str().is_some_and(|text| text.contains("\\[click\\]\\(http")));
    assert_eq!(card["actions"][0]["url"], LINK);
}

#[test]
fn pager_duty_gets_an_event_for_each_alert_and_its_end_has_the_same_key() {
    let fired = sent(ChannelKind::PagerDuty, &message(MessageKind::Fired));
    let ended = sent(ChannelKind::PagerDuty, &message(MessageKind::Ended));
    assert_eq!((fired.len(), ended.len()), (2, 2));
    let (first, last) = (&fired[0].1, &ended[0].1);
    assert_eq!((first["event_action"].as_str(), last["event_action"].as_str()), (Some("trigger"), Some("resolve")));
    assert_eq!((&first["dedup_key"], &first["routing_key"]), (&last["dedup_key"], &Value::from("s3cret")));
    assert_eq!(
        (first["payload"]["severity"].as_str(), first["payload"]["source"].as_str()),
        (Some("error"), Some("loans/é"))
    );
    assert!(last.get("payload").is_none());
    assert!(sent(ChannelKind::PagerDuty, &message(MessageKind::Digest)).is_empty());
}

#[test]
fn alertmanager_knows_an_alert_by_labels_that_stay() {
    let [(request, fired)] = &sent(ChannelKind::Alertmanager, &message(MessageKind::Fired))[..] else { panic!("one") };
    let [(_, ended)] = &sent(ChannelKind::Alertmanager, &message(MessageKind::Ended))[..] else { panic!("one") };
    assert_eq!(request.address, "https://hooks.example/x/api/v2/alerts");
    assert_eq!(fired[0]["labels"], ended[0]["labels"]);
    assert_eq!(ended[0]["endsAt"], "2023-11-14T22:15:00Z");
    assert!(fired[0]["endsAt"].as_str() > ended[0]["endsAt"].as_str());
    assert_eq!(request.headers, [("Authorization", "s3cret".to_owned())]);
    assert!(sent(ChannelKind::Alertmanager, &message(MessageKind::Digest)).is_empty());
}
