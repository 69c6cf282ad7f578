//! Investigations: the symptoms, the fixed inputs, people's decisions, and the shared links.

mod links;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::decision::Decision;
use crate::diagnosis::Diagnosis;
use crate::event::Event;
use crate::evidence::Evidence;
use crate::incident::{FollowUp, Incident};
use crate::job::Job;
use crate::mute::Mute;
use crate::own_hypothesis::OwnHypothesis;
use crate::snapshot::{ColumnRole, Roles, Snapshot, SnapshotRole};
pub use crate::status::Status;
use crate::symptom::Symptom;
use crate::{Actor, Item, Layer, Mark, Verdict};

pub use links::{LinkPreview, LinkShows, LinkTerms, NewShareLink, ShareLink};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum InvestigationState {
    Open,
    Closed,
}

/// One incident: what was reported, the inputs, and what people decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Investigation {
    pub id: String,
    pub title: String,
    /// Name of the model, free text.
    pub model: String,
    /// Who opened it.
    #[serde(default)]
    #[schema(required, value_type = String)]
    pub owner: Actor,
    /// What was reported: the sentences of the map's own lists, or other words.
    #[schema(value_type = Vec<String>)]
    pub symptoms: Vec<Symptom>,
    pub state: InvestigationState,
    pub inputs: Vec<PinnedInput>,
    /// The column roles people chose; those left open are guessed from each file when it arrives.
    pub roles: Roles,
    /// The label that all files together show, where people left it open and no file shows it by itself.
    #[serde(default)]
    #[schema(required)]
    pub shown_label: Option<String>,
    /// The decision threshold people say is in use.
    #[serde(default)]
    #[schema(required)]
    pub threshold: Option<f64>,
    /// The class that people say is the positive one of two; null where it is left to the data.
    #[serde(default)]
    #[schema(required)]
    pub positive: Option<String>,
    /// The conclusion with which it was last closed.
    #[serde(default)]
    #[schema(required)]
    pub verdict: Option<String>,
    pub statuses: Vec<HumanStatus>,
    /// Findings that people know and accept.
    #[serde(default)]
    #[schema(required)]
    pub mutes: Vec<Mute>,
    /// What people decided about hypotheses.
    #[serde(default)]
    #[schema(required)]
    pub decisions: Vec<Decision>,
    /// The hypotheses that people added to the suspects, oldest first.
    #[serde(default)]
    #[schema(required)]
    pub hypotheses: Vec<OwnHypothesis>,
    /// What people pinned, in the order in which they show it.
    #[serde(default)]
    #[schema(required)]
    pub evidence: Vec<Evidence>,
    /// What is known of the incident around it.
    #[serde(default)]
    #[schema(required)]
    pub incident: Incident,
    /// What remains to be done, oldest first.
    #[serde(default)]
    #[schema(required)]
    pub follow_ups: Vec<FollowUp>,
    pub notes: Vec<Note>,
    /// The last 300, and each time that it was closed or opened again; the export has all of them.
    pub events: Vec<Event>,
    /// When it was put away, in milliseconds since 1970-01-01 UTC; null while it is listed.
    #[serde(default)]
    #[schema(required)]
    pub archived_at_ms: Option<i64>,
    /// Milliseconds since 1970-01-01 UTC.
    pub created_at_ms: i64,
    /// Milliseconds since 1970-01-01 UTC.
    pub updated_at_ms: i64,
}

impl Investigation {
    /// What the form about it shows.
    pub fn about(&self) -> (&str, &str, &[Symptom]) {
        (&self.title, &self.model, &self.symptoms)
    }

    /// The column roles in all compared tables together, as a diagnosis takes them: those that people chose, and guesses
    /// for the rest.
    pub fn roles_of_tables(&self) -> Roles {
        self.roles_with_guesses(SnapshotRole::is_compared)
    }

