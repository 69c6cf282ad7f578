//! Tools of the deployment layer.

mod container_log;
mod deploy_events;
mod docker_containers;
mod docker_images;
mod docker_ps;
mod github;
mod gitlab;
mod kubernetes;
mod kubernetes_containers;
mod kubernetes_object;
mod kubernetes_pods;
mod kubernetes_scaling;
mod kubernetes_workloads;
pub(crate) mod variables;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[
    &kubernetes::OBJECTS,
    &docker_containers::INSPECT,
    &docker_ps::LINES,
    &docker_images::IMAGE,
    &docker_images::MANIFEST,
    &docker_images::LINES,
    &github::GITHUB,
    &gitlab::GITLAB,
    &deploy_events::EVENTS,
    &container_log::LOG,
];
