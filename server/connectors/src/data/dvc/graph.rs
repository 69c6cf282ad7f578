//! The stages of a pipeline and what each takes in, as `dvc dag --mermaid`, `--md` and `--dot` print them:
//! <https://dvc.org/doc/command-reference/dag>. Flowcharts are drawn by hand too: one of DVC numbers its nodes from 1 and has
//! nothing else.

use std::collections::BTreeMap;

use domain::Problem;
use domain::number::counted;
use domain::tool_check::Source;
use domain::tool_facts::Setting;

use super::TOOL;
use super::words::stage_of;
use crate::given::Given;
use crate::{Brought, Connector};

pub(in crate::data) static GRAPH: Connector = Connector {
    id: "dvc_dag",
    tool: TOOL,
    words: "dvc dag --mermaid, --md or --dot",
    proven_on: "3.67",
    takes: "what each stage takes in: files of data and outputs of other stages",
    leaves: "the drawing in boxes that dvc dag prints by itself",
    recognise: |seen| graph(&seen.text).is_some(),
    read,
};

/// Nodes of one graph at most.
const MOST: usize = 2_000;

/// Which node leads to which, by their labels.
#[derive(Default)]
struct Graph<'t> {
    labels: Vec<&'t str>,
    edges: Vec<(&'t str, &'t str)>,
}

fn graph(text: &str) -> Option<Graph<'_>> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    let graph = match lines.next()? {
        "```mermaid" if lines.next() == Some("flowchart TD") => mermaid(lines.filter(|line| *line != "```"))?,
        "flowchart TD" => mermaid(lines)?,
        head if head.starts_with("strict digraph") && head.ends_with('{') => dot(lines)?,
        _ => return None,
    };
    (graph.labels.len() <= MOST && !graph.labels.is_empty()).then_some(graph)
}

/// `node1["train"]` and `node1-->node2`.
fn mermaid<'t>(lines: impl Iterator<Item = &'t str>) -> Option<Graph<'t>> {
    let mut graph = Graph::default();
    for line in lines {
        if let Some((from, to)) = line.split_once("-->") {
            let label =
                |node: &str| graph.labels.get(node.strip_prefix("node")?.parse::<usize>().ok()?.checked_sub(1)?);
            let edge = (*label(from)?, *label(to)?);
            graph.edges.push(edge);
            continue;
        }
        let start = format!("node{}[\"", graph.labels.len() + 1);
        graph.labels.push(line.strip_prefix(&start)?.strip_suffix("\"]")?);
    }
    Some(graph)
}

/// `"train";` and `"data.csv.dvc" -> "train";`. Graphs of other programs have no data that DVC tracks.
fn dot<'t>(lines: impl Iterator<Item = &'t str>) -> Option<Graph<'t>> {
    let mut graph = Graph::default();
    for line in lines {
        if line == "}" {
            break;
        }
        let line = line.strip_suffix(';')?;
        match line.split_once(" -> ") {
            Some((from, to)) => graph.edges.push((from.trim_matches('"'), to.trim_matches('"'))),
            None => graph.labels.push(line.trim_matches('"')),
        }
    }
    graph.labels.iter().any(|label| label.ends_with(".dvc")).then_some(graph)
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    let graph = graph(&text).ok_or_else(|| given.bad("it is not a graph that dvc dag printed; print it again"))?;
    let mut inputs: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (from, to) in &graph.edges {
        inputs.entry(to).or_default().push(in_words(from));
    }
    let mut brought = Brought::default();
    brought.facts.settings = inputs
        .into_iter()
        .map(|(node, inputs)| Setting {
            source: Source::of(TOOL, None, node),
            stage: stage_of(node),
            name: format!("inputs of {node}"),
            value: inputs.join(", "),
        })
        .collect();
    if brought.facts.settings.is_empty() {
        let nodes = counted(graph.labels.len() as u64, "file or stage");
        brought.warnings.push(format!("It shows {nodes}, and none takes in another."));
    }
    Ok(brought)
}

/// A `.dvc` file stands for the data that it points to, a stage for what it makes.
fn in_words(node: &str) -> String {
    match node.strip_suffix(".dvc") {
        Some(file) => file.to_owned(),
        None if node.contains(['.', '/']) && !node.contains(':') => node.to_owned(),
        None => format!("outputs of {node}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, String)> {
        let settings = read(&Given::of(text.as_bytes(), "dag.txt")).unwrap_or_default().facts.settings;
        settings.into_iter().map(|one| (one.name, one.value)).collect()
    }

    #[test]
    fn each_form_tells_what_a_stage_takes_in() {
        let expected = [("inputs of evaluate".to_owned(), "data/test.csv, outputs of train".to_owned())];
        let chart = "flowchart TD\n\tnode1[\"data/test.csv.dvc\"]\n\tnode2[\"evaluate\"]\n\tnode3[\"train\"]\n\tnode1-->node2\n\tnode3-->node2\n";
        assert_eq!(told(chart), expected);
        assert_eq!(told(&format!("```mermaid\n{chart}```\n")), expected);
        let dot = "strict digraph  {\n\"data/test.csv.dvc\";\nevaluate;\ntrain;\n\"data/test.csv.dvc\" -> evaluate;\ntrain -> evaluate;\n}\n";
        assert_eq!(told(dot), expected);
        assert_eq!(told("flowchart TD\n\tnode1[\"a.csv\"]\n\tnode2[\"b.csv\"]\n\tnode1-->node2\n")[0].1, "a.csv");
    }

    #[test]
    fn other_charts_are_left_alone() {
        for text in [
            "flowchart TD\n  A[\"start\"] --> B[\"end\"]\n",
            "flowchart TD\n  node1[\"start\"]\n  node1-->node2\n",
            "flowchart TD\n",
            "strict digraph {\na;\nb;\na -> b;\n}\n",
            "# Pipeline\n```mermaid\nflowchart TD\n\tnode1[\"a\"]\n```\n",
        ] {
            assert!(graph(text).is_none(), "{text}");
        }
    }
}
