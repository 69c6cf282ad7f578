//! The part of the story about alerts: rules, what they saw, channels, and messages on their way.

use domain::Actor;
use domain::Item;
use domain::alert::{
    Alert, Channel, ChannelKind, DeliveryState, DigestAt, Level, Message, MessageKind, ModelRule, QuietHours, Seen,
    Silence, TimeOfDay, Watched, Weekday,
};
use domain::incident::Severity;
use domain::visitor::Sight;
use service::store::{AlertNow, NewDelivery, Store, StoredChannel, new_id};

const MODEL: &str = super::arrivals::MODEL;
const DAY: i64 = 86_400_000;

fn rule(watched: Watched) -> ModelRule {
    ModelRule {
        id: new_id(),
        model: MODEL.into(),
        watched,
        windows: 2,
        severity: Severity::High,
        raise_after: Some(3),
        silence: None,
        created_by: Actor::named("Ada").unwrap(),
        created_at_ms: 7,
    }
}

fn alert(rule: &ModelRule, arrival: Option<&str>) -> Alert {
    Alert {
        id: new_id(),
        rule: rule.id.clone(),
        model: rule.model.clone(),
        watched: rule.watched.clone(),
        severity: rule.severity,
        statement: "amount is \"cents\" 🧭".into(),
        arrival: arrival.map(str::to_owned),
        first_at_ms: DAY,
        last_at_ms: 2 * DAY,
        windows: 2,
        is_raised: false,
        fired_at_ms: 9,
        ended_at_ms: None,
        is_silenced: false,
        investigation: None,
    }
}

fn message() -> Message {
    Message {
        kind: MessageKind::Fired,
        model: MODEL.into(),
        title: "größe 🧭".into(),
        alerts: Vec::new(),
        arrival: None,
        lines: Vec::new(),
        at_ms: 5,
    }
}

