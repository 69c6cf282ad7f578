//! The password of a share link, by form.

use axum::extract::Path;
use axum::response::Redirect;

use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::share_door::{address, proof_cookie};
use crate::http::visitors::Sender;

/// Field `password`.
pub async fn unlock(by: Sender, Path(secret): Path<String>, fields: Fields) -> Outcome {
    // Not trimmed: a password may end with a space.
    let proof = by.told(by.service.unlock_share(&secret, fields.whole("password"), &by.client).await)?;
    let kept = proof_cookie(&secret, &proof, by.door);
    Ok(Sent::to(Redirect::to(&address(&secret)), &Fields::default()).with(kept))
}
