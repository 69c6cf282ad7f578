//! Beginnings of a verdict: what is known is filled in, and what people have to say stands in square brackets.

use super::Closing;
use crate::incident::{Incident, duration_words};
use crate::{Diagnosis, Suspect};

/// What kind of end it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// Something upstream changed and reached the model.
    Data,
    /// A release changed what the system answers.
    Release,
    /// What is true for the same inputs changed.
    World,
    /// Nothing is wrong.
    FalseAlarm,
}

impl Template {
    pub const ALL: [Template; 4] = [Template::Data, Template::Release, Template::World, Template::FalseAlarm];

    /// The name in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Template::Data => "data",
            Template::Release => "release",
            Template::World => "world",
            Template::FalseAlarm => "false-alarm",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Template::Data => "Data changed upstream",
            Template::Release => "A release broke it",
            Template::World => "The world changed",
            Template::FalseAlarm => "False alarm",
        }
    }

    pub fn from_id(id: &str) -> Option<Template> {
        Template::ALL.into_iter().find(|template| template.id() == id)
    }

    /// The beginning of a verdict.
    pub fn begun(self, known: &Known) -> Closing {
        let cause = known.cause.clone().unwrap_or_else(|| "[what was wrong, in a sentence]".to_owned());
        let texts = match self {
            Template::Data => Texts {
                verdict: format!("{cause} [Who changed what upstream, and why nobody here knew.]"),
                impact: known.impact("[Which decisions were wrong, and for whom.]"),
                done: format!("[The source was corrected, or the values mapped back.] {}", known.over()),
                prevention: "[A check on these columns before rows reach the model; who owns it.] [A contract with the team upstream.]".to_owned(),
            },
            Template::Release => Texts {
                verdict: format!("{cause} [Which release, deployed when; what it changed that nobody expected.]"),
                impact: known.impact("[Which answers were wrong, and for whom.]"),
                done: format!("[Rolled back to version …, or fixed in version ….] {}", known.over()),
                prevention: "[The same rows are answered by the old and the new version before a release, and compared.]".to_owned(),
            },
            Template::World => Texts {
                verdict: format!("{cause} The model is as it was made; [what it learned no longer holds, and since when].",),
                impact: known.impact("[Which decisions were worse, and for whom.]"),
                done: format!("[Retrained on rows since …, or the threshold moved.] {}", known.over()),
                prevention: "[When to retrain, by which figure; who watches it.]".to_owned(),
            },
            Template::FalseAlarm => Texts {
                verdict: "Nothing is wrong with the model: [what set off the alarm, and why it is not a fault].".to_owned(),
                impact: "None.".to_owned(),
                done: "[The finding was muted, or the rule changed.]".to_owned(),
                prevention: "[What keeps this alarm from coming back.]".to_owned(),
            },
        };
        let Texts { verdict, impact, done, prevention } = texts;
        Closing { verdict, root_cause: None, cause: String::new(), impact, done: done.trim().to_owned(), prevention }
    }
}

struct Texts {
    verdict: String,
    impact: String,
    done: String,
    prevention: String,
}

/// What the investigation knows already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The sentence of the confirmed suspect, else of the first one.
    pub cause: Option<String>,
    /// What the fall is made of, in sentences.
    pub fall: Option<String>,
    pub incident: Incident,
}

impl Known {
    pub fn of(diagnosis: Option<&Diagnosis>, incident: &Incident) -> Known {
        let confirmed = diagnosis.and_then(|diagnosis| diagnosis.confirmed().next().map(|(suspect, _)| suspect));
        let first = || diagnosis.and_then(|diagnosis| diagnosis.suspects.first());
        let cause = confirmed.or_else(first).map(|suspect: &Suspect| sentence(&suspect.statement));
        let fall = diagnosis.and_then(|diagnosis| {
            let fall = diagnosis.fall.as_ref().filter(|fall| fall.is_split())?;
            Some(fall.sentence(&diagnosis.suspects))
        });
        Known { cause, fall, incident: incident.clone() }
    }

    fn impact(&self, asked: &str) -> String {
        let noticed =
            self.incident.time_to_detect_ms().map(|ms| format!("It was noticed after {}.", duration_words(ms)));
        [self.fall.clone(), noticed, Some(asked.to_owned())].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn over(&self) -> String {
        let resolved = self.incident.time_to_resolve_ms();
        resolved.map(|ms| format!("It was over after {}.", duration_words(ms))).unwrap_or_default()
    }
}

/// With its full stop.
fn sentence(words: &str) -> String {
    let words = words.trim_end_matches('.');
    format!("{words}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_filled_in_and_the_rest_is_asked() {
        let hour = 3_600_000;
        let incident = Incident {
            started_at_ms: Some(0),
            detected_at_ms: Some(2 * hour),
            resolved_at_ms: Some(5 * hour),
            ..Incident::default()
        };
        let known = Known {
            cause: Some("amount is 100 times larger in serving.".into()),
            fall: Some("Accuracy fell 6.3 points.".into()),
            incident,
        };
        let begun = Template::Data.begun(&known);
        assert!(begun.verdict.starts_with("amount is 100 times larger in serving. ["), "{}", begun.verdict);
        assert!(
            begun.impact.starts_with("Accuracy fell 6.3 points. It was noticed after 2 hours. ["),
            "{}",
            begun.impact
        );
        assert!(begun.done.ends_with("It was over after 5 hours."), "{}", begun.done);
        for template in Template::ALL {
            let nothing = template.begun(&Known::default());
            assert!([&nothing.verdict, &nothing.done, &nothing.prevention].iter().all(|text| text.contains('[')));
            assert_eq!(Template::from_id(template.id()), Some(template));
        }
    }
}
