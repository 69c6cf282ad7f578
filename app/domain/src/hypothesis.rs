//! Hypotheses: what may be the cause, as people treat it. Each suspect is one, and people add their own. What was said about
//! one stays when the checks run again, whatever these find.

use crate::decision::{Decision, Ruling};
use crate::evidence::Stance;
use crate::investigation::Investigation;
use crate::own_hypothesis::OwnHypothesis;
use crate::{Actor, Cause, Diagnosis, Suspect};

/// How far people are with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HypothesisState {
    Confirmed,
    Supported,
    Open,
    RuledOut,
}

impl HypothesisState {
    pub fn of(ruling: Option<Ruling>) -> HypothesisState {
        match ruling {
            None => HypothesisState::Open,
            Some(Ruling::Supported) => HypothesisState::Supported,
            Some(Ruling::RuledOut) => HypothesisState::RuledOut,
            Some(Ruling::Confirmed) => HypothesisState::Confirmed,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            HypothesisState::Confirmed => "confirmed",
            HypothesisState::Supported => "supported",
            HypothesisState::Open => "open",
            HypothesisState::RuledOut => "ruled out",
        }
    }

    /// The glyph next to the word, so that colour is never the only sign.
    pub fn glyph(self) -> &'static str {
        match self {
            HypothesisState::Confirmed => "●",
            HypothesisState::Supported => "◑",
            HypothesisState::Open => "○",
            HypothesisState::RuledOut => "×",
        }
    }

    /// The name of the CSS class that colours it.
    pub fn class(self) -> &'static str {
        match self {
            HypothesisState::Confirmed => "confirmed",
            HypothesisState::Supported => "supported",
            HypothesisState::Open => "open",
            HypothesisState::RuledOut => "ruled-out",
        }
    }
}

/// Where a hypothesis comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// The diagnosis has it as a suspect.
    Suspect {
        rank: u32,
        cause: Cause,
        likelihood: Option<String>,
    },
    /// An earlier diagnosis had it; the last one has not.
    Gone,
    Person {
        author: Actor,
        at_ms: i64,
    },
}

/// A hypothesis with everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hypothesis {
    pub key: String,
    pub statement: String,
    pub columns: Vec<String>,
    pub source: Source,
    pub state: HypothesisState,
    /// Who said so, and why; none while it is open.
    pub decision: Option<Decision>,
    /// The ids of the pieces of evidence, in the order of the investigation.
    pub evidence: Vec<(Stance, String)>,
}

/// All of an investigation: what is confirmed first, what is ruled out last; suspects in their order before what people added.
/// A standing weakness, or a suspect whose findings are accepted, is one only where somebody said something about it.
pub fn hypotheses(investigation: &Investigation, diagnosis: Option<&Diagnosis>) -> Vec<Hypothesis> {
    let suspects = diagnosis.into_iter().flat_map(suspects_of);
    let suspects = suspects.filter(|(suspect, is_listed)| *is_listed || is_spoken_of(investigation, &suspect.key()));
    let mut all: Vec<Hypothesis> = suspects.map(|(suspect, _)| of_suspect(investigation, suspect)).collect();
    let known: Vec<String> = all.iter().map(|one| one.key.clone()).collect();
    let gone = investigation
        .decisions
        .iter()
        .filter(|decision| !OwnHypothesis::is_key(&decision.suspect) && !known.contains(&decision.suspect));
    all.extend(gone.map(|decision| {
        whole(investigation, decision.suspect.clone(), decision.statement.clone(), Vec::new(), Source::Gone)
    }));
    all.extend(investigation.hypotheses.iter().map(|own| {
        let source = Source::Person { author: own.author.clone(), at_ms: own.at_ms };
        whole(investigation, own.key(), own.statement.clone(), Vec::new(), source)
    }));
    all.sort_by_key(|one| one.state);
    all
}

/// Each suspect, and whether it is a hypothesis by itself.
fn suspects_of(diagnosis: &Diagnosis) -> impl Iterator<Item = (&Suspect, bool)> {
    let changed = diagnosis.suspects.iter().chain(&diagnosis.ruled_out_suspects);
    changed.map(|suspect| (suspect, !suspect.standing)).chain(diagnosis.muted_suspects.iter().map(|one| (one, false)))
}

fn is_spoken_of(investigation: &Investigation, key: &str) -> bool {
    investigation.decisions.iter().any(|decision| decision.suspect == key)
        || investigation.evidence.iter().any(|piece| piece.stance_on(key).is_some())
}

fn of_suspect(investigation: &Investigation, suspect: &Suspect) -> Hypothesis {
    let likelihood = (!suspect.standing).then(|| suspect.likelihood());
    let source = Source::Suspect { rank: suspect.rank, cause: suspect.cause, likelihood };
    whole(investigation, suspect.key(), suspect.statement.clone(), suspect.columns.clone(), source)
}

fn whole(
    investigation: &Investigation,
    key: String,
    statement: String,
    columns: Vec<String>,
    source: Source,
) -> Hypothesis {
    let decision = investigation.decisions.iter().find(|decision| decision.suspect == key).cloned();
    let pieces = investigation.evidence.iter();
    let evidence = pieces.filter_map(|piece| Some((piece.stance_on(&key)?, piece.id.clone()))).collect();
    let state = HypothesisState::of(decision.as_ref().map(|decision| decision.ruling));
    Hypothesis { key, statement, columns, source, state, decision, evidence }
}
