//! Actions on files, wherever those are: each is done by the device that has the file, and others ask it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DbErr, EntityTrait};
use tokio::sync::OnceCell;
use tokio::time::timeout;
use uuid::Uuid;

use super::refuse::Refusal;
use super::run::{Actions, Mutation, arguments};
use super::{copy, place, rename};
use crate::database::entity::{file, location};
use crate::files::{AskError, Elsewhere, Request, ask};
use crate::transaction::Outcome;

/// How long to wait until the rows are as the disk is. What is done is done either way.
const SETTLE: Duration = Duration::from_secs(5);

/// What there is to do, once it is known that it makes sense.
enum Job {
    Rename(rename::Args),
    Move(place::Move),
    Delete(place::Delete),
    Copy(copy::Args),
}

/// Whether an action is about a file that may be on another device.
pub(super) fn concerns(name: &str) -> bool {
    [rename::NAME, place::MOVE, place::DELETE, copy::NAME].contains(&name)
}

impl Actions {
    /// Does it here or has it done. While that takes its time, the same mutation waits for this one, and others do not.
    pub(super) async fn wherever(&self, mutation: &Mutation, asked_by: Option<Uuid>) -> Outcome {
        let cell: Arc<OnceCell<Outcome>> = {
            let mut in_flight = self.in_flight.lock().await;
            Arc::clone(in_flight.entry(mutation.id.clone()).or_default())
        };
        let outcome =
            cell.get_or_init(|| self.checked(mutation, self.by_owner(mutation, asked_by))).await.clone();
        self.in_flight.lock().await.remove(&mutation.id);
        outcome
    }

    async fn by_owner(&self, mutation: &Mutation, asked_by: Option<Uuid>) -> Result<u64, Refusal> {
        let (id, args) = (mutation.id.as_str(), &*mutation.args);
        let job = match mutation.name.as_str() {
            rename::NAME => Job::Rename(arguments(rename::NAME, args)?),
            place::MOVE => Job::Move(arguments(place::MOVE, args)?),
            place::DELETE => Job::Delete(arguments(place::DELETE, args)?),
            _ => Job::Copy(arguments(copy::NAME, args)?),
        };
        // A file is copied by the device that it goes to.
        let row = match &job {
            Job::Rename(rename::Args { id, .. })
            | Job::Move(place::Move { id, .. })
            | Job::Delete(place::Delete { id }) => self.file(id).await?,
            Job::Copy(copy::Args { folder_id, .. }) => self.folder(folder_id).await?,
        };
        if self.known.is_here(&row) {
            return match job {
                Job::Rename(args) if asked_by.is_none() => {
                    let _running = self.running.lock().await;
                    rename::run(self, id, args).await
                }
                Job::Rename(args) => place::rename(self, id, args).await,
                Job::Move(args) => place::into_folder(self, id, args).await,
                Job::Delete(args) => place::delete(self, id, args).await,
                Job::Copy(args) => copy::run(self, id, args).await,
            };
        }
        if asked_by.is_some() {
            // Nobody asks on behalf of somebody else.
            return Err(Refusal::OtherDevice(row.name));
        }
        let (owner, question) = self.ask_owner(mutation, &row).await?;
        if let Job::Copy(copy::Args { id, .. }) = &job {
            let job = Elsewhere::job_of(owner, question);
            self.copies.elsewhere.follow(job, owner, &self.file(id).await?.name, row.id);
        }
        self.until(|| async {
            let now = self.row(row.id).await?;
            Ok(match &job {
                Job::Rename(args) => now.is_none_or(|now| now.name == args.name),
                Job::Move(args) => {
                    now.is_none_or(|now| now.parent_id.is_some_and(|id| id.to_string() == args.folder_id))
                }
                Job::Delete(_) => now.is_none(),
                Job::Copy(_) => true,
            })
        })
        .await?;
        self.commit(id, Vec::new()).await
    }

    /// Asks the device that has the file. Returns which that is, and the id of the question.
    async fn ask_owner(&self, mutation: &Mutation, row: &file::Model) -> Result<(Uuid, Uuid), Refusal> {
        let location = location::Entity::find_by_id(row.location_id).one(&self.reader).await?;
        let owner = location.ok_or_else(|| Refusal::NotReachable(row.name.clone()))?.device_id;
        let invalid = |error: serde_json::Error| Refusal::Passed {
            kind: "invalid_arguments".to_owned(),
            message: error.to_string(),
        };
        let question = Uuid::new_v5(&self.devices.own(), mutation.id.as_bytes());
        let request = Request::Act {
            id: question,
            name: mutation.name.clone(),
            args: serde_json::from_str(mutation.args.get()).map_err(invalid)?,
        };
        let asked = ask(&self.copies.lines, owner, &request).await;
        asked.map(|()| (owner, question)).map_err(|error| passed(error, &row.name))
    }

    /// Waits until something holds of the rows, or a while: an answer that comes before its event makes clients show what was before.
    pub(super) async fn until<F: Future<Output = Result<bool, DbErr>>>(
        &self,
        holds: impl Fn() -> F,
    ) -> Result<(), Refusal> {
        let mut written = self.written.clone();
        let waiting = async {
            loop {
                written.mark_unchanged();
                if holds().await? || written.changed().await.is_err() {
                    return Ok::<(), DbErr>(());
                }
            }
        };
        match timeout(SETTLE, waiting).await {
            Ok(waited) => Ok(waited?),
            Err(_) => Ok(()),
        }
    }
}

/// Why another device did not do what it was asked to do with something of this name.
pub(super) fn passed(error: AskError, name: &str) -> Refusal {
    match error {
        AskError::NotReachable => Refusal::NotReachable(name.to_owned()),
        AskError::Silent(_) | AskError::Lost(_) => Refusal::NoAnswer(name.to_owned()),
        AskError::Refused { kind, message } => Refusal::Passed { kind, message },
        other => Refusal::Passed { kind: other.kind().to_owned(), message: other.to_string() },
    }
}
