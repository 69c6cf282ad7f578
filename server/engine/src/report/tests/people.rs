//! Reports of an investigation: what people decided stands in all of them.

use checks::decisions::apply_decisions;
use checks::mutes::apply_mutes;
use domain::Actor;
use domain::decision::{Decision, Ruling};
use domain::evidence::{Evidence, EvidenceLink, Exhibit, Piece, Pinned, Stance};
use domain::finding::EvidenceLine;
use domain::incident::FollowUp;
use domain::investigation::Investigation;
use domain::mute::Mute;
use serde_json::json;

use super::*;

const AS_OF_MS: i64 = 1_711_444_320_000;
const AT: &str = "26 Mar 2024, 09:12 UTC";

/// Closed once, opened again, and closed again if `is_closed`.
fn investigation(is_closed: bool) -> Investigation {
    let closed = |at_ms: i64, verdict: &str| {
        json!({"at_ms": at_ms, "author": "Ada", "text": "", "kind": "closed", "verdict": verdict, "cause": "cents",
               "done": "divided\nby 100", "prevention": ""})
    };
    let reopened = json!({"at_ms": AS_OF_MS, "author": "Grace", "text": "", "kind": "reopened"});
    let mut events = vec![closed(AS_OF_MS, "It was <i>euros</i>."), reopened];
    if is_closed {
        events.push(closed(AS_OF_MS, "It was cents."));
    }
    let investigation = json!({
        "id": "1", "title": "Amounts <b>fell</b>", "model": "loans", "owner": "Ada", "symptoms": ["latency spikes"],
        "state": if is_closed { "closed" } else { "open" }, "inputs": [], "roles": {}, "events": events,
        "statuses": [{"item": "F2", "status": "confirmed", "note": "cents", "author": "Grace", "at_ms": AS_OF_MS}],
        "notes": [{"id": "n", "author": "Ada", "text": "first <script>\n*second*", "at_ms": AS_OF_MS}],
        "created_at_ms": AS_OF_MS, "updated_at_ms": AS_OF_MS
    });
    serde_json::from_value(investigation).expect("an investigation")
}

fn decided(ruling: Ruling) -> Diagnosis {
    let mut diagnosis = diagnosis();
    diagnosis.findings[0].evidence =
        vec![EvidenceLine { label: "median in serving".into(), value: "21.8 <thousand>".into() }];
    let suspect = diagnosis.suspects[0].clone();
    let decision = Decision {
        suspect: suspect.key(),
        statement: suspect.statement,
        ruling,
        note: "asked the exporter".into(),
        author: Actor::named("Ada").expect("a name"),
        at_ms: AS_OF_MS,
    };
    apply_decisions(&diagnosis, &[decision])
}

fn report<'a>(diagnosis: &'a Diagnosis, investigation: &'a Investigation) -> Report<'a> {
    let case =
        Case { investigation, pieces: &[], as_of_ms: AS_OF_MS, address: "http://localhost:3000/investigations/1" };
    Report { diagnosis, case: Some(case) }
}

/// The same report in every form.
fn all(report: &Report<'_>) -> [String; 3] {
    [markdown::render(report), html::render(report), chat::render(report)]
}

#[test]
fn a_confirmed_suspect_is_the_cause_in_every_report() {
    let (diagnosis, investigation) = (decided(Ruling::Confirmed), investigation(true));
    let [markdown, html, chat] = all(&report(&diagnosis, &investigation));
    assert!(markdown.contains("**Cause: unit or scale changed.**"), "{markdown}");
    assert!(html.contains("Cause · F2 · unit or scale changed"), "{html}");
    for text in [&markdown, &html] {
        assert!(!text.contains("Prime suspect"), "{text}");
        let words = format!("confirmed by Ada, {AT}: asked the exporter");
        assert!(text.replace("&#58;", ":").contains(&words), "{text}");
    }
    assert!(chat.contains("Cause (confirmed by Ada): "), "{chat}");
    assert!(chat.ends_with("\nhttp://localhost:3000/investigations/1"), "{chat}");
}

#[test]
fn what_is_ruled_out_stands_apart_with_who_said_so() {
    let (diagnosis, investigation) = (decided(Ruling::RuledOut), investigation(false));
    let [markdown, html, chat] = all(&report(&diagnosis, &investigation));
    assert!(markdown.contains("**Prime suspect: outside the training range.**"), "{markdown}");
    let (_, ruled_out) = markdown.split_once("\n## Ruled out\n").expect("its heading");
    assert!(
        ruled_out.contains("1. **unit or scale changed**") && ruled_out.contains("ruled out by Ada"),
        "{ruled_out}"
    );
    let (_, ruled_out) = html.split_once("<h2>Ruled out</h2>").expect("its heading");
    assert!(ruled_out.contains("ruled out by Ada"), "{ruled_out}");
    assert!(chat.contains("Prime suspect (likelihood 97 %): "), "{chat}");
}

#[test]
fn every_suspect_ruled_out_or_muted_is_said() {
    let investigation = investigation(false);
    let mut one = decided(Ruling::RuledOut);
    one.suspects.clear();
    for text in all(&report(&one, &investigation)) {
        assert!(text.contains("Every suspect is ruled out."), "{text}");
    }
    let before = diagnosis();
    let finding = &before.findings[0];
    let mute = Mute {
        finding: finding.id.clone(),
        item: finding.item,
        verdict: finding.verdict,
        over_threshold: finding.effect.over_threshold(),
        note: "known".into(),
        author: Actor::Anonymous,
        at_ms: AS_OF_MS,
        until_ms: None,
    };
    let muted = apply_mutes(&before, &[mute], AS_OF_MS);
    let [markdown, html, chat] = all(&report(&muted, &investigation));
    for text in [&markdown, &html, &chat] {
        assert!(text.contains("Every suspect is muted"), "{text}");
    }
    for text in [&markdown, &html] {
        let words = format!("muted by someone, {AT}, until it gets worse: known");
        assert!(text.replace("&#58;", ":").contains(&words), "{text}");
    }
}

