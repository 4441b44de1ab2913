//! Running a mutation once, whatever happens.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use sea_orm::{DatabaseConnection, EntityTrait};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::sync::{Mutex, OnceCell, watch};
use uuid::Uuid;

use super::refuse::Refusal;
use super::{album, choose, content, copy, device, elsewhere, favorite, tag};
use crate::database::entity::file;
use crate::devices::Devices;
use crate::files::Copies;
use crate::index::{Known, Rules};
use crate::transaction::{Outcome, TransactionManager, Write};
use crate::watch::Dirty;

/// A mutation as it came from a client.
#[derive(Debug)]
pub(crate) struct Mutation {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) args: Box<RawValue>,
}

/// Runs mutations, one at a time.
#[derive(Debug)]
pub(crate) struct Actions {
    pub(crate) root: PathBuf,
    pub(crate) reader: DatabaseConnection,
    pub(crate) known: Known,
    pub(crate) transactions: Arc<TransactionManager>,
    pub(crate) devices: Arc<Devices>,
    pub(crate) dirty: Arc<Dirty>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) copies: Arc<Copies>,
    /// Moves when something was written.
    pub(crate) written: watch::Receiver<u64>,
    /// The same as the indexer's.
    pub(crate) disk: Arc<Mutex<()>>,
    /// One at a time, so that the same id on two connections is one mutation.
    pub(crate) running: Mutex<()>,
    /// Those that may take longer, by id.
    pub(crate) in_flight: Mutex<BTreeMap<String, Arc<OnceCell<Outcome>>>>,
}

/// The longest id a client may choose.
const MAX_ID_BYTES: usize = 128;

impl Actions {
    /// Does it, or repeats the answer it got before. Not cancelled when the caller is.
    pub(crate) async fn run(self: &Arc<Self>, mutation: Mutation) -> Outcome {
        self.apart(mutation, None).await
    }

    /// The same for a client of another device, which may do no more than what is done to files.
    pub(crate) async fn run_for(self: &Arc<Self>, device: Uuid, mutation: Mutation) -> Outcome {
        if !elsewhere::concerns(&mutation.name) {
            return rejected(&Refusal::UnknownAction(mutation.name.chars().take(80).collect()));
        }
        self.apart(mutation, Some(device)).await
    }

    async fn apart(self: &Arc<Self>, mutation: Mutation, asked_by: Option<Uuid>) -> Outcome {
        let this = Arc::clone(self);
        let task = tokio::spawn(async move {
            if elsewhere::concerns(&mutation.name) {
                return this.wherever(&mutation, asked_by).await;
            }
            let _running = this.running.lock().await;
            this.checked(&mutation, this.dispatch(&mutation)).await
        });
        task.await.unwrap_or_else(|error| Outcome::Rejected {
            kind: "io".to_owned(),
            message: format!("the engine is stopping or failed: {error}"),
        })
    }

    /// Does the work, unless it was done before, and notes what came of it.
    pub(super) async fn checked(
        &self,
        mutation: &Mutation,
        work: impl Future<Output = Result<u64, Refusal>>,
    ) -> Outcome {
        let id = &mutation.id;
        if id.is_empty() || id.len() > MAX_ID_BYTES {
            return rejected(&Refusal::InvalidArguments {
                action: "mutate",
                reason: "an id has 1 to 128 bytes".to_owned(),
            });
        }
        match self.transactions.outcome(id).await {
            Ok(None) => {}
            Ok(Some(before)) => return before,
            Err(error) => return rejected(&error.into()),
        }
        match work.await {
            Ok(sequence) => Outcome::Applied { sequence },
            Err(refusal) => {
                tracing::info!(mutation = %id, action = %mutation.name, reason = %refusal, "refused");
                let outcome = rejected(&refusal);
                // A failing disk or database may work the next time; everything else stays refused.
                if !refusal.is_passing()
                    && let Err(error) = self.transactions.record_rejected(id, &outcome).await
                {
                    tracing::warn!(%error, "a refusal was not noted");
                }
                outcome
            }
        }
    }

    async fn dispatch(&self, mutation: &Mutation) -> Result<u64, Refusal> {
        let Mutation { id, name, args } = mutation;
        choose::check_action(self, name).await?;
        match name.as_str() {
            device::PAUSE => device::pause(self, id, arguments(device::PAUSE, args)?).await,
            device::REMOVE => device::remove(self, id, arguments(device::REMOVE, args)?).await,
            device::SELECT => device::select(self, id, arguments(device::SELECT, args)?).await,
            choose::SELECT => choose::select(self, id, arguments(choose::SELECT, args)?).await,
            copy::CALL_OFF => copy::call_off(self, id, arguments(copy::CALL_OFF, args)?).await,
            favorite::NAME => favorite::run(self, id, arguments(favorite::NAME, args)?).await,
            tag::CREATE => tag::create(self, id, arguments(tag::CREATE, args)?).await,
            tag::APPLY => tag::apply(self, id, arguments(tag::APPLY, args)?).await,
            tag::RENAME => tag::rename(self, id, arguments(tag::RENAME, args)?).await,
            tag::DELETE => tag::delete(self, id, arguments(tag::DELETE, args)?).await,
            tag::REMOVE => tag::remove(self, id, arguments(tag::REMOVE, args)?).await,
            album::CREATE => album::create(self, id, arguments(album::CREATE, args)?).await,
            album::RENAME => album::rename(self, id, arguments(album::RENAME, args)?).await,
            album::COVER => album::cover(self, id, arguments(album::COVER, args)?).await,
            album::DELETE => album::delete(self, id, arguments(album::DELETE, args)?).await,
            album::ADD => album::add(self, id, arguments(album::ADD, args)?).await,
            album::REMOVE => album::remove(self, id, arguments(album::REMOVE, args)?).await,
            content::TAG => content::tag(self, id, arguments(content::TAG, args)?).await,
            content::UNTAG => content::untag(self, id, arguments(content::UNTAG, args)?).await,
            content::RESOLVE => content::resolve(self, id, arguments(content::RESOLVE, args)?).await,
            _ => Err(Refusal::UnknownAction(name.chars().take(80).collect())),
        }
    }

    /// The entry with this id.
    pub(super) async fn file(&self, id: &str) -> Result<file::Model, Refusal> {
        let not_found = || Refusal::NotFound { what: "file", id: id.chars().take(80).collect() };
        let uuid = Uuid::parse_str(id).map_err(|_| not_found())?;
        file::Entity::find_by_id(uuid).one(&self.reader).await?.ok_or_else(not_found)
    }

    /// Writes what the mutation does; nothing, if things are already as it wants them.
    pub(super) async fn commit(&self, mutation: &str, writes: Vec<Write>) -> Result<u64, Refusal> {
        choose::check_writes(self, &writes).await?;
        Ok(self.transactions.commit(writes, Some(mutation)).await?)
    }
}

pub(super) fn arguments<T: DeserializeOwned>(action: &'static str, args: &RawValue) -> Result<T, Refusal> {
    serde_json::from_str(args.get())
        .map_err(|error| Refusal::InvalidArguments { action, reason: error.to_string() })
}

fn rejected(refusal: &Refusal) -> Outcome {
    Outcome::Rejected { kind: refusal.kind().to_owned(), message: refusal.to_string() }
}