    /// The column roles that people chose, and for each other role the column that was detected first.
    pub fn detected_roles(&self) -> Roles {
        self.roles_with_guesses(|role| role != SnapshotRole::LearningCurve)
    }

    fn roles_with_guesses(&self, from: impl Fn(SnapshotRole) -> bool) -> Roles {
        let inputs = self.inputs.iter().filter(|input| from(input.role));
        let guesses: Vec<_> = inputs.map(|input| (input.role, self.guessed_in(input))).collect();
        self.roles.with_guesses(guesses.iter().map(|(role, guessed)| (*role, guessed)))
    }

    fn guessed_in(&self, input: &PinnedInput) -> Roles {
        let mut guessed = input.snapshot.guessed_roles();
        if let (SnapshotRole::Train, Some(label)) = (input.role, &self.shown_label) {
            guessed.set(ColumnRole::Label, [label.clone()]);
        }
        guessed
    }

    /// The column roles in one of its inputs, as a diagnosis takes them.
    pub fn roles_in(&self, input: &PinnedInput) -> Roles {
        let has = |name: &str| input.snapshot.has_column(name);
        let guessed = self.guessed_in(input);
        match input.role {
            SnapshotRole::Predictions => self.roles.in_run(&self.roles_of_tables(), has, &guessed),
            SnapshotRole::ServingLog => self.roles.in_table(has, &guessed),
            SnapshotRole::LearningCurve | SnapshotRole::Artifact => Roles::default(),
            _ => self.roles_of_tables().present(has),
        }
    }
}

/// An input as it was pinned: the snapshot can't change, and its role here is part of the investigation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PinnedInput {
    pub role: SnapshotRole,
    pub snapshot: Snapshot,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HumanStatus {
    pub item: Item,
    pub status: Status,
    pub note: String,
    #[schema(value_type = String)]
    pub author: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// The last moment it holds, in milliseconds since 1970-01-01 UTC; null for no end.
    #[serde(default)]
    #[schema(required)]
    pub until_ms: Option<i64>,
}

impl HumanStatus {
    /// Whether it has not expired.
    pub fn holds(&self, now_ms: i64) -> bool {
        self.until_ms.is_none_or(|until| now_ms <= until)
    }
}

/// The reason for a status or a mute: why, by whom, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Grounds {
    #[schema(max_length = 20_000)]
    pub note: String,
    /// Who says it; empty for nobody in particular.
    #[schema(value_type = String, max_length = 300)]
    pub author: Actor,
    /// The last moment it holds, in milliseconds since 1970-01-01 UTC; null for no end.
    pub until_ms: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    pub id: String,
    #[schema(value_type = String)]
    pub author: Actor,
    /// Markdown.
    pub text: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// The id of the note that it answers; null for none.
    #[serde(default)]
    #[schema(required)]
    pub reply_to: Option<String>,
}

/// The fields of the form that opens an investigation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct NewInvestigation {
    /// One line.
    #[schema(required, min_length = 1, max_length = 300)]
    pub title: String,
    /// Name of the model, one line; may be empty.
    #[schema(max_length = 300)]
    pub model: String,
    /// What was reported: sentences or ids of the map's own lists, or other words.
    #[schema(value_type = Vec<String>)]
    pub symptoms: Vec<Symptom>,
    /// Role and snapshot id of each input.
    #[schema(max_items = 50)]
    pub inputs: Vec<(SnapshotRole, String)>,
    /// The column roles people chose; those left out are guessed.
    pub roles: Roles,
    /// The decision threshold people say is in use.
    pub threshold: Option<f64>,
    /// Who opens it; empty for nobody in particular.
    #[schema(value_type = String, max_length = 300)]
    pub author: Actor,
}

/// What an investigation is called and about, as people change it. What is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Edit {
    /// One line.
    #[schema(min_length = 1, max_length = 300)]
    pub title: Option<String>,
    /// Name of the model, one line; empty for none.
    #[schema(max_length = 300)]
    pub model: Option<String>,
    /// What was reported: sentences or ids of the map's own lists, or other words.
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    pub symptoms: Option<Vec<Symptom>>,
    /// Who changes it; empty for nobody in particular.
    #[schema(value_type = String, max_length = 300)]
    pub author: Actor,
}

