//! The table of what is read of other tools, in the documentation and in the Reference: made from the connectors. With `BLESS=1`
//! it is made anew.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;
use std::path::PathBuf;

use domain::known_tool::KnownTool;

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn as_markdown(tools: &[KnownTool]) -> String {
    let mut text = String::from(
        "# Files of other tools\n\nWhat Mismatch reads, each as the tool writes it; a file is recognised by its content. This table is made from the connectors\n(`server/connectors`). `mismatch ingest FILE` says what a file became.\n\n| layer | tool | file | proven on | taken | left |\n|---|---|---|---|---|---|\n",
    );
    for tool in tools {
        let layer = tool.layer.map_or("all", |layer| layer.text().title);
        let cells = [layer, &tool.tool, &tool.format, &tool.proven_on, &tool.takes, &tool.leaves];
        writeln!(text, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | ")).unwrap();
    }
    text
}

#[test]
fn the_tables_of_known_tools_are_what_the_connectors_declare() {
    let tools = connectors::known_tools();
    let lines: Vec<String> = tools.iter().map(|tool| serde_json::to_string(tool).unwrap()).collect();
    let made = [
        ("docs/TOOLS.md", as_markdown(&tools)),
        ("app/src/pages/reference/tools.json", format!("[\n{}\n]\n", lines.join(",\n"))),
    ];
    for (file, text) in made {
        let path = repository().join(file);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            text,
            "{file} is out of date: BLESS=1 cargo test -p engine --test tools"
        );
    }
}
