//! This engine among the devices of its library: its key, the channels to the others, pairing, and how it stands with each.

mod adopt;
mod announce;
mod filling;
mod follow;
mod state;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{DbErr, EntityTrait};
use tokio::sync::{Mutex, OnceCell, mpsc, watch};
use uuid::Uuid;

use crate::database::entity::device_status;
use crate::database::{Database, meta};
use crate::jobs::Jobs;
use crate::net::{DeviceKey, Lines, Net, NetError, Peers, Quic, Transport};
use crate::pair::{Code, Desk, Host, Invitation, Joined, PairError, Stage, join};
use crate::services::Services;
use crate::sync::{Link, Session};
use crate::transaction::TransactionManager;

/// What the devices of an engine are made from.
pub(crate) struct Parts {
    pub(crate) device: Uuid,
    pub(crate) name: String,
    pub(crate) library: Uuid,
    pub(crate) library_name: String,
    /// Where to listen; if nothing is said, only when there is another device, and then for all who can reach this one.
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) max_devices: usize,
    pub(crate) db: Database,
    pub(crate) transactions: Arc<TransactionManager>,
    pub(crate) session: Arc<Session>,
    pub(crate) links: mpsc::Sender<Link>,
    pub(crate) lines: Arc<Lines>,
    pub(crate) jobs: Jobs,
    pub(crate) services: Arc<Services>,
    /// Moves when something was written.
    pub(crate) written: watch::Receiver<u64>,
}

/// The other devices, as seen from this one.
#[derive(Debug)]
pub(crate) struct Devices {
    host: Host,
    key: Arc<DeviceKey>,
    listen: Option<SocketAddr>,
    db: Database,
    transactions: Arc<TransactionManager>,
    session: Arc<Session>,
    peers: Arc<Peers>,
    desk: Arc<Desk>,
    inviting: Arc<AtomicBool>,
    links: mpsc::Sender<Link>,
    lines: Arc<Lines>,
    paused: watch::Sender<bool>,
    /// The library is another one from the next start on.
    moved: watch::Sender<bool>,
    /// Bound when it is first needed: an engine that is alone listens to nobody.
    net: OnceCell<Arc<Net<Quic>>>,
    services: Arc<Services>,
}

impl Devices {
    /// Reads who is known, and begins to call them.
    pub(crate) async fn start(parts: Parts) -> Result<Arc<Self>, NetError> {
        let Parts { device, name, library, library_name, listen, max_devices, .. } = parts;
        let Parts { db, transactions, session, links, lines, jobs, services, written, .. } = parts;
        // There is always one, whether or not it is used.
        let fresh = DeviceKey::generate()?;
        let key = Arc::new(DeviceKey::read(&meta::device_key(&db.writer, || fresh).await?)?);
        let peers = Arc::new(Peers::load(device, db.reader.clone(), Arc::clone(&transactions)).await?);
        let inviting = Arc::new(AtomicBool::new(false));
        let host = Host { device, key: key.public(), name, library, library_name, max_devices };
        let desk = Arc::new(Desk::new(host.clone(), Arc::clone(&peers), Arc::clone(&inviting)));
        let paused = watch::Sender::new(meta::is_paused(&db.reader).await?);
        let (moved, net) = (watch::Sender::new(false), OnceCell::new());
        let this = Arc::new(Self {
            host,
            key,
            listen,
            db,
            transactions,
            session: Arc::clone(&session),
            peers,
            desk,
            inviting,
            links,
            lines,
            paused,
            moved,
            net,
            services,
        });
        if this.listen.is_some() || !this.peers.all().is_empty() {
            this.net().await?;
        }
        this.services.start("states of devices", {
            let devices = Arc::downgrade(&this);
            move || follow::follow(devices.clone(), Arc::clone(&session), jobs.clone(), written.clone())
        });
        Ok(this)
    }

    /// Shows a code for another device.
    pub(crate) async fn invite(&self) -> Result<Invitation, PairError> {
        let net = self.net().await?;
        self.desk.invite(net.transport.addresses())
    }

    /// How far the invitation is.
    pub(crate) fn stage(&self) -> watch::Receiver<Stage> {
        self.desk.stage()
    }

    /// Says whether the device that knows the code may come in.
    pub(crate) fn decide(&self, agree: bool) {
        self.desk.decide(agree);
    }