/// One line of the list of investigations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InvestigationSummary {
    pub id: String,
    pub title: String,
    pub model: String,
    #[schema(value_type = Vec<String>)]
    pub symptoms: Vec<Symptom>,
    pub state: InvestigationState,
    /// Who opened it.
    #[serde(default)]
    #[schema(required, value_type = String)]
    pub owner: Actor,
    /// When it was put away, in milliseconds since 1970-01-01 UTC; null while it is listed.
    #[serde(default)]
    #[schema(required)]
    pub archived_at_ms: Option<i64>,
    /// The conclusion with which it was last closed.
    #[serde(default)]
    #[schema(required)]
    pub verdict: Option<String>,
    /// Milliseconds since 1970-01-01 UTC.
    pub created_at_ms: i64,
    /// Milliseconds since 1970-01-01 UTC.
    pub updated_at_ms: i64,
    /// Of the last diagnosis; null until there is one.
    #[schema(required)]
    pub diagnosis: Option<DiagnosisSummary>,
    /// The last diagnosis job.
    #[schema(required)]
    pub job: Option<Job>,
}

/// What a list shows of a diagnosis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DiagnosisSummary {
    pub layers: Vec<(Layer, Verdict)>,
    /// Every item of the map; empty in those that were kept before it was counted.
    #[serde(default)]
    #[schema(required)]
    pub items: Vec<(Item, Verdict)>,
    /// The layers whose verdict rests on what stood before only.
    #[serde(default)]
    #[schema(required)]
    pub standing: Vec<Layer>,
    /// The layers that are clear where they were checked, but could not be checked fully.
    #[serde(default)]
    #[schema(required)]
    pub partly: Vec<Layer>,
    /// The sentence of suspect number one, if anything changed.
    #[schema(required)]
    pub prime_suspect: Option<String>,
    /// The sentences of the suspects that people confirmed.
    #[serde(default)]
    #[schema(required)]
    pub confirmed: Vec<String>,
    /// Suspects that are no longer listed because all their supporting findings are muted.
    #[serde(default)]
    #[schema(required)]
    pub muted_suspects: u32,
    /// Suspects that people ruled out.
    #[serde(default)]
    #[schema(required)]
    pub ruled_out_suspects: u32,
}

impl DiagnosisSummary {
    pub fn of(diagnosis: &Diagnosis) -> Self {
        let marked = |mark: Mark| {
            let layers = diagnosis.layers.iter().filter(|layer| diagnosis.mark_of_layer(layer) == mark);
            layers.map(|layer| layer.layer).collect()
        };
        Self {
            layers: diagnosis.layers.iter().map(|layer| (layer.layer, layer.verdict)).collect(),
            items: diagnosis
                .layers
                .iter()
                .flat_map(|layer| layer.items.iter().map(|item| (item.item, item.verdict)))
                .collect(),
            standing: marked(Mark::Standing),
            partly: marked(Mark::Partly),
            prime_suspect: diagnosis.prime_suspect().map(|suspect| suspect.statement.clone()),
            confirmed: diagnosis.confirmed().map(|(suspect, _)| suspect.statement.clone()).collect(),
            muted_suspects: diagnosis.muted_suspects.len() as u32,
            ruled_out_suspects: diagnosis.ruled_out_suspects.len() as u32,
        }
    }

    /// The sign of a layer; no evidence where the diagnosis has none of it.
    pub fn mark(&self, layer: Layer) -> Mark {
        let verdict =
            self.layers.iter().find(|(of, _)| *of == layer).map_or(Verdict::NoEvidence, |(_, verdict)| *verdict);
        Mark::of(verdict, self.standing.contains(&layer)).unless_partly(self.partly.contains(&layer))
    }
}
