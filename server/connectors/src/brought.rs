//! What a connector brings out of a file.

use domain::Layer;
use domain::learning_curve::LearningCurve;
use domain::observation::Observations;
use domain::tool_check::ToolCheck;
use domain::tool_facts::ToolFacts;

use crate::environments::stage;
use crate::table::BroughtTable;

/// Facts of one kind from one file at most; the rest is said to be left.
const MOST: usize = 10_000;

/// Any of these.
#[derive(Debug, Default)]
pub struct Brought {
    pub observations: Observations,
    pub facts: ToolFacts,
    pub curves: Vec<LearningCurve>,
    /// The tool, where the connector reads what several wrote.
    pub tool: Option<String>,
    /// Rows that are read like those of any table.
    pub tables: Vec<BroughtTable>,
    pub tool_version: Option<String>,
    /// What a person should know of what could not be read.
    pub warnings: Vec<String>,
    /// What is in the file and was not taken.
    pub left: Vec<String>,
}

impl From<Observations> for Brought {
    fn from(observations: Observations) -> Self {
        Self { observations, ..Self::default() }
    }
}

impl From<Vec<ToolCheck>> for Brought {
    fn from(checks: Vec<ToolCheck>) -> Self {
        Self { facts: ToolFacts { checks, ..ToolFacts::default() }, ..Self::default() }
    }
}

impl Brought {
    /// How many facts and rows there are.
    pub fn count(&self) -> usize {
        self.observations.count() + self.facts.count() + self.curves.len() + self.rows()
    }

    /// The layer that most of its observations are about.
    pub(crate) fn layer(&self) -> Layer {
        let observed = &self.observations;
        let of_layer = [
            (observed.series.len() + observed.alert_rules.len(), Layer::Monitoring),
            (observed.cost_matrices.len(), Layer::Evaluation),
            (self.curves.len(), Layer::Training),
            (observed.environments.len() + observed.artifacts.len(), Layer::Deployment),
            (observed.deployments.len() + observed.resources.len(), Layer::Deployment),
        ];
        of_layer.into_iter().max_by_key(|(count, _)| *count).map_or(Layer::Monitoring, |(_, layer)| layer)
    }

    fn rows(&self) -> usize {
        self.tables.iter().map(BroughtTable::rows).sum()
    }

    /// The kinds with their counts, in plural words, where there are any.
    pub fn kinds(&self) -> Vec<(&'static str, usize)> {
        let Observations { environments, artifacts, deployments, resources, series, alert_rules, cost_matrices } =
            &self.observations;
        let observed = [
            ("environments", environments.len()),
            ("model files", artifacts.len()),
            ("deployments", deployments.len()),
            ("resources", resources.len()),
            ("series", series.len()),
            ("alert rules", alert_rules.len()),
            ("cost matrices", cost_matrices.len()),
            ("learning curves", self.curves.len()),
            ("rows", self.rows()),
        ];
        self.facts.kinds().into_iter().chain(observed).filter(|(_, count)| *count > 0).collect()
    }

    /// Adds what another file brought.
    pub(crate) fn take_in(&mut self, other: Brought) {
        let Brought { observations, facts, curves, tool, tables, tool_version, warnings, left } = other;
        self.observations.extend(observations);
        self.facts.extend(facts);
        self.curves.extend(curves);
        self.tool = self.tool.take().or(tool);
        self.tables.extend(tables);
        self.tool_version = self.tool_version.take().or(tool_version);
        self.warnings.extend(warnings);
        self.left.extend(left);
    }

    /// Adds what only the file's name tells: where a fact is from, and the stage of an environment. Keeps what is bounded.
    pub(crate) fn complete(&mut self, name: &str) {
        let checks = &mut self.facts.checks;
        if checks.len() > MOST {
            self.warnings.push(format!("It has {} checks; the first {MOST} were read.", checks.len()));
            checks.truncate(MOST);
        }
        for source in self.facts.sources_mut().filter(|source| source.file.is_empty()) {
            name.clone_into(&mut source.file);
        }
        self.left.extend(self.tables.iter().flat_map(BroughtTable::left));
        let stage = stage::of_name(name);
        for environment in &mut self.observations.environments {
            environment.stage = environment.stage.or(stage);
        }
        let Observations { environments, artifacts, deployments, resources, series, alert_rules, cost_matrices } =
            &mut self.observations;
        let sources = environments
            .iter_mut()
            .map(|fact| &mut fact.source)
            .chain(artifacts.iter_mut().map(|fact| &mut fact.source))
            .chain(deployments.iter_mut().map(|fact| &mut fact.source))
            .chain(resources.iter_mut().map(|fact| &mut fact.source))
            .chain(series.iter_mut().map(|fact| &mut fact.source))
            .chain(alert_rules.iter_mut().map(|fact| &mut fact.source))
            .chain(cost_matrices.iter_mut().map(|fact| &mut fact.source));
        for source in sources.filter(|source| source.is_empty()) {
            name.clone_into(source);
        }
    }
}
