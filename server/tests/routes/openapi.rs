//! The API's description: complete, and true of every operation. That each response of every test fits it is checked in
//! `contract.rs`.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use server::http::openapi::DOCUMENT;

use crate::contract::{escaped, followed, valid};
use crate::exploring::{RUNS, two_versions};
use crate::harness::{Server, reaching_inside, table};
use crate::investigations::diagnosed;

pub struct Described {
    pub id: &'static str,
    pub path: &'static str,
    pub method: Method,
    pub operation: &'static Value,
    /// Where it is in the document.
    place: String,
}

pub fn described() -> Vec<Described> {
    let mut all = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let place = format!("/paths/{}/{method}", escaped(path));
            all.push(Described { id, path, method: method.to_uppercase().parse().unwrap(), operation, place });
        }
    }
    all
}

/// Programs that were generated from the document call operations by these names.
const IDS: [&str; 94] = [
    "addAlertRule",
    "addChannel",
    "addWatch",
    "digest",
    "endSilence",
    "listAlertRules",
    "listAlerts",
    "listChannels",
    "listDeliveries",
    "listWatches",
    "lookNow",
    "openAlerts",
    "previewAlertRule",
    "removeAlertRule",
    "removeChannel",
    "removeWatch",
    "sendAgain",
    "silenceAlertRule",
    "tryChannel",
    "addFollowUp",
    "addHypothesis",
    "addNote",
    "archiveInvestigation",
    "arrangeSnapshots",
    "cancelJob",
    "closeInvestigation",
    "compareRuns",
    "createInvestigation",
    "decide",
    "deleteArrival",
    "deleteInvestigation",
    "deleteSnapshot",
    "diagnose",
    "editInvestigation",
    "editModel",
    "enter",
    "evidencePicture",
    "explainSelection",
    "explainSharedSelection",
    "exportFlips",
    "exportGuard",
    "exportRepairedRows",
    "exportSelectedRows",
    "exportInvestigation",
    "findDiagnosis",
    "findInvestigation",
    "findJob",
    "findModel",
    "findShared",
    "findSharedDiagnosis",
    "findSnapshot",
    "health",
    "investigationFigure",
    "investigationReport",
    "importInvestigation",
    "investigateArrival",
    "judgeArrival",
    "latestJob",
    "linkSnapshot",
    "listArrivals",
    "listInvestigations",
    "listModels",
    "listSelectedRows",
    "listShareLinks",
    "listSnapshots",
    "modelTrend",
    "moveEvidence",
    "mute",
    "openapi",
    "pinEvidence",
    "previewSnapshot",
    "remarkEvidence",
    "reopenInvestigation",
    "replaceInputs",
    "rereadSnapshot",
    "revokeShareLink",
    "sendArrival",
    "sendObservations",
    "setFollowUp",
    "setIncident",
    "setReference",
    "setStatus",
    "share",
    "showRepairedRows",
    "sharedEvidencePicture",
    "sharedFigure",
    "sharedReport",
    "showPair",
    "unarchiveInvestigation",
    "unmute",
    "unpinEvidence",
    "uploadSnapshots",
    "watchJob",
    "weekly",
];

#[test]
fn operations_keep_their_ids() {
    let ids: Vec<&str> = described().iter().map(|one| one.id).collect();
    let set: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(set.len(), ids.len(), "an id is given twice");
    assert_eq!(set, IDS.into_iter().collect());
}

#[test]
fn every_operation_says_what_it_does_and_what_it_takes() {
    let tags: Vec<&Value> = DOCUMENT["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let said = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    for Described { id, path, operation, method, .. } in described() {
        assert!(said(&operation["summary"]) && said(&operation["description"]), "{id}");
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{id}");
        assert!(tags.contains(&&operation["tags"][0]), "{id}");
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        for parameter in parameters {
            assert!(said(&parameter["description"]) && parameter["schema"].is_object(), "{id}: {parameter}");
        }
        let named = parameters.iter().filter(|parameter| parameter["in"] == "path");
        let named: BTreeSet<&str> = named.map(|parameter| parameter["name"].as_str().unwrap()).collect();
        let in_path = path.split('/').filter_map(|part| part.strip_prefix('{')).map(|part| part.trim_end_matches('}'));
        assert_eq!(named, in_path.collect(), "{id}");
        let body = &operation["requestBody"];
        assert!(body.is_null() || (body["content"].is_object() && method != Method::GET), "{id}");
        let statuses: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
        assert!(statuses.iter().any(|status| status.starts_with('2')), "{id}: {statuses:?}");
        assert!(statuses.iter().any(|status| *status == "500"), "{id}: {statuses:?}");
    }
}

