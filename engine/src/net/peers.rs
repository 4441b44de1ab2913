//! The other devices of the library: who they are, by which keys, and where they were.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, RwLock};

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use tokio::sync::watch;
use uuid::Uuid;

use super::key::PublicKey;
use crate::database::entity::{device, removed_device, sync_ack, sync_peer};
use crate::transaction::TransactionManager;

/// The most places that are remembered of one device.
const MAX_ADDRESSES: usize = 8;

/// Another device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Peer {
    pub(crate) device: Uuid,
    pub(crate) key: PublicKey,
    pub(crate) name: String,
    /// The most likely place first.
    pub(crate) addresses: Vec<SocketAddr>,
}

/// Who may come in. What pairing told is here at once; what other devices tell comes with the rows that sync.
#[derive(Debug)]
pub(crate) struct Peers {
    own: Uuid,
    reader: DatabaseConnection,
    transactions: Arc<TransactionManager>,
    book: RwLock<Book>,
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Book {
    peers: BTreeMap<Uuid, Peer>,
    removed: BTreeSet<PublicKey>,
}

impl Peers {
    pub(crate) async fn load(
        own: Uuid,
        reader: DatabaseConnection,
        transactions: Arc<TransactionManager>,
    ) -> Result<Self, DbErr> {
        let peers =
            Self { own, reader, transactions, book: RwLock::default(), changed: watch::Sender::new(0) };
        peers.refresh().await?;
        Ok(peers)
    }

    /// Moves when the book changes.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// All of them, without those that were removed.
    pub(crate) fn all(&self) -> Vec<Peer> {
        self.read(|book| book.peers.values().cloned().collect())
    }

    pub(crate) fn get(&self, device: Uuid) -> Option<Peer> {
        self.read(|book| book.peers.get(&device).cloned())
    }

    pub(crate) fn by_key(&self, key: &PublicKey) -> Option<Peer> {
        self.read(|book| book.peers.values().find(|peer| peer.key == *key).cloned())
    }

    /// Whether somebody removed the device with this key.
    pub(crate) fn is_removed(&self, key: &PublicKey) -> bool {
        self.read(|book| book.removed.contains(key))
    }

    /// Remembers a device that this one was paired with, or where it is now.
    pub(crate) async fn learn(&self, peer: &Peer) -> Result<(), DbErr> {
        let private = self.transactions.privately().await;
        self.write(private.db, peer).await?;
        drop(private);
        self.refresh().await
    }

    /// Writes a device down; [`refresh`](Self::refresh) reads it.
    pub(crate) async fn write(&self, db: &impl ConnectionTrait, peer: &Peer) -> Result<(), DbErr> {
        use sync_peer::Column as C;
        let row = sync_peer::Model {
            device: peer.device,
            key: peer.key.to_string(),
            name: peer.name.clone(),
            addresses: write_addresses(&peer.addresses),
        };
        sync_peer::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::column(C::Device).update_columns([C::Key, C::Name, C::Addresses]).to_owned(),
            )
            .exec_without_returning(db)
            .await?;
        Ok(())
    }

    /// Puts the place where a device was met before all others.
    pub(crate) async fn met(&self, device: Uuid, address: SocketAddr) -> Result<(), DbErr> {
        let Some(mut peer) = self.get(device) else { return Ok(()) };
        if peer.addresses.first() == Some(&address) {
            return Ok(());
        }
        peer.addresses.retain(|known| *known != address);
        peer.addresses.insert(0, address);
        peer.addresses.truncate(MAX_ADDRESSES);
        self.learn(&peer).await
    }

    /// Keeps nothing for devices that were removed: not where they are, and no changes that they might come for.
    pub(crate) async fn forget_removed(&self) -> Result<(), DbErr> {
        let removed = removed_device::Entity::find().all(&self.reader).await?;
        let ids: Vec<Uuid> = removed.into_iter().map(|row| row.device_id).collect();
        let acks = || sync_ack::Column::Peer.is_in(ids.iter().copied());
        if ids.is_empty() || sync_ack::Entity::find().filter(acks()).count(&self.reader).await? == 0 {
            return Ok(());
        }
        let private = self.transactions.privately().await;
        sync_ack::Entity::delete_many().filter(acks()).exec(private.db).await?;
        let peers = sync_peer::Column::Device.is_in(ids.iter().copied());
        sync_peer::Entity::delete_many().filter(peers).exec(private.db).await?;
        Ok(())
    }

    /// Reads the tables again.
    pub(crate) async fn refresh(&self) -> Result<(), DbErr> {
        let mut book = Book::default();
        for row in removed_device::Entity::find().all(&self.reader).await? {
            book.removed.extend(PublicKey::from_hex(&row.key));
        }
        let paired = sync_peer::Entity::find().all(&self.reader).await?;
        let told = device::Entity::find().all(&self.reader).await?;
        let paired = paired.into_iter().map(|row| (row.device, row.name, Some(row.key), Some(row.addresses)));
        let told = told.into_iter().map(|row| (row.id, row.name, row.key, row.addresses));
        for (device, name, key, addresses) in paired.chain(told) {
            let Some(key) = key.as_deref().and_then(PublicKey::from_hex) else { continue };
            if device == self.own || book.removed.contains(&key) {
                continue;
            }
            let peer = book.peers.entry(device).or_insert_with(|| Peer {
                device,
                key,
                name: String::new(),
                addresses: Vec::new(),
            });
            peer.name = name;
            for address in read_addresses(addresses.as_deref().unwrap_or_default()) {
                if !peer.addresses.contains(&address) && peer.addresses.len() < MAX_ADDRESSES {
                    peer.addresses.push(address);
                }
            }
        }
        let mut current = self.book.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if *current != book {
            *current = book;
            drop(current);
            self.changed.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    fn read<T>(&self, look: impl FnOnce(&Book) -> T) -> T {
        look(&self.book.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// As the tables have them.
pub(crate) fn write_addresses(addresses: &[SocketAddr]) -> String {
    addresses.iter().map(SocketAddr::to_string).collect::<Vec<_>>().join(" ")
}

/// What is no address is left out.
pub(crate) fn read_addresses(text: &str) -> impl Iterator<Item = SocketAddr> {
    text.split(' ').filter_map(|address| address.parse().ok())
}