#[test]
fn the_verdict_stands_on_top_and_an_earlier_one_below_with_its_date() {
    let diagnosis = diagnosis();
    let closed = investigation(true);
    let [markdown, html, chat] = all(&report(&diagnosis, &closed));
    let at = |text: &str, what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in {text}"));
    for (text, verdict, earlier) in
        [(&markdown, "## Verdict", "## Earlier verdicts"), (&html, "<h2>Verdict</h2>", "<h2>Earlier verdicts</h2>")]
    {
        assert!(at(text, verdict) < at(text, "Prime suspect") && at(text, "Prime suspect") < at(text, earlier));
        assert!(at(text, "It was cents.") < at(text, earlier), "{text}");
        assert!(text.contains(&format!("closed by Ada, {AT}").replace(':', "&#58;")) || text.contains("closed by Ada"));
    }
    assert!(chat.contains("Verdict (Ada): It was cents.\nCause: cents\nWhat was done: divided by 100\n"), "{chat}");
    let open = investigation(false);
    let [markdown, html, chat] = all(&report(&diagnosis, &open));
    assert!(!markdown.contains("\n## Verdict") && !html.contains("<h2>Verdict</h2>") && !chat.contains("Verdict"));
    assert!(markdown.contains("It was &lt;i&gt;euros&lt;/i&gt;.") && html.contains("It was &lt;i&gt;euros&lt;/i&gt;."));
}

#[test]
fn what_people_wrote_is_text_and_the_evidence_is_whole() {
    let (diagnosis, investigation) = (decided(Ruling::Confirmed), investigation(false));
    let [markdown, html, _] = all(&report(&diagnosis, &investigation));
    assert!(markdown.contains("> first &lt;script&gt;  \n> \\*second\\*"), "{markdown}");
    assert!(html.contains("first &lt;script&gt;\n<em>second</em>") && !html.contains("<script"), "{html}");
    assert!(html.contains("<title>Amounts &lt;b&gt;fell&lt;/b&gt; · Mismatch</title>"), "{html}");
    for text in [&markdown, &html] {
        assert!(text.contains("21.8 &lt;thousand&gt;"), "{text}");
        assert!(text.replace("&#58;", ":").contains(&format!("F2 confirmed by Grace, {AT}: cents")), "{text}");
    }
    // A pipeline's report is as short as it was.
    assert!(!html::render(&(&diagnosis).into()).contains("21.8"));
}

/// A finding twice: for a hypothesis, and against it.
fn pieces(diagnosis: &Diagnosis, key: &str) -> Vec<Piece> {
    let pinned = Pinned::Finding { finding: diagnosis.findings[0].id.clone() };
    [(pinned.clone(), Stance::For), (pinned, Stance::Against)]
        .into_iter()
        .enumerate()
        .map(|(index, (pinned, stance))| {
            let exhibit = Exhibit::of(diagnosis, &pinned).expect("it is there");
            let evidence = Evidence {
                id: index.to_string(),
                title: exhibit.title.clone(),
                pinned,
                inputs: Vec::new(),
                sha256: "00ff".into(),
                caption: "see <b>here</b> | *there*".into(),
                links: vec![EvidenceLink { hypothesis: key.to_owned(), stance }],
                author: Actor::named("Grace").expect("a name"),
                at_ms: AS_OF_MS,
            };
            Piece { evidence, exhibit }
        })
        .collect()
}

#[test]
fn hypotheses_evidence_and_the_incident_stand_in_the_report() {
    let diagnosis = decided(Ruling::Supported);
    let key = diagnosis.suspects[0].key();
    let pieces = pieces(&diagnosis, &key);
    let mut investigation = investigation(false);
    investigation.decisions = diagnosis.decisions.clone();
    investigation.evidence = pieces.iter().map(|piece| piece.evidence.clone()).collect();
    investigation.incident = serde_json::from_value(json!({
        "severity": "medium", "assignee": "Ben", "started_at_ms": 0, "resolved_at_ms": 7_260_000,
        "links": [{"words": "ticket", "url": "https://tickets.example/1"}]
    }))
    .expect("an incident");
    investigation.follow_ups = vec![FollowUp {
        id: "f".into(),
        task: "divide".into(),
        owner: Actor::named("Ben").expect("a name"),
        due: Some("2024-04-01".into()),
        done_at_ms: None,
        author: Actor::Anonymous,
        at_ms: 0,
    }];
    let case = Case { investigation: &investigation, pieces: &pieces, as_of_ms: AS_OF_MS, address: "" };
    let [markdown, html, _] = all(&Report { diagnosis: &diagnosis, case: Some(case) });
    for text in [&markdown, &html] {
        let text = text.replace("&#58;", ":");
        for words in [
            "supported by Ada",
            "for: evidence 1",
            "against: evidence 2",
            "SEV 3, medium",
            "2 hours 1 minute after it began",
            "https://tickets.example/1",
            "divide",
            "pinned by Grace",
        ] {
            assert!(text.contains(words), "{words} is not in {text}");
        }
        assert!(!text.contains("<b>here"), "{text}");
    }
    assert!(html.contains("<h2>Evidence</h2>") && html.contains("21.8 &lt;thousand&gt;"), "{html}");
    // What is only supported is not the cause yet.
    assert!(html.contains("Prime suspect") && !html.contains(">Cause ·"), "{html}");
}