/// Calls `visit` for every object of the document.
fn each(value: &'static Value, visit: &mut impl FnMut(&'static serde_json::Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            visit(fields);
            fields.values().for_each(|field| each(field, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| each(item, visit)),
        _ => {}
    }
}

#[test]
fn descriptions_are_written_for_people_who_do_not_read_rust() {
    let mut count = 0;
    each(&DOCUMENT, &mut |fields| {
        for text in ["description", "summary"].iter().filter_map(|key| fields.get(*key)).filter_map(Value::as_str) {
            count += 1;
            for rust in ["[`", "`None`", "`Some", "::", "# Errors"] {
                assert!(!text.replace("[::1]", "").contains(rust), "{text}");
            }
        }
    });
    assert!(count > 300, "{count}");
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let mut found = BTreeSet::new();
    each(&DOCUMENT, &mut |fields| found.extend(fields.get("$ref").and_then(Value::as_str)));
    for reference in &found {
        assert!(DOCUMENT.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    for name in DOCUMENT["components"]["schemas"].as_object().unwrap().keys() {
        assert!(found.contains(format!("#/components/schemas/{name}").as_str()), "{name} is used nowhere");
    }
}

#[test]
fn every_example_is_valid() {
    let mut count = 0;
    let mut contents = |place: &str| {
        let Some((place, part)) = followed(place) else { return };
        for (kind, content) in part["content"].as_object().into_iter().flatten() {
            let schema = format!("{place}/content/{}/schema", escaped(kind));
            let several = content["examples"].as_object().into_iter().flatten().map(|(_, example)| &example["value"]);
            for example in content.get("example").into_iter().chain(several) {
                valid(&schema, example);
                count += 1;
            }
        }
    };
    for Described { place, operation, .. } in described() {
        contents(&format!("{place}/requestBody"));
        for status in operation["responses"].as_object().unwrap().keys() {
            contents(&format!("{place}/responses/{status}"));
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn the_observations_that_the_readers_know_are_described() {
    for file in ["faulty", "clean"] {
        let path = format!("{}/engine/fixtures/artifacts/{file}/observations.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        valid("/components/schemas/Observations", &serde_json::from_str(&text).unwrap());
    }
}

#[tokio::test]
async fn every_operation_succeeds_once_with_a_valid_body() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("more.csv"), table(20, 1.0)).unwrap();
    let roots = vec![folder.path().to_owned()];
    let server =
        Server::start_with(|config| reaching_inside(service::ServiceConfig { link_roots: roots, ..config })).await;
    let investigation = diagnosed(&server).await;
    let id = investigation["id"].as_str().unwrap();
    let snapshot = investigation["inputs"][0]["snapshot"]["id"].as_str().unwrap();
    let two = two_versions(&server).await;
    let at = |rest: &str| format!("/api/v1/investigations/{id}{rest}");
    let diagnosis = server.get(&at("/diagnosis")).await.json();
    let finding = diagnosis["suspects"][0]["findings"][0].as_str().unwrap();
    let columns: Vec<&str> =
        diagnosis["suspects"][0]["columns"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let suspect = format!("{}({})", diagnosis["suspects"][0]["cause"].as_str().unwrap(), columns.join(", "));
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let chart = json!({"kind": "chart", "chart": "column", "query": [["column", "amount"]]});
    let piece = server.json(post.clone(), &at("/evidence"), json!({"pinned": chart})).await.json();
    let piece = piece["id"].as_str().unwrap();
    let task = server.json(post.clone(), &at("/follow-ups"), json!({"task": "Divide."})).await.json();
    let task = task["id"].as_str().unwrap();
    let shared = server.json(post.clone(), &at("/share-links"), json!({})).await.json();
    let (secret, link) = (shared["secret"].as_str().unwrap(), shared["link"]["id"].as_str().unwrap());
    let range = json!({"range": {"from": 120.0, "to": 1e9, "upper": "included"}});
    let condition = json!({"subject": {"column": "amount"}, "test": range});
    let steps = [
        (get.clone(), "/api/v1/health".to_owned(), json!({})),
        (get.clone(), "/api/v1/openapi.json".to_owned(), json!({})),
        (get.clone(), "/api/v1/snapshots".to_owned(), json!({})),
        (get.clone(), format!("/api/v1/snapshots/{snapshot}"), json!({})),
        (get.clone(), format!("/api/v1/snapshots/{snapshot}/preview"), json!({})),
        (post.clone(), format!("/api/v1/snapshots/{snapshot}/reread"), json!({"header": false})),
        (post.clone(), "/api/v1/snapshots/link".to_owned(), json!({"target": "more.csv"})),
        (post.clone(), "/api/v1/arrangements".to_owned(), json!({"snapshots": [snapshot]})),
        (get.clone(), "/api/v1/investigations".to_owned(), json!({})),
        (get.clone(), at("/figures/column.csv?column=amount"), json!({})),
        (post.clone(), at("/selection"), json!({"side": "serve", "conditions": [condition]})),
        (get.clone(), at("/rows?where=serve%3Bc.amount~r~1.2e2~1e9~i&sort=amount"), json!({})),
        (get.clone(), at("/rows.csv?where=serve%3Bc.amount~r~1.2e2~1e9~i"), json!({})),
        (get.clone(), at("/pair?x=amount&y=region"), json!({})),
        (get.clone(), format!("{two}/flips?{RUNS}"), json!({})),
        (get.clone(), format!("{two}/flips.csv?{RUNS}"), json!({})),
        (get.clone(), at("/suspects/1/repaired"), json!({})),
        (get.clone(), at("/suspects/1/repaired.csv"), json!({})),
        (post.clone(), at("/notes"), json!({"text": "cents?"})),
        (put.clone(), at("/statuses/F2"), json!({"status": "confirmed"})),
        (put.clone(), at("/decisions"), json!({"suspect": suspect, "ruling": "ruled_out"})),
        (put.clone(), at("/decisions"), json!({"suspect": suspect, "ruling": null})),
        (put.clone(), at(&format!("/mutes/{finding}")), json!({})),
        (get.clone(), at("/diagnosis"), json!({})),
        (delete.clone(), at(&format!("/mutes/{finding}")), json!({})),
        (get.clone(), at("/share-links"), json!({})),
        (get.clone(), format!("/api/v1/shared/{secret}"), json!({})),
        (get.clone(), format!("/api/v1/shared/{secret}/diagnosis"), json!({})),
        (get.clone(), format!("/api/v1/shared/{secret}/reports/report.html"), json!({})),
        (get.clone(), format!("/api/v1/shared/{secret}/figures/column.svg?column=amount"), json!({})),
        (
            post.clone(),
            format!("/api/v1/shared/{secret}/selection"),
            json!({"side": "serve", "conditions": [condition]}),
        ),
        (get.clone(), format!("/api/v1/shared/{secret}/evidence/{piece}/picture.svg"), json!({})),
        (get.clone(), at(&format!("/evidence/{piece}/picture.csv")), json!({})),
        (put.clone(), at(&format!("/evidence/{piece}")), json!({"caption": "cents"})),
        (put.clone(), at(&format!("/evidence/{piece}/place")), json!({"place": 0})),
        (delete.clone(), at(&format!("/evidence/{piece}")), json!({})),
        (post.clone(), at("/hypotheses"), json!({"statement": "The exporter was switched."})),
        (put.clone(), at("/incident"), json!({"severity": "high"})),
        (put.clone(), at(&format!("/follow-ups/{task}")), json!({"progress": "done"})),
        (post.clone(), at("/entries"), json!({"what": "Release 41.", "at_ms": 0})),
        (delete, format!("/api/v1/share-links/{link}"), json!({})),
        (post.clone(), at("/diagnosis"), json!({})),
        (put.clone(), at("/inputs"), json!({"inputs": [["train", snapshot]]})),
        (put.clone(), at(""), json!({"title": "Cents", "model": "loans"})),
        (post.clone(), at("/archive"), json!({})),
        (post.clone(), at("/unarchive"), json!({})),
        (get.clone(), at("/reports/report.md"), json!({})),
        (get.clone(), at("/guards/great_expectations"), json!({})),
        (
            post.clone(),
            format!("/api/v1/observations?name=observations.json&investigation={id}"),
            json!({"mismatch_observations": 1, "artifacts": [{"source": "registry", "place": "registered", "version": "7"}]}),
        ),
        (get.clone(), "/api/v1/models".to_owned(), json!({})),
        (put.clone(), "/api/v1/models/loans".to_owned(), json!({"owner": "Ada", "task": "binary"})),
        (put.clone(), "/api/v1/models/loans/reference".to_owned(), json!({"investigation": id})),
        (get.clone(), "/api/v1/models/loans".to_owned(), json!({})),
        (get.clone(), "/api/v1/models/loans/arrivals?role=serve&limit=9".to_owned(), json!({})),
        (get.clone(), "/api/v1/models/loans/trend?item=D1&column=amount&metric=accuracy".to_owned(), json!({})),
        (get.clone(), "/api/v1/weekly?week=2026-W48".to_owned(), json!({})),
        (post.clone(), at("/close"), json!({"text": "It was cents."})),
        (post.clone(), at("/reopen"), json!({})),
    ];
    for (method, path, body) in steps {
        let answer = server.json(method, &path, body).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
    }
    let job = server.get(&at("/job")).await.json()["id"].as_str().unwrap().to_owned();
    server.until_over(&job).await;
    server.get(&at("/export")).await.expect(StatusCode::OK);
    let exported = crate::moving::exported(&server, &at("/export")).await.into_body();
    let exported = axum::body::to_bytes(exported, usize::MAX).await.unwrap();
    let import = Request::post("/api/v1/investigations/import").header("content-type", "application/zip");
    server.send(import.body(Body::from(exported)).unwrap()).await.expect(StatusCode::CREATED);
    server.get(&format!("/api/v1/jobs/{job}")).await.expect(StatusCode::OK);
    server.json(post, &format!("/api/v1/jobs/{job}/cancel"), json!({})).await.expect(StatusCode::OK);
    let sent = Request::post("/api/v1/models/loans/arrivals?name=day.csv&at=2026-05-01&version=7");
    let sent = server.send(sent.body(table(200, 100.0).into()).unwrap()).await.expect(StatusCode::CREATED).json();
    server.settled().await;
    let arrival = format!("/api/v1/models/loans/arrivals/{}", sent["id"].as_str().unwrap());
    let (post, delete) = (Method::POST, Method::DELETE);
    server.json(post.clone(), &format!("{arrival}/judging"), json!({})).await.expect(StatusCode::OK);
    server.settled().await;
    server.json(post, &format!("{arrival}/investigation"), json!({})).await.expect(StatusCode::CREATED);
    server.json(delete, &arrival, json!({})).await.expect(StatusCode::OK);
    crate::alerts::every_operation(&server).await;
    crate::watches::every_operation(&server).await;
    let unused = server.upload("unused.csv", &table(20, 1.0)).await["id"].as_str().unwrap().to_owned();
    server.settled().await;
    for path in [format!("/api/v1/snapshots/{unused}"), at("")] {
        server.json(Method::DELETE, &path, json!({})).await.expect(StatusCode::OK);
    }
    let mut missing: BTreeSet<&str> = described().iter().map(|one| one.id).collect();
    for (id, status) in server.seen.lock().unwrap().iter() {
        if *status < 300 {
            missing.remove(id.as_str());
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
    server.settled().await;
}

/// The longest text of each field that the document bounds, and one character more.
#[tokio::test]
async fn described_bounds_are_those_of_the_handlers() {
    let server = Server::start().await;
    let made = server.json(Method::POST, "/api/v1/investigations", json!({"title": "x"})).await.json();
    let at = |rest: &str| format!("/api/v1/investigations/{}{rest}", made["id"].as_str().unwrap());
    let schemas = &DOCUMENT["components"]["schemas"];
    let bound = |schema: &str, field: &str| {
        schemas[schema]["properties"][field]["maxLength"].as_u64().unwrap_or_else(|| panic!("{schema}.{field}"))
    };
    let cases = [
        ("NewInvestigation", "title", Method::POST, "/api/v1/investigations".to_owned()),
        ("NewInvestigation", "model", Method::POST, "/api/v1/investigations".to_owned()),
        ("NewInvestigation", "author", Method::POST, "/api/v1/investigations".to_owned()),
        ("Said", "text", Method::POST, at("/notes")),
        ("Said", "author", Method::POST, at("/notes")),
        ("NewStatus", "note", Method::PUT, at("/statuses/D1")),
    ];
    let required = BTreeMap::from([
        ("NewInvestigation", json!({"title": "x"})),
        ("Said", json!({"text": "x"})),
        ("NewStatus", json!({"status": "confirmed"})),
    ]);
    for (schema, field, method, path) in cases {
        let longest = bound(if schema == "NewStatus" { "Grounds" } else { schema }, field);
        for (length, fits) in [(longest, true), (longest + 1, false)] {
            let mut body = required[schema].clone();
            body[field] = "x".repeat(length as usize).into();
            let answer = server.json(method.clone(), &path, body).await;
            assert_eq!(answer.status.is_success(), fits, "{schema}.{field} of {length}: {}", answer.body);
        }
    }
    let most = schemas["Selection"]["properties"]["conditions"]["maxItems"].as_u64().unwrap();
    let condition = json!({"subject": {"column": "x"}, "test": "missing"});
    for (count, status) in [(most, StatusCode::NOT_FOUND), (most + 1, StatusCode::BAD_REQUEST)] {
        let conditions = vec![condition.clone(); count as usize];
        let selection = json!({"side": "serve", "conditions": conditions});
        server.json(Method::POST, &at("/selection"), selection).await.expect(status);
    }
    let most = schemas["NewInvestigation"]["properties"]["inputs"]["maxItems"].as_u64().unwrap();
    for (count, status) in [(most, StatusCode::NOT_FOUND), (most + 1, StatusCode::BAD_REQUEST)] {
        let inputs = vec![json!(["predictions", "none"]); count as usize];
        server.json(Method::PUT, &at("/inputs"), json!({"inputs": inputs})).await.expect(status);
    }
    server.settled().await;
}
