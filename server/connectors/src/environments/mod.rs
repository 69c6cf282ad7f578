//! The packages that a stage runs with.

mod conda_environment;
mod conda_list;
pub(crate) mod packages;
mod pip_list;
mod pipfile_lock;
mod poetry_lock;
mod python_env;
mod requirements;
pub(crate) mod stage;
mod uv_lock;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] = &[
    &uv_lock::CONNECTOR,
    &poetry_lock::CONNECTOR,
    &pipfile_lock::CONNECTOR,
    &conda_environment::CONNECTOR,
    &conda_list::CONNECTOR,
    &python_env::CONNECTOR,
    &pip_list::CONNECTOR,
    &requirements::CONNECTOR,
];
