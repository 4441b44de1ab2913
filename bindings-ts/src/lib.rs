//! The core for JavaScript. It only converts; `@larder/client` is its one user and knows the agreements below.
//!
//! Text goes in through a [`Scratch`]: JavaScript writes UTF-8 there and then makes a call with the length. Each step
//! returns flags that tell what there is to read ([`Output`]): a patch, and JSON with effects, an error or a value.
//! No strings cross by wasm-bindgen's own glue, which copies them character by character.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod compare;
mod input;
mod output;
mod request;

use input::Scratch;
use larder::outbox::Request;
use larder::query::Query;
use larder::{Cache, Config, Effect, Error, QueryId, Registry};
use output::Output;
use request::{as_text, entity, read, read_invalidation, read_mutation, read_number, setup, storage_error};
use wasm_bindgen::prelude::wasm_bindgen;

/// One cache with its scratch and the outcome of its last step.
#[wasm_bindgen]
pub struct WasmCache {
    cache: Cache,
    scratch: Scratch,
    output: Output,
}

/// The text in the scratch is `length` bytes; times are milliseconds.
#[wasm_bindgen]
impl WasmCache {
    /// A cache that has to be set up with `open`.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let cache = Cache::new(Registry::default(), Config::default());
        Self { cache, scratch: Scratch::default(), output: Output::default() }
    }

    /// Sets the cache up: the text is the registry and, on the line after it, the configuration.
    pub fn open(&mut self, length: usize) -> u32 {
        let done = setup(&self.scratch.take(length))
            .map(|(registry, config)| self.cache = Cache::new(registry, config));
        self.output.done(done)
    }

    /// Applies one event.
    pub fn apply(&mut self, length: usize) -> u32 {
        let step = self.cache.apply(self.scratch.take(length));
        self.output.applied(step)
    }

    /// Mounts a query, or a remote query; its number is in `query` afterwards.
    pub fn mount(&mut self, length: usize, now_ms: f64) -> u32 {
        let step = self.cache.mount_json(self.scratch.take(length).as_bytes(), now_ms as u64);
        self.output.mounted(step)
    }

    /// Asks for what a remote query shows again; the text is its number.
    pub fn refetch(&mut self, length: usize, now_ms: f64) -> u32 {
        let query = read_number(&self.scratch.take(length));
        self.output.step(self.cache.refetch(query, now_ms as u64))
    }

    /// Asks for the next page of a remote query; the text is its number.
    pub fn next_page(&mut self, length: usize, now_ms: f64) -> u32 {
        let query = read_number(&self.scratch.take(length));
        self.output.step(self.cache.fetch_next_page(query, now_ms as u64))
    }

    /// Says which results of remote queries are stale.
    pub fn invalidate(&mut self, length: usize, now_ms: f64) -> u32 {
        match read_invalidation(&self.scratch.take(length)) {
            Ok(what) => self.output.step(self.cache.invalidate(&what, now_ms as u64)),
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Unmounts a query.
    pub fn unmount(&mut self, query: u32) -> u32 {
        self.output.step(self.cache.unmount(QueryId::from(query)))
    }

    /// Sends everything that the host holds once more.
    pub fn resend(&mut self) -> u32 {
        self.output.step(self.cache.resend())
    }

    /// Makes a mutation.
    pub fn mutate(&mut self, length: usize) -> u32 {
        match read_mutation(&self.scratch.take(length)) {
            Ok(mutation) => self.output.step(self.cache.mutate(mutation)),
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Confirms a mutation: `{"id", "sequence"?}`.
    pub fn ack(&mut self, length: usize) -> u32 {
        match read(&self.scratch.take(length)) {
            Ok(Request { id, sequence, .. }) => {
                let step = self.cache.ack(&id, sequence);
                self.output.settled(step, &Effect::Settled { id, rejection: None })
            }
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Takes a mutation back: `{"id", "reason"}`.
    pub fn reject(&mut self, length: usize) -> u32 {
        match read(&self.scratch.take(length)).and_then(|request| Ok(request.into_rejection()?)) {
            Ok((id, reason)) => {
                let step = self.cache.reject(&id, reason.clone());
                self.output.settled(step, &Effect::Settled { id, rejection: Some(reason) })
            }
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Sends a held mutation all the same; the text is its id.
    pub fn retry(&mut self, length: usize) -> u32 {
        match as_text(&self.scratch.take(length)) {
            Ok(id) => self.output.step(self.cache.retry(id)),
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Takes an unsent mutation back; the text is its id.
    pub fn discard(&mut self, length: usize) -> u32 {
        match as_text(&self.scratch.take(length)) {
            Ok(id) => self.output.step(self.cache.discard(id)),
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Keeps an entity in memory: the text is its type and, on the line after it, its id.
    pub fn pin(&mut self, length: usize) -> u32 {
        match entity(&self.scratch.take(length)) {
            Ok((resource_type, id)) => self.output.step(self.cache.pin(resource_type, id)),
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Keeps it in memory no longer.
    pub fn unpin(&mut self, length: usize) -> u32 {
        match entity(&self.scratch.take(length)) {
            Ok((resource_type, id)) => self.output.step(self.cache.unpin(resource_type, id)),
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Asks the backend something: `{"id", "method", "input"}`.
    pub fn ask(&mut self, length: usize) -> u32 {
        match read(&self.scratch.take(length)) {
            Ok(asked) => self.output.step(self.cache.query(asked.id, asked.method, asked.input)),
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// The app wants to be connected.
    pub fn connect(&mut self, now_ms: f64) -> u32 {
        self.output.step(self.cache.connect(now_ms as u64))
    }

    /// The app wants no connection any more.
    pub fn disconnect(&mut self) -> u32 {
        self.output.step(self.cache.disconnect())
    }

    /// The connection is open.
    pub fn connected(&mut self, now_ms: f64) -> u32 {
        self.output.step(self.cache.connected(now_ms as u64))
    }

    /// Takes one message of the connection.
    pub fn receive(&mut self, length: usize, now_ms: f64) -> u32 {
        let step = self.cache.receive(self.scratch.take(length), now_ms as u64);
        self.output.applied(step)
    }

    /// The connection is gone.
    pub fn disconnected(&mut self, now_ms: f64) -> u32 {
        self.output.step(self.cache.disconnected(now_ms as u64))
    }

    /// Time has passed.
    pub fn tick(&mut self, now_ms: f64) -> u32 {
        self.output.step(self.cache.tick(now_ms as u64))
    }

    /// Reads back what is stored: the text is the keys, one a line.
    pub fn restore(&mut self, length: usize, now_ms: f64) -> u32 {
        match as_text(&self.scratch.take(length)) {
            Ok(text) => {
                let keys: Vec<String> = text.lines().map(str::to_owned).collect();
                self.output.step(self.cache.restore(&keys, now_ms as u64))
            }
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Takes values that were asked for, in the form of a batch.
    pub fn loaded(&mut self, length: usize, now_ms: f64) -> u32 {
        let step = self.cache.loaded(self.scratch.take(length), now_ms as u64);
        self.output.step(step)
    }

    /// The storage could not be read: the text is the error's kind and, on the lines after it, its message.
    pub fn load_failed(&mut self, length: usize, now_ms: f64) -> u32 {
        match storage_error(&self.scratch.take(length)) {
            Ok(error) => self.output.step(self.cache.load_failed(&error, now_ms as u64)),
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// A batch was written, or was not: then there is a text as in `load_failed`.
    pub fn persisted(&mut self, batch: f64, length: usize, now_ms: f64) -> u32 {
        let result = match length {
            0 => Ok(Ok(())),
            _ => storage_error(&self.scratch.take(length)).map(Err),
        };
        match result {
            Ok(result) => self.output.step(self.cache.persisted(batch as u64, result, now_ms as u64)),
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Writes everything that is not written.
    pub fn flush(&mut self, now_ms: f64) -> u32 {
        self.output.step(self.cache.flush(now_ms as u64))
    }

    /// The mutations that are not settled, as the output's value.
    pub fn pending(&mut self) -> u32 {
        self.output.value(&self.cache.pending())
    }

    /// What a query costs, as the output's value.
    pub fn explain(&mut self, length: usize) -> u32 {
        let query = Query::parse(self.scratch.take(length).as_bytes());
        match query.map_err(Error::from).and_then(|query| self.cache.explain(&query)) {
            Ok(explanation) => self.output.value(&explanation),
            Err(error) => self.output.done(Err(error)),
        }
    }

    /// Counts, as the output's value.
    pub fn stats(&mut self) -> u32 {
        self.output.value(&self.cache.stats())
    }
}

/// Where to write and read.
#[wasm_bindgen]
impl WasmCache {
    /// The address of the scratch, which never moves.
    #[wasm_bindgen(getter)]
    pub fn scratch_at(&self) -> *const u8 {
        self.scratch.address()
    }

    /// The size of the scratch in bytes.
    #[wasm_bindgen(getter)]
    pub fn scratch_length(&self) -> usize {
        input::SCRATCH_BYTES
    }

    /// The address of a buffer for a text that does not fit into the scratch, of at least `length` bytes, with the
    /// first `used` of those written so far kept; null if there is no memory. The next call with a text takes it.
    pub fn reserve(&mut self, length: usize, used: usize) -> *const u8 {
        self.scratch.reserve(length, used)
    }

    /// The number of the query that the last `mount` made; none if it failed.
    #[wasm_bindgen(getter)]
    pub fn query(&self) -> Option<u32> {
        self.output.query
    }

    /// How many mutations are not settled, where the last step has that and the cursor only to tell of its status.
    #[wasm_bindgen(getter)]
    pub fn pending_count(&self) -> u32 {
        self.output.pending()
    }

    /// The cursor of that status; negative for none.
    #[wasm_bindgen(getter)]
    pub fn cursor(&self) -> f64 {
        self.output.cursor()
    }

    /// How many rows the last event changed.
    #[wasm_bindgen(getter)]
    pub fn changed(&self) -> u32 {
        self.output.applied.changed
    }

    /// How many resources of the last event were older than the cached ones.
    #[wasm_bindgen(getter)]
    pub fn stale(&self) -> u32 {
        self.output.applied.stale
    }

    /// The address of the last step's patch; it knows its length.
    #[wasm_bindgen(getter)]
    pub fn patch_at(&self) -> *const u8 {
        self.output.patch().as_ptr()
    }

    /// The address of the last step's batch.
    #[wasm_bindgen(getter)]
    pub fn batch_at(&self) -> *const u8 {
        self.output.batch().as_ptr()
    }

    /// The length of the last step's batch in bytes; its number is in it.
    #[wasm_bindgen(getter)]
    pub fn batch_length(&self) -> usize {
        self.output.batch().len()
    }

    /// The address of the last step's JSON.
    #[wasm_bindgen(getter)]
    pub fn output_at(&self) -> *const u8 {
        self.output.json().as_ptr()
    }

    /// The length of that JSON in bytes.
    #[wasm_bindgen(getter)]
    pub fn output_length(&self) -> usize {
        self.output.json().len()
    }
}
