//! Tools of the training layer.

mod histories;
mod hugging_face;
mod tensorboard;

use crate::Connector;

pub(super) const CONNECTORS: &[&Connector] =
    &[&tensorboard::CONNECTOR, &hugging_face::CONNECTOR, &histories::BOOSTING, &histories::KERAS];
