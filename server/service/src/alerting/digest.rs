//! The story of a week as a message: once for each channel that asks for it.

use domain::Problem;
use domain::alert::{Channel, Message, MessageKind};
use domain::clock::DAY_MS;
use domain::model::Week;
use domain::model::weekly::{ModelWeek, WeekStanding, Weekly, weekly};
use domain::number::counted;
use domain::visitor::Sight;
use engine::report::markdown::escape;

use super::hours::digest_due;
use super::telling::openness_in;
use crate::Service;
use crate::store::{NewDelivery, now_ms};

/// Models with a line of their own.
const MOST_LINES: usize = 12;
/// Models of one week.
const MOST_MODELS: i64 = 1_000;
/// A server that was off for longer than this after a digest was due leaves it out.
const LATE_MS: i64 = 3 * DAY_MS;

impl Service {
    /// The story of a week in Markdown, of the models that somebody sees.
    ///
    /// # Errors
    /// As [`Service::weekly`].
    pub async fn digest(&self, week: Option<&str>, sight: &Sight) -> Result<String, Problem> {
        let whole = self.weekly(week, sight).await?;
        let week = Week::of(whole.from_ms);
        Ok(in_markdown(&digest(&whole, week, now_ms())))
    }

    pub(super) async fn queue_digests(&self) -> Result<(), Problem> {
        let now_ms = now_ms();
        let store = &self.inner.store;
        for stored in store.channels().await? {
            let channel = stored.channel;
            let Some(due) = channel.digest.as_ref().filter(|_| !channel.kind.keeps_alerts()) else { continue };
            let Some((week, due_ms)) = digest_due(due, now_ms) else { continue };
            let is_late = now_ms - due_ms > LATE_MS || due_ms < channel.created_at_ms;
            if is_late || store.has_digest(&channel.id, &week.name()).await? {
                continue;
            }
            let message = digest(&self.week_of(&channel, week).await?, week, now_ms);
            let delivery = NewDelivery { channel: channel.id, message, at_ms: now_ms };
            store.queue_digest(&week.name(), &delivery).await?;
        }
        Ok(())
    }

    /// Only what the channel is about: where it names no models, those that everybody sees.
    async fn week_of(&self, channel: &Channel, week: Week) -> Result<Weekly, Problem> {
        let store = &self.inner.store;
        let models = store.models_in(week, MOST_MODELS, &Sight::All).await?;
        let windows = store.windows_around(week, &Sight::All).await?;
        let mut whole = weekly(week, models, windows);
        let closed = store.closed_models().await?;
        whole.models.retain(|one| channel.is_about(&one.model, openness_in(&closed, &one.model)));
        Ok(whole)
    }
}

fn in_markdown(message: &Message) -> String {
    let mut text = format!("# {}\n", escape(&message.title));
    for (place, line) in message.lines.iter().enumerate() {
        let sign = if place == 0 { "\n" } else { "- " };
        text.push_str(&format!("{sign}{}\n", escape(line)));
        // A list begins after an empty line.
        text.push_str(if place == 0 { "\n" } else { "" });
    }
    text
}

fn digest(whole: &Weekly, week: Week, now_ms: i64) -> Message {
    let asks = |one: &&ModelWeek| !matches!(one.standing, WeekStanding::Steady);
    let asking: Vec<&ModelWeek> = whole.models.iter().filter(asks).collect();
    let mut lines: Vec<String> = asking.iter().take(MOST_LINES).map(|one| line(one)).collect();
    if asking.len() > MOST_LINES {
        lines.push(format!("… and {} more", counted((asking.len() - MOST_LINES) as u64, "model")));
    }
    let steady = whole.models.len() - asking.len();
    if steady > 0 {
        lines.push(format!(
            "{} steady.",
            if asking.is_empty() { counted(steady as u64, "model") } else { steady.to_string() }
        ));
    }
    let bad = |one: &&&ModelWeek| matches!(one.standing, WeekStanding::Regressed | WeekStanding::New);
    let worse = asking.iter().filter(bad).count();
    let title = match (whole.models.len(), worse) {
        (0, _) => format!("Week {}: no model is kept.", whole.week),
        (_, 0) => format!("Week {}: no model got worse.", whole.week),
        (_, worse) => format!("Week {}: {} got worse.", whole.week, counted(worse as u64, "model")),
    };
    let lines = [vec![week.words()], lines].concat();
    Message {
        kind: MessageKind::Digest,
        model: String::new(),
        title,
        alerts: Vec::new(),
        arrival: None,
        lines,
        at_ms: now_ms,
    }
}

/// `loans: regressed (Data). amount is 1,000 times smaller. Accuracy 0.81, 0.86 the week before. Cared for by Ada.`
fn line(one: &ModelWeek) -> String {
    let layers: Vec<&str> =
        one.layers.iter().filter(|layer| layer.change.is_some()).map(|layer| layer.layer.text().title).collect();
    let layers = if layers.is_empty() { String::new() } else { format!(" ({})", layers.join(", ")) };
    let mut sentences = vec![format!("{}: {}{layers}.", one.model, one.standing.words())];
    sentences.extend(one.suspect.clone());
    if let (Some(now), before) = (&one.figure, &one.figure_before) {
        let before = before.as_ref().map(|before| format!(", {} the week before", domain::number::fixed(before.value)));
        sentences.push(format!("{} {}{}.", now.metric, domain::number::fixed(now.value), before.unwrap_or_default()));
    }
    if !one.owner.is_empty() {
        sentences.push(format!("Cared for by {}.", one.owner));
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str, standing: WeekStanding) -> ModelWeek {
        ModelWeek {
            model: name.to_owned(),
            owner: "Ada".to_owned(),
            standing,
            layers: Vec::new(),
            windows: 7,
            suspect: (standing == WeekStanding::Regressed).then(|| "amount is 1,000 times smaller.".to_owned()),
            figure: None,
            figure_before: None,
            last_at_ms: None,
        }
    }

    fn of(models: Vec<ModelWeek>) -> Message {
        let week = Week::of(1_795_000_000_000);
        digest(&Weekly { week: week.name(), from_ms: week.from_ms(), end_ms: week.end_ms(), models }, week, 0)
    }

    #[test]
    fn a_digest_tells_what_asks_for_attention_and_counts_the_rest() {
        let told = of(vec![
            model("loans", WeekStanding::Regressed),
            model("a", WeekStanding::Steady),
            model("b", WeekStanding::Steady),
        ]);
        assert!(told.title.ends_with("1 model got worse."), "{}", told.title);
        assert_eq!(told.lines[1], "loans: regressed. amount is 1,000 times smaller. Cared for by Ada.");
        assert_eq!(told.lines[2], "2 steady.");
        assert!(of(Vec::new()).title.ends_with("no model is kept."));
        assert!(of(vec![model("a", WeekStanding::Steady)]).title.ends_with("no model got worse."));
        let text = in_markdown(&of(vec![model("<b>*loans*", WeekStanding::Regressed)]));
        assert!(text.contains("\n\n- &lt;b&gt;\\*loans\\*&#58; regressed."), "{text}");
        let many = (0..20).map(|at| model(&at.to_string(), WeekStanding::Stale)).collect();
        assert_eq!(of(many).lines.len(), 1 + MOST_LINES + 1);
    }
}