    /// Shows no code any more.
    pub(crate) fn cancel(&self) {
        self.desk.cancel();
    }

    /// Joins the library of the device at the address. With `merge`, also when this device has made tags and favorites, if both
    /// libraries have the same name. The library is the other one when the engine is opened next.
    pub(crate) async fn join(&self, address: &str, code: &str, merge: bool) -> Result<Joined, PairError> {
        let place = address.trim();
        let place = place.parse().map_err(|_| PairError::InvalidAddress(place.chars().take(80).collect()))?;
        let code = Code::read(code).ok_or(PairError::InvalidCode)?;
        adopt::check_before(self).await?;
        let net = self.net().await?;
        let own = (self.host.device, self.host.key, self.host.name.clone());
        let (joined, peer) = join(&net.transport, own, place, &code).await?;
        adopt::adopt(self, &joined, &peer, merge).await?;
        self.peers.refresh().await?;
        self.moved.send_replace(joined.library != self.host.library);
        Ok(joined)
    }

    /// Moves to true when the engine is to be opened again, because its library is another one.
    pub(crate) fn moved(&self) -> watch::Receiver<bool> {
        self.moved.subscribe()
    }

    /// Takes this device offline, or back. Returns what there is to write about it.
    pub(crate) async fn pause(&self, paused: bool) -> Result<device_status::Model, DbErr> {
        let private = self.transactions.privately().await;
        meta::set_paused(private.db, paused).await?;
        drop(private);
        self.paused.send_replace(paused);
        let before = device_status::Entity::find_by_id(self.host.device).one(&self.db.reader).await?;
        Ok(follow::own(self, before.as_ref(), &self.peers.all(), &BTreeMap::new()))
    }

    /// The conversations with them.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// How many bytes were sent by the channels that are in use.
    pub(crate) fn sent(&self) -> u64 {
        self.net.get().map_or(0, |net| net.sent())
    }

    /// Which device this is.
    pub(crate) fn own(&self) -> Uuid {
        self.host.device
    }

    /// The key of another device, as hexadecimal digits.
    pub(crate) fn key_of(&self, device: Uuid) -> Option<String> {
        self.peers.get(device).map(|peer| peer.key.to_string())
    }

    /// The socket and those who are called.
    async fn net(&self) -> Result<&Arc<Net<Quic>>, NetError> {
        let open = async || {
            let admits = {
                let (peers, inviting) = (Arc::clone(&self.peers), Arc::clone(&self.inviting));
                Arc::new(move |key: &_| inviting.load(Ordering::SeqCst) || peers.by_key(key).is_some())
            };
            let quic = self.bind(admits).await?;
            let (pairing, guests) = mpsc::channel(1);
            let net = Arc::new(Net::new(
                self.host.key,
                self.host.device,
                self.host.library.to_string(),
                quic,
                Arc::clone(&self.peers),
                self.links.clone(),
                pairing,
                Arc::clone(&self.lines),
                self.paused.clone(),
            ));
            announce::announce(self, &net.transport.addresses()).await?;
            self.services.start("channels to devices", {
                let net = Arc::clone(&net);
                move || Arc::clone(&net).run()
            });
            self.services.start("pairing", {
                let (desk, guests) = (Arc::clone(&self.desk), Arc::new(Mutex::new(guests)));
                move || {
                    let (desk, guests) = (Arc::clone(&desk), Arc::clone(&guests));
                    async move { desk.run(&mut *guests.lock().await).await }
                }
            });
            Ok(net)
        };
        self.net.get_or_try_init(open).await
    }

    /// The port stays the same from run to run, so that others find this device again.
    async fn bind(
        &self,
        admits: Arc<dyn Fn(&crate::net::PublicKey) -> bool + Send + Sync>,
    ) -> Result<Quic, NetError> {
        let remembered = meta::device_port(&self.db.reader).await?.unwrap_or(0);
        let mut address = self.listen.unwrap_or((Ipv4Addr::UNSPECIFIED, 0).into());
        let is_free = address.port() == 0;
        if is_free {
            address.set_port(remembered);
        }
        let key = || Arc::clone(&self.key);
        match Quic::bind(address, key(), Arc::clone(&admits) as _) {
            Err(NetError::Bind { .. }) if is_free && remembered != 0 => {
                address.set_port(0);
                Quic::bind(address, key(), admits)
            }
            bound => bound,
        }
    }
}