/// Windows are judged by what `arrivals` kept; `window` is one of them.
pub async fn ruled_fired_and_sent(store: &Store, window: &str) {
    let check =
        Watched::Check { item: Item::D1, detector: String::new(), column: "amount".into(), at_least: Level::Mismatch };
    let rule = rule(check.clone());
    assert!(store.insert_rule(&rule, 1).await.unwrap());
    assert!(!store.insert_rule(&ModelRule { id: new_id(), ..rule.clone() }, 1).await.unwrap(), "there is one");
    assert_eq!(store.rules_of(MODEL).await.unwrap(), std::slice::from_ref(&rule));
    let silence = Silence { until_ms: 99, reason: "known".into(), author: Actor::named("Ada").unwrap() };
    assert!(store.set_silence(MODEL, &rule.id, Some(&silence)).await.unwrap());
    assert!(!store.set_silence("another", &rule.id, Some(&silence)).await.unwrap());
    assert_eq!(store.rules_of(MODEL).await.unwrap()[0].silence, Some(silence));
    assert!(store.set_silence(MODEL, &rule.id, None).await.unwrap());
    assert!(store.arrival_rules().await.unwrap().is_empty());

    // What it sees: every window, in the order of time.
    let sights = store.sights(MODEL, &check, 0).await.unwrap();
    assert!(sights.is_sorted_by_key(|sight| sight.at_ms) && !sights.is_empty());
    assert!(sights.iter().any(|sight| matches!(sight.seen, Seen::Holds { .. })), "{sights:?}");
    let metric = Watched::Metric { metric: "absent".into(), bound: domain::alert::Bound::Below, limit: 1.0 };
    assert!(store.sights(MODEL, &metric, 0).await.unwrap().iter().all(|sight| sight.seen == Seen::NotJudged));
    assert!(store.sights(MODEL, &check, i64::MAX).await.unwrap().is_empty());
    assert!(
        store.last_received_at(MODEL).await.unwrap().is_some()
            && store.last_received_at("none").await.unwrap().is_none()
    );
    assert!(!store.received_since(MODEL, 0).await.unwrap().is_empty());

    let channel = StoredChannel {
        channel: Channel {
            id: new_id(),
            name: "ml-alerts".into(),
            kind: ChannelKind::PagerDuty,
            host: "hooks.example".into(),
            from: Severity::Low,
            models: vec![MODEL.into()],
            quiet: Some(QuietHours { from: TimeOfDay::of(22, 0), until: TimeOfDay::of(7, 0), time_zone: "UTC".into() }),
            digest: Some(DigestAt { day: Weekday::Monday, at: TimeOfDay::of(8, 0), time_zone: "UTC".into() }),
            has_secret: true,
            created_by: Actor::Anonymous,
            created_at_ms: 3,
        },
        address: "https://hooks.example/x".into(),
        secret: "key".into(),
    };
    assert!(store.insert_channel(&channel, 1, &[]).await.unwrap());
    assert!(!store.insert_channel(&channel, 1, &[]).await.unwrap());
    let found = store.channel(&channel.channel.id).await.unwrap().unwrap();
    assert_eq!((found.channel, found.secret), (channel.channel.clone(), channel.secret));

    // Fired once, however often its window is judged; then brought up to date.
    let fired = alert(&rule, Some(window));
    let queued = |at_ms| NewDelivery { channel: channel.channel.id.clone(), message: message(), at_ms };
    let once = || Some("once".to_owned());
    let kept = async |alert: &Alert, once: Option<String>, of: &[NewDelivery]| {
        store.keep_alerts(&[AlertNow { alert: alert.clone(), once }], of).await.unwrap()
    };
    assert!(kept(&fired, once(), &[queued(10), queued(20)]).await);
    let twin = Alert { id: new_id(), ..fired.clone() };
    assert!(!kept(&twin, once(), &[queued(0)]).await, "nobody is told of what is not kept");
    assert!(!kept(&twin, None, &[queued(0)]).await, "there is no such alert");
    let ruleless = Alert { rule: "gone".into(), ..twin.clone() };
    assert!(!kept(&ruleless, once(), &[queued(0)]).await);
    assert_eq!(store.alerts_of(MODEL, 9).await.unwrap(), std::slice::from_ref(&fired));
    assert_eq!(store.open_alerts(9, &Sight::All).await.unwrap().len(), 1);
    let ended = Alert { ended_at_ms: Some(12), windows: 3, severity: Severity::Critical, is_raised: true, ..fired };
    assert!(kept(&ended, None, &[]).await);
    assert_eq!(store.alerts_of_rule(&rule.id, 2 * DAY).await.unwrap(), [ended]);
    assert!(store.alerts_of_rule(&rule.id, i64::MAX).await.unwrap().is_empty(), "it is over");

    // In order, and not before their time; what failed holds up what came after it.
    assert!(store.due_deliveries(9, 9).await.unwrap().is_empty());
    let [first] = &store.due_deliveries(30, 9).await.unwrap()[..] else { panic!("one of each channel") };
    let failed = domain::alert::Delivery { attempts: 1, at_ms: 100, error: "größe".into(), ..first.delivery.clone() };
    store.set_delivery(&failed).await.unwrap();
    assert!(store.due_deliveries(30, 9).await.unwrap().is_empty(), "the second waits for the first");
    let given_up = domain::alert::Delivery { state: DeliveryState::GivenUp, ..failed };
    store.set_delivery(&given_up).await.unwrap();
    let [second] = &store.due_deliveries(30, 9).await.unwrap()[..] else { panic!("the second") };
    assert_eq!(second.message, message());
    assert_eq!(store.deliveries(9).await.unwrap()[0], given_up, "what was given up comes first");
    assert!(store.send_again(&channel.channel.id, &given_up.id).await.unwrap());
    assert!(!store.send_again(&channel.channel.id, &second.delivery.id).await.unwrap());
    store.forget_deliveries(i64::MAX).await.unwrap();
    assert_eq!(store.deliveries(9).await.unwrap().len(), 2, "what waits is kept");

    assert!(store.queue_digest("2026-W19", &queued(1)).await.unwrap());
    assert!(!store.queue_digest("2026-W19", &queued(1)).await.unwrap());
    assert!(store.has_digest(&channel.channel.id, "2026-W19").await.unwrap());
    assert!(store.delete_channel(&channel.channel.id, &[]).await.unwrap());
    assert!(store.channels().await.unwrap().is_empty() && store.deliveries(9).await.unwrap().is_empty());
    let lasting = alert(&rule, None);
    assert!(kept(&lasting, Some("again".into()), &[]).await);
    assert!(store.delete_rule(MODEL, &rule.id, 77, &[queued(3)]).await.unwrap());
    assert!(!store.delete_rule(MODEL, &rule.id, 77, &[queued(3)]).await.unwrap());
    assert!(store.open_alerts(9, &Sight::All).await.unwrap().is_empty(), "its alerts are over");
}
