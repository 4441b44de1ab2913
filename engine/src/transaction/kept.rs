//! Asking for what is kept in memory of small tables.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement, TransactionTrait};

use super::TransactionManager;
use crate::sync::Kept;

impl TransactionManager {
    /// Small tables as they are now, without reading them. Not to be called by who has the connection that writes.
    pub(crate) async fn kept(&self) -> Result<Kept, DbErr> {
        match self.keeper.get() {
            Some(kept) => Ok(kept),
            None => {
                let _writing = self.retained.lock().await;
                self.kept_here().await
            }
        }
    }

    /// The same, for who alone can write now.
    pub(super) async fn kept_here(&self) -> Result<Kept, DbErr> {
        if let Some(kept) = self.keeper.get() {
            return Ok(kept);
        }
        let kept = Kept::load(&self.db.writer, &self.replica.registry).await?;
        self.keeper.set(Some(kept.clone()));
        Ok(kept)
    }

    /// Begins to read one state of the database, with what is kept of just that.
    pub(crate) async fn reading(&self) -> Result<(DatabaseTransaction, Kept), DbErr> {
        let (turn, kept) = (self.keeper.turn(), self.keeper.get());
        let tx = self.db.reader.begin().await?;
        // The first statement settles which state it is.
        let first = Statement::from_string(tx.get_database_backend(), "SELECT 1 FROM meta LIMIT 1");
        tx.query_one_raw(first).await?;
        let kept = match kept.filter(|_| turn.is_some() && turn == self.keeper.turn()) {
            Some(kept) => kept,
            None => Kept::load(&tx, &self.replica.registry).await?,
        };
        Ok((tx, kept))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sea_orm::{EntityTrait, IntoActiveModel};
    use uuid::Uuid;

    use super::*;
    use crate::config::LogLimits;
    use crate::database::entity::{sync_ack, tag};
    use crate::database::{Database, meta};
    use crate::log::Feed;
    use crate::sync::Replica;
    use crate::transaction::Write;

    async fn database() -> (Database, TransactionManager) {
        let db = Database::in_memory().await.unwrap();
        let device = Uuid::from_u128(1);
        meta::identity(&db.writer, device).await.unwrap();
        let limits = LogLimits::default();
        let feed = Arc::new(Feed::new(0, &limits));
        let replica = Replica::new(device).unwrap();
        (db.clone(), TransactionManager::new(db, "library".to_owned(), limits, feed, replica))
    }

    fn some_tag(id: &str) -> Write {
        let (id, name, color) = (id.to_owned(), "Tag".to_owned(), "#ffffff".to_owned());
        Write::Tag(tag::Model { id, name, color, version: 1 })
    }

    async fn somebody_says_what_it_has(db: &impl ConnectionTrait) {
        let (peer, device) = (Uuid::from_u128(2), Uuid::from_u128(1));
        let ack = sync_ack::Model { peer, stream: "shared:tag".to_owned(), device, position: 0 };
        sync_ack::Entity::insert(ack.into_active_model()).exec_without_returning(db).await.unwrap();
    }

    #[tokio::test]
    async fn a_transaction_that_fails_leaves_no_trace_in_what_is_kept() {
        let (db, transactions) = database().await;
        transactions.commit(vec![some_tag("a")], None).await.unwrap();
        let failed = transactions.with_tx(|recorder| {
            Box::pin(async move {
                recorder.write(some_tag("b")).await?;
                Err::<(), _>(DbErr::Custom("no".to_owned()))
            })
        });
        failed.await.unwrap_err();
        let kept = transactions.keeper.get().unwrap();
        assert_eq!(kept.differs(&db.reader, &transactions.replica.registry).await.unwrap(), None);
        assert_eq!(transactions.commit(vec![some_tag("b")], None).await.unwrap(), 2);
        let kept = transactions.keeper.get().unwrap();
        assert_eq!(kept.differs(&db.reader, &transactions.replica.registry).await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_written_beside_it_is_read_again() {
        let (db, transactions) = database().await;
        let before = transactions.kept().await.unwrap();
        let private = transactions.privately().await;
        somebody_says_what_it_has(private.db).await;
        drop(private);
        assert!(before.differs(&db.reader, &transactions.replica.registry).await.unwrap().is_some());
        let after = transactions.kept().await.unwrap();
        assert_eq!(after.differs(&db.reader, &transactions.replica.registry).await.unwrap(), None);
        let mut private = transactions.privately().await;
        private.only(|_| ());
        drop(private);
        assert!(transactions.keeper.get().is_some(), "it was said that nothing is different");
    }

    #[tokio::test]
    async fn who_reads_one_state_gets_what_is_kept_of_that_one() {
        let (_, transactions) = database().await;
        transactions.kept().await.unwrap();
        let (tx, kept) = transactions.reading().await.unwrap();
        assert_eq!(kept.differs(&tx, &transactions.replica.registry).await.unwrap(), None);
        tx.commit().await.unwrap();
        // Somebody may have written before the first statement: then nothing is taken for granted.
        let unsure = transactions.keeper.unsure();
        let (tx, kept) = transactions.reading().await.unwrap();
        assert_eq!(kept.differs(&tx, &transactions.replica.registry).await.unwrap(), None);
        drop(unsure);
    }
}
