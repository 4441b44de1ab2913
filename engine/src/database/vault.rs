//! Encryption of what the logs say, for databases that have a passphrase.
//!
//! A random key encrypts; the passphrase encrypts that key, so that another passphrase costs nothing. Which rows a change is about, and when it was
//! made, stays readable: that is what the database searches by. The tables with the rows themselves are as they are without.

mod key;
mod sealed;

use std::fmt;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, TransactionTrait,
};

use self::key::{Key, Wrapped};
use super::entity::{sync_change, sync_conflict, sync_log, sync_waiting};
use super::meta;
use crate::sync::SharedChange;

pub use key::Passphrase;

/// How many rows are encrypted at a time.
const BATCH: u64 = 1_000;

/// Encrypts what is written and decrypts what is read; or neither, where there is no passphrase.
#[derive(Default)]
pub(crate) struct Vault {
    key: Option<Key>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.key.is_some() { "Vault(closed to others)" } else { "Vault(open)" })
    }
}

/// Why what is encrypted cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum VaultError {
    #[error("it needs a passphrase")]
    Needed,
    #[error("the passphrase is wrong")]
    Wrong,
    #[error("the passphrase cannot be used: {0}")]
    Unusable(String),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Vault {
    /// Opens the vault of a database. The first passphrase that it is given makes one, and encrypts what is there; `new` takes the place of it.
    pub(crate) async fn open(
        db: &sea_orm::DatabaseConnection,
        passphrase: Option<&Passphrase>,
        new: Option<&Passphrase>,
    ) -> Result<Self, VaultError> {
        let wrapped = meta::vault(db).await?;
        let (key, is_first) = match (wrapped, passphrase) {
            (None, None) => match new {
                None => return Ok(Self::default()),
                Some(_) => (Key::random()?, true),
            },
            (None, Some(_)) => (Key::random()?, true),
            (Some(_), None) => return Err(VaultError::Needed),
            (Some(text), Some(passphrase)) => {
                (Wrapped::read(&text)?.unwrap(passphrase.clone()).await?, false)
            }
        };
        // What is overwritten is gone from the file, too.
        db.execute_unprepared("PRAGMA secure_delete = ON").await?;
        let vault = Self { key: Some(key) };
        if let (Some(key), Some(passphrase)) = (&vault.key, new.or(passphrase.filter(|_| is_first))) {
            let wrapped = key.wrap(passphrase.clone()).await?;
            let tx = db.begin().await?;
            if is_first {
                vault.encrypt_all(&tx).await?;
            }
            meta::set_vault(&tx, &wrapped.write()?).await?;
            tx.commit().await?;
            // The file still has what was in it, in pages that are free now, and so has the write-ahead log.
            db.execute_unprepared("VACUUM").await?;
            db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(vault)
    }

    /// One that no passphrase opens.
    #[cfg(test)]
    pub(crate) fn with_random_key() -> Self {
        Self { key: Some(Key::random().unwrap()) }
    }

    /// A change as it is kept.
    pub(crate) fn write_change(&self, change: &SharedChange) -> Result<String, DbErr> {
        let text = serde_json::to_string(change).map_err(json)?;
        self.close_change(&text)
    }

    /// A change as it was before it was kept.
    pub(crate) fn read_change(&self, text: &str) -> Result<SharedChange, DbErr> {
        let Some(key) = &self.key else { return serde_json::from_str(text).map_err(json) };
        let mut change: serde_json::Value = serde_json::from_str(text).map_err(json)?;
        if let Some(closed) = change["what"].as_str().filter(|what| sealed::is_sealed(what)) {
            let what = sealed::open(key, &identity(&change), closed)?;
            change["what"] = serde_json::from_str(&what).map_err(json)?;
        }
        serde_json::from_value(change).map_err(json)
    }

    /// Encrypts what a change says, if it says anything. Deletions are found by being that.
    fn close_change(&self, text: &str) -> Result<String, DbErr> {
        let Some(key) = &self.key else { return Ok(text.to_owned()) };
        let mut change: serde_json::Value = serde_json::from_str(text).map_err(json)?;
        if !change["what"].is_string() {
            change["what"] = sealed::close(key, &identity(&change), &change["what"].to_string())?.into();
        }
        Ok(change.to_string())
    }

    /// An event of the log, as it is kept.
    pub(crate) fn write_event(&self, sequence: i64, text: &str) -> Result<String, DbErr> {
        self.write(&format!("sync_log/{sequence}"), text)
    }

    /// An event of the log.
    pub(crate) fn read_event(&self, sequence: i64, text: String) -> Result<String, DbErr> {
        self.read(&format!("sync_log/{sequence}"), text)
    }

    /// A conflict as it is kept.
    pub(crate) fn write_conflict(&self, row: sync_conflict::Model) -> Result<sync_conflict::Model, DbErr> {
        let id = row.resource_id();
        let lost = self.write(&format!("lost/{id}"), &row.lost)?;
        let won = self.write(&format!("won/{id}"), &row.won)?;
        Ok(sync_conflict::Model { lost, won, ..row })
    }

    /// A conflict.
    pub(crate) fn read_conflict(&self, row: sync_conflict::Model) -> Result<sync_conflict::Model, DbErr> {
        let id = row.resource_id();
        let lost = self.read(&format!("lost/{id}"), row.lost)?;
        let won = self.read(&format!("won/{id}"), row.won)?;
        Ok(sync_conflict::Model { lost, won, ..row })
    }

    fn write(&self, place: &str, text: &str) -> Result<String, DbErr> {
        match &self.key {
            None => Ok(text.to_owned()),
            Some(key) => sealed::close(key, place, text),
        }
    }

    fn read(&self, place: &str, text: String) -> Result<String, DbErr> {
        match &self.key {
            None => Ok(text),
            Some(key) => sealed::open(key, place, &text),
        }
    }

    /// Encrypts what was written before there was a passphrase.
    async fn encrypt_all(&self, tx: &impl ConnectionTrait) -> Result<(), DbErr> {
        for row in sync_change::Entity::find().all(tx).await? {
            let change = self.close_change(&row.change)?;
            let row = sync_change::Model { change, ..row }.into_active_model().reset_all();
            sync_change::Entity::update(row).exec(tx).await?;
        }
        for row in sync_waiting::Entity::find().all(tx).await? {
            let change = self.close_change(&row.change)?;
            let row = sync_waiting::Model { change, ..row }.into_active_model().reset_all();
            sync_waiting::Entity::update(row).exec(tx).await?;
        }
        for row in sync_conflict::Entity::find().all(tx).await? {
            let row = self.write_conflict(row)?.into_active_model().reset_all();
            sync_conflict::Entity::update(row).exec(tx).await?;
        }
        let mut after = 0;
        loop {
            use sync_log::Column as C;
            let rows = sync_log::Entity::find().filter(C::Sequence.gt(after)).order_by_asc(C::Sequence);
            let rows = rows.limit(BATCH).all(tx).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.sequence;
            for row in rows {
                let event = self.write_event(row.sequence, &row.event)?;
                let row = sync_log::Model { event, ..row }.into_active_model().reset_all();
                sync_log::Entity::update(row).exec(tx).await?;
            }
        }
    }
}

/// Which change it is: what it says cannot be put in the place of what another says.
fn identity(change: &serde_json::Value) -> String {
    format!("change/{}/{}/{}", change["dot"], change["model"], change["id"])
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conflict(field: &str) -> sync_conflict::Model {
        sync_conflict::Model {
            model: "tag".to_owned(),
            record_id: "t1".to_owned(),
            field: field.to_owned(),
            lost_device: uuid::Uuid::nil(),
            lost_hlc: 7,
            lost: "\"one\"".to_owned(),
            won_device: uuid::Uuid::nil(),
            won_hlc: 8,
            won: "\"two\"".to_owned(),
        }
    }

    #[test]
    fn what_is_kept_cannot_be_put_in_another_place_or_read_with_another_key() {
        let vault = Vault::with_random_key();
        let kept = vault.write_conflict(conflict("name")).unwrap();
        assert!(!kept.lost.contains("one"), "{kept:?}");
        assert_ne!(kept.lost, vault.write_conflict(conflict("name")).unwrap().lost, "never the same twice");
        assert_eq!(vault.read_conflict(kept.clone()).unwrap(), conflict("name"));
        let swapped = sync_conflict::Model { lost: kept.won.clone(), won: kept.lost.clone(), ..kept.clone() };
        assert!(vault.read_conflict(swapped).is_err());
        assert!(
            vault.read_conflict(sync_conflict::Model { field: "color".to_owned(), ..kept.clone() }).is_err()
        );
        assert!(Vault::with_random_key().read_conflict(kept).is_err());
    }

    #[test]
    fn of_a_change_stays_readable_which_row_it_is_about_and_that_it_deletes() {
        let vault = Vault::with_random_key();
        let dot = r#"[1,"6f1c3f52-9d0e-4d2b-8f43-0c9c5f2b7a10"]"#;
        let put = format!(
            r#"{{"model":"tag","id":"t1","dot":{dot},"after":[],"base":null,"what":{{"put":{{"name":"Zebra"}}}}}}"#
        );
        let kept = vault.close_change(&put).unwrap();
        assert!(kept.contains(r#""id":"t1""#) && !kept.contains("Zebra"), "{kept}");
        let delete = put.replace(r#"{"put":{"name":"Zebra"}}"#, r#""delete""#);
        let kept: serde_json::Value = serde_json::from_str(&vault.close_change(&delete).unwrap()).unwrap();
        assert_eq!(kept["what"], "delete");
    }
}
