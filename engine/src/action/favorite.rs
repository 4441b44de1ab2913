//! `files.favorite`: marks a file or takes the mark away.

use serde::Deserialize;

use super::refuse::Refusal;
use super::run::Actions;
use crate::transaction::Write;

pub(super) const NAME: &str = "files.favorite";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Args {
    id: String,
    favorite: bool,
}

pub(super) async fn run(actions: &Actions, mutation: &str, args: Args) -> Result<u64, Refusal> {
    let file = actions.file(&args.id).await?;
    let writes = if file.favorite == args.favorite {
        Vec::new()
    } else {
        vec![Write::Favorite { file: file.id, favorite: args.favorite }]
    };
    actions.commit(mutation, writes).await
}
