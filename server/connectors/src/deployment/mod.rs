//! Tools of the deployment layer.

mod kubernetes;
mod kubernetes_containers;
mod kubernetes_pods;
mod kubernetes_scaling;
mod kubernetes_workloads;
pub(crate) mod variables;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[&kubernetes::OBJECTS];
