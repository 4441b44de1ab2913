//! `models.select`.

use serde::Deserialize;

use super::refuse::Refusal;
use super::run::Actions;
use crate::database::entity::{album, content_tag, tag};
use crate::sync::{Needed, Syncable, unwanted_models};
use crate::transaction::Write;

pub(super) const SELECT: &str = "models.select";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Select {
    model: String,
    wanted: bool,
}

/// Says whether a shared model, with all that depends on it, is wanted on the engine's own device. Other devices keep it either way, and one
/// that is connected must have all of it.
pub(super) async fn select(actions: &Actions, mutation: &str, args: Select) -> Result<u64, Refusal> {
    let Select { model, wanted } = args;
    let session = actions.devices.session();
    session.can_do_without(&model).map_err(|why| {
        let model = model.chars().take(80).collect();
        match why {
            Needed::Unknown => Refusal::NotFound { what: "model", id: model },
            why => Refusal::Needed { model, reason: why.to_string() },
        }
    })?;
    let is_wanted = !unwanted_models(&actions.reader).await?.contains(&model);
    let writes = match (is_wanted == wanted, wanted) {
        (true, _) => Vec::new(),
        (false, true) => vec![Write::SelectModel { model, wanted, kept: Default::default() }],
        (false, false) => {
            // Whom it cannot rely on as far as is known here, it need not ask.
            let going = if session.is_kept(&model).await? { session.let_go(&model) } else { None };
            let Some(going) = going else { return Err(Refusal::NotKept(model)) };
            let Some(kept) = going.keeper().await else { return Err(Refusal::NotKept(model)) };
            return actions.commit(mutation, vec![Write::SelectModel { model, wanted, kept }]).await;
        }
    };
    actions.commit(mutation, writes).await
}

/// Refuses an action about what is not here because it is not wanted, rather than say that there is no such row.
pub(super) async fn check_action(actions: &Actions, name: &str) -> Result<(), Refusal> {
    let model = match name.split_once('.') {
        Some(("tags", _)) => tag::Model::INFO.name,
        Some(("albums", _)) => album::Model::INFO.name,
        Some(("content", _)) => content_tag::Model::INFO.name,
        _ => return Ok(()),
    };
    check_models(actions, [model]).await
}

/// Refuses to write what is not here because it is not wanted, or has not come back yet.
pub(super) async fn check_writes(actions: &Actions, writes: &[Write]) -> Result<(), Refusal> {
    if writes.iter().all(|write| write.shared_model().is_none()) {
        return Ok(());
    }
    check_models(actions, writes.iter().filter_map(Write::shared_model)).await
}

async fn check_models<'a>(
    actions: &Actions,
    models: impl IntoIterator<Item = &'a str> + Send,
) -> Result<(), Refusal> {
    let blocked = actions.devices.session().blocked().await?;
    for model in models {
        if blocked.unwanted.contains(model) {
            return Err(Refusal::NotWanted(model.to_owned()));
        }
        if blocked.coming.contains(model) {
            return Err(Refusal::StillComing(model.to_owned()));
        }
    }
    Ok(())
}
