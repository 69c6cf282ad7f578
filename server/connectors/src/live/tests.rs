//! What is asked, round by round, of tools that answer as the described ones do.

use super::*;

const WINDOW: Window = Window { from_ms: 1_700_000_000_000, until_ms: 1_700_086_400_000 };

fn answered(question: Question, status: u16, body: impl Into<String>) -> Answer {
    Answer { question, status, body: body.into() }
}

/// Asks until nothing is new; every question is answered by `body`. All answers, and how many rounds it took.
fn asked_out(source: &LiveSource, address: &str, body: impl Fn(&Question) -> String) -> (Vec<Answer>, usize) {
    let address = Address::of(address).unwrap();
    let (mut answers, mut rounds) = (Vec::new(), 0);
    loop {
        let next = source.next(&Asked { address: &address, window: WINDOW, answers: &answers });
        if next.is_empty() {
            return (answers, rounds);
        }
        rounds += 1;
        assert!(rounds < 10, "it asks without end");
        answers.extend(next.into_iter().map(|question| {
            let body = body(&question);
            answered(question, 200, body)
        }));
    }
}

fn paths(answers: &[Answer]) -> Vec<&str> {
    answers.iter().map(|answer| answer.question.path.as_str()).collect()
}

#[test]
fn each_tool_knows_its_own_answer_and_no_other() {
    let own = [
        ("prometheus", r#"{"status":"success","data":{"version":"2.42.0","goVersion":"go1.19"}}"#),
        ("alertmanager", r#"{"cluster":{"status":"ready"},"versionInfo":{"version":"0.27.0"},"uptime":"x"}"#),
        ("grafana", r#"{"commit":"abc","database":"ok","version":"11.2.0"}"#),
        ("mlflow", r#"{"experiments":[{"experiment_id":"0","name":"Default"}]}"#),
    ];
    for source in SOURCES {
        for (id, body) in own {
            let answer = answered(source.first(), 200, body);
            assert_eq!(source.is_it(&answer), source.id == id, "{} and the answer of {id}", source.id);
        }
        for body in ["", "<html></html>", "{}", "[]", "null"] {
            assert!(!source.is_it(&answered(source.first(), 200, body)), "{} takes {body:?}", source.id);
        }
        let refused = answered(source.first(), 401, own.iter().find(|(id, _)| *id == source.id).unwrap().1);
        assert!(!source.is_it(&refused));
    }
}

#[test]
fn a_page_of_a_tool_leads_to_its_interface() {
    let base = |source: &LiveSource, address: &str| source.base(&Address::of(address).unwrap());
    let [prometheus, alertmanager, grafana, mlflow] = SOURCES else { panic!("there are other tools") };
    assert_eq!(base(prometheus, "http://p:9090/graph?g0.expr=up"), "http://p:9090");
    assert_eq!(base(prometheus, "https://h/prometheus/alerts"), "https://h/prometheus");
    assert_eq!(base(prometheus, "http://p:9090/"), "http://p:9090");
    assert_eq!(base(grafana, "https://h/grafana/d/abc/churn?orgId=1"), "https://h/grafana");
    assert_eq!(base(mlflow, "http://m:5000/#/experiments/1"), "http://m:5000");
    assert_eq!(base(alertmanager, "http://a:9093/#/alerts"), "http://a:9093");
}

#[test]
fn prometheus_is_asked_for_what_rules_watch_and_what_is_about_a_model() {
    let body = |question: &Question| {
        match question.name.as_str() {
        "names" => r#"{"status":"success","data":["ALERTS","go_goroutines","http_requests_total","model_latency_seconds_bucket",
            "model_latency_seconds_sum","node_load1","odd_metric","prediction_confidence","up"]}"#
            .to_owned(),
        "rules" => r#"{"status":"success","data":{"groups":[{"rules":[{"query":"odd_metric > 3"}]}]}}"#.to_owned(),
        _ => "{}".to_owned(),
    }
    };
    let (answers, rounds) = asked_out(&prometheus::PROMETHEUS, "http://p:9090/", body);
    assert_eq!(rounds, 2);
    let names: Vec<&str> = answers.iter().skip(4).map(|answer| answer.question.name.as_str()).collect();
    assert_eq!(
        names,
        ["odd_metric", "model_latency_seconds_p95", "prediction_confidence", "up", "http_requests_total"]
    );
    let paths = paths(&answers);
    assert_eq!(paths[4], "/api/v1/query_range?query=odd_metric&start=1700000000&end=1700086400&step=180");
    assert!(paths[5].contains("histogram_quantile%280.95%2C%20sum%20by%20%28le%2C%20job%29"), "{}", paths[5]);
}

#[test]
fn a_link_to_a_graph_asks_for_that_graph() {
    let (answers, _) =
        asked_out(&prometheus::PROMETHEUS, "http://p/graph?g0.expr=rate%28errors_total%5B5m%5D%29", |_| {
            "{}".to_owned()
        });
    let last = answers.last().unwrap();
    assert_eq!(last.question.name, "rate(errors_total)");
    assert!(last.question.path.contains("query=rate%28errors_total%5B5m%5D%29&"), "{}", last.question.path);
    assert_eq!(answers.len(), 5);
}

#[test]
fn mlflow_is_asked_for_the_newest_runs_and_for_curves_that_have_steps() {
    let body = |question: &Question| {
        match question.name.as_str() {
        "experiments" => r#"{"experiments":[{"experiment_id":"3"},{"experiment_id":"7"}]}"#.to_owned(),
        "runs" => r#"{"runs":[{"info":{"run_id":"r 1"},"data":{"metrics":[{"key":"loss","step":9},{"key":"auc","step":0}]}}]}"#
            .to_owned(),
        _ => "{}".to_owned(),
    }
    };
    let (answers, rounds) = asked_out(&mlflow::MLFLOW, "http://m:5000/", body);
    assert_eq!(rounds, 3);
    let runs = answers.iter().find(|answer| answer.question.name == "runs").unwrap();
    assert!(runs.question.post.as_deref().unwrap().contains(r#""experiment_ids":["3","7"]"#));
    assert_eq!(paths(&answers).last(), Some(&"/api/2.0/mlflow/metrics/get-history?run_id=r%201&metric_key=loss"));

    let (answers, _) = asked_out(&mlflow::MLFLOW, "http://m/#/experiments/12/runs/abc", |_| "{}".to_owned());
    assert!(paths(&answers).contains(&"/api/2.0/mlflow/runs/get?run_id=abc"));
    let (answers, _) = asked_out(&mlflow::MLFLOW, "http://m/#/models/churn", |_| "{}".to_owned());
    assert!(paths(&answers).iter().any(|path| path.ends_with("filter=name%3D%27churn%27")));
}

#[test]
fn a_link_to_a_dashboard_asks_for_that_one() {
    let all = |question: &Question| match question.name.as_str() {
        "search" => r#"[{"uid":"a"},{"uid":"b/c"}]"#.to_owned(),
        _ => "{}".to_owned(),
    };
    let (answers, _) = asked_out(&grafana::GRAFANA, "http://g/", all);
    assert_eq!(paths(&answers).last(), Some(&"/api/dashboards/uid/b%2Fc"));
    let (answers, _) = asked_out(&grafana::GRAFANA, "http://g/d/churn1/churn-model", all);
    assert_eq!(paths(&answers).last(), Some(&"/api/dashboards/uid/churn1"));
    assert!(!paths(&answers).iter().any(|path| path.contains("search")));
}

#[test]
fn a_capture_is_read_as_its_answers_are_and_says_what_did_not_answer() {
    let alerts = r#"{"status":"success","data":{"alerts":[{"labels":{"alertname":"High","severity":"page"},"annotations":{},
        "state":"firing","activeAt":"2026-05-16T07:30:00Z","value":"2.1e-01"}]}}"#;
    let address = Address::of("http://p:9090/alerts?token=secret").unwrap();
    let answers = vec![
        answered(Question::planning("knock", "/x"), 200, r#"{"status":"success","data":{"version":"2.42.0"}}"#),
        answered(Question::evidence("alerts", "/api/v1/alerts"), 200, alerts),
        answered(Question::evidence("rules", "/api/v1/rules"), 403, "forbidden"),
        answered(Question::evidence("names", "/api/v1/odd"), 200, r#"{"odd":1}"#),
    ];
    let asked = Asked { address: &address, window: WINDOW, answers: &answers };
    let source = &prometheus::PROMETHEUS;
    let capture = Capture::of(source, source.base(&address), &asked, 0, vec!["one metric".to_owned()]);
    let bytes = serde_json::to_vec(&capture).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("secret"));
    let artifact = crate::read(&bytes, "Prometheus at p:9090").unwrap().unwrap();
    assert_eq!(artifact.connector.id, "capture");
    let brought = artifact.brought;
    assert_eq!(brought.tool_version.as_deref(), Some("2.42.0"));
    let source = &brought.facts.checks[0].source;
    assert!(source.path.starts_with("GET /api/v1/alerts data.alerts[0]"), "{}", source.path);
    assert_eq!((source.url.as_deref(), source.file.as_str()), (Some("http://p:9090"), "Prometheus at p:9090"));
    assert_eq!(
        brought.left,
        [
            "one metric",
            "GET /api/v1/rules: the answer has status 403",
            "GET /api/v1/odd: nothing here reads this answer"
        ]
    );
}

#[test]
fn an_address_that_does_not_answer_well_is_an_unhealthy_service() {
    let address = Address::of("http://m:8080/health").unwrap();
    let answers = vec![answered(Question::evidence("health", "/health"), 503, r#"{"status":"DOWN"}"#)];
    let asked = Asked { address: &address, window: WINDOW, answers: &answers };
    let capture = Capture::of(WEB, address.bare(), &asked, 0, Vec::new());
    let artifact = crate::read(&serde_json::to_vec(&capture).unwrap(), "m:8080").unwrap().unwrap();
    let checks = artifact.brought.facts.checks;
    assert_eq!(checks[0].columns, ["m:8080/health"]);
    assert_eq!(checks[0].observed.as_deref(), Some("status 503"));
    assert!(checks.len() > 1, "the answer itself is read too");
}
