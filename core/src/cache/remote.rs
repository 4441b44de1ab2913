//! Remote queries: questions to the backend whose answers are kept as live lists.

use serde_json::value::RawValue;

use super::connection::Question;
use super::{Cache, QueryId};
use crate::error::{Error, ErrorInfo};
use crate::query::{QueryError, Template};
use crate::remote::{
    Asking, Entry, Failure, Invalidation, Mount, Notice, Policy, RemoteQuery, RemoteState, Response, path_in,
    retry_ms,
};
use crate::step::{Effect, Input, Step};
use crate::store::Address;
use crate::wire::raw;

/// Ids of questions of remote queries begin so; those of an app's own should not.
const QUESTION: &str = "remote/";

impl Cache {
    /// Mounts what JSON describes: a remote query if it has a `method`, and otherwise a query.
    ///
    /// # Errors
    /// Those of [`RemoteQuery::parse`] and [`Query::parse`](crate::query::Query::parse), and of mounting.
    pub fn mount_json(&mut self, json: &[u8], now_ms: u64) -> Step<QueryId> {
        match self.template.as_ref().and_then(|template| template.read(json)) {
            Some(query) => self.mount(&query),
            None => self.mount_parsed(json, now_ms),
        }
    }

    /// The first of its kind.
    #[inline(never)]
    fn mount_parsed(&mut self, json: &[u8], now_ms: u64) -> Step<QueryId> {
        match crate::remote::parse_either(json) {
            Ok(crate::remote::Asked::Remote(request)) => self.mount_remote(&request, now_ms),
            Ok(crate::remote::Asked::Here(query)) => {
                self.template = Template::of(json, &query).or(self.template.take());
                self.mount(&query)
            }
            Err(error) => self.finish(Err(Error::Query(error))),
        }
    }

    /// Shows what a method of the backend answers, and keeps it current: the entities in the backend's order, each of them live.
    ///
    /// Rows come in patches, as for [`Self::mount`]; how the result stands comes as [`Effect::Remote`]. Equal remote queries share
    /// a result. Ended by [`Self::unmount`]; the result is kept for the next time.
    ///
    /// ```
    /// # use larder::{Cache, Config, Effect, Registry, remote::RemoteQuery};
    /// # let mut cache = Cache::new(Registry::default(), Config::default());
    /// # let _ = cache.connect(0);
    /// # let _ = cache.connected(0);
    /// # let _ = cache.receive(r#"{"type":"welcome","data":{"protocol":1,"scope":"lib","epoch":"e","sequence":0}}"#, 0);
    /// let search = RemoteQuery::parse(r#"{"method": "files.search", "input": {"text": "a"}, "from": "file"}"#)?;
    /// let step = cache.mount_remote(&search, 0);
    /// assert!(step.effects.iter().any(|effect| matches!(effect, Effect::Send(frame) if frame.contains("files.search"))));
    /// let query = step.result?;
    /// let answer = r#"{"type":"result","data":{"id":"remote/1","data":{"data":[{"id":"2"},{"id":"1"}]}}}"#;
    /// let _ = cache.receive(answer, 20);
    /// assert_eq!(cache.rows(query).next().as_deref(), Some(br#"{"id":"2"}"#.as_slice()));
    /// # Ok::<(), larder::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`QueryError`] as for [`Self::mount`].
    pub fn mount_remote(&mut self, request: &RemoteQuery, now_ms: u64) -> Step<QueryId> {
        self.remote.now_ms = now_ms;
        let result = self.show_remote(request);
        self.finish(result.map_err(Error::Query))
    }

    /// A place for a result, with nothing in it.
    pub(super) fn add_result(&mut self, request: &RemoteQuery) -> Result<u32, QueryError> {
        let from = request.query.resource_type();
        let table = self
            .store
            .table_or_insert(from, self.config.limits.max_unknown_types)
            .map_err(|_| QueryError::UnknownType { resource_type: from.to_owned() })?;
        // The key must not be that of a query over rows that are here.
        let key = ["remote\n", &request.key()].concat();
        let view = self.live.add_list(&mut self.store, table, &request.query, key);
        Ok(self.remote.add(Entry::new(request.clone(), table, view)))
    }

    fn show_remote(&mut self, request: &RemoteQuery) -> Result<QueryId, QueryError> {
        let index = match self.remote.find(request) {
            Some(index) => index,
            None => self.add_result(request)?,
        };
        let view = self.remote.get(index).map_or(u32::MAX, |entry| entry.view);
        let mounted = self.live.mount_list(&mut self.store, view, &request.query);
        let query = mounted.inspect_err(|_| self.drop_if_unused(index))?;
        self.live.want_list(&self.store, view);
        self.remote.bind(query, index);
        self.remote.used(index);
        let now_ms = self.remote.now_ms;
        let policy = request.policy;
        let mut asks = false;
        if let Some(entry) = self.remote.change(index) {
            if request.ttl_ms.is_some() {
                entry.request.ttl_ms = request.ttl_ms;
            }
            let is_first = entry.mounts.is_empty();
            entry.mounts.push(Mount { query, policy, told: None });
            asks = match policy {
                Policy::CacheOnly => false,
                Policy::CacheFirst => !entry.has_result || entry.is_stale(now_ms),
                Policy::StaleWhileRevalidate => true,
                Policy::NetworkOnly => {
                    if is_first {
                        entry.has_result = false;
                        self.live.relist(&self.store, view, None);
                    }
                    true
                }
            };
        }
        if asks {
            self.ask(index);
        }
        Ok(QueryId::from(query))
    }

    /// Asks the backend anew for what a remote query shows, all pages of it.
    ///
    /// # Errors
    /// [`Error::NotMounted`].
    pub fn refetch(&mut self, query: QueryId, now_ms: u64) -> Step<()> {
        self.remote.now_ms = now_ms;
        let found = self.remote.of_query(query.as_u32());
        if let Some(index) = found {
            self.ask(index);
        }
        self.finish(found.map(|_| ()).ok_or(Error::NotMounted { id: query.as_u32() }))
    }

    /// Asks the backend for what comes after the pages that a remote query shows; they are shown behind those. Nothing happens
    /// if there is no more, or a question is under way.
    ///
    /// # Errors
    /// [`Error::NotMounted`].
    pub fn fetch_next_page(&mut self, query: QueryId, now_ms: u64) -> Step<()> {
        self.remote.now_ms = now_ms;
        let found = self.remote.of_query(query.as_u32());
        if let Some(index) = found {
            self.ask_next_page(index);
        }
        self.finish(found.map(|_| ()).ok_or(Error::NotMounted { id: query.as_u32() }))
    }

    /// Results that this concerns are stale: those that are shown are asked for again, the others when they are wanted.
    pub fn invalidate(&mut self, what: &Invalidation, now_ms: u64) -> Step<()> {
        self.remote.now_ms = now_ms;
        self.invalidate_results(|live, entry| entry.is_meant_by(what, &|id| live.lists(entry.view, id)));
        self.finish(Ok(()))
    }

    pub(super) fn invalidate_results(
        &mut self,
        mut is_meant: impl FnMut(&crate::live::Live, &Entry) -> bool,
    ) {
        let live = &self.live;
        let meant =
            self.remote.which(|entry| (entry.has_result || entry.asking.is_some()) && is_meant(live, entry));
        for index in meant {
            let Some(entry) = self.remote.change(index) else { continue };
            entry.is_invalid = true;
            if let Some(asking) = &mut entry.asking {
                asking.is_outdated = true;
            } else if entry.is_kept_fresh() {
                self.ask(index);
            }
        }
    }

    /// A remote query is shown no longer, if the query is one.
    pub(super) fn leave_remote(&mut self, query: u32) {
        let Some(index) = self.remote.unbind(query) else { return };
        if let Some(entry) = self.remote.change(index) {
            entry.mounts.retain(|mount| mount.query != query);
        }
        self.remote.used(index);
        self.drop_if_unused(index);
        while let Some(index) = self.remote.superfluous() {
            self.drop_result(index);
        }
    }

    fn drop_if_unused(&mut self, index: u32) {
        let is_unused = |entry: &Entry| {
            entry.mounts.is_empty() && (!entry.is_cacheable || !entry.has_result && entry.asking.is_none())
        };
        if self.remote.get(index).is_some_and(is_unused) {
            self.drop_result(index);
        }
    }

    pub(super) fn drop_result(&mut self, index: u32) {
        if let Some(entry) = self.remote.remove(index) {
            self.live.drop_list(&self.store, entry.view);
            self.unstore_result(&entry);
        }
    }

    /// Asks for a result anew, all of its pages. A question that is under way is enough.
    fn ask(&mut self, index: u32) {
        let Some(entry) = self.remote.change(index) else { return };
        entry.retry_at_ms = None;
        if entry.asking.is_some() {
            return;
        }
        let asking = Asking {
            question: 0,
            page: 0,
            pages: entry.pages.max(1),
            cursor: None,
            gathered: Vec::new(),
            watch: None,
            mark: self.live.list_mark(entry.view),
            is_outdated: false,
        };
        self.send_question(index, asking);
    }

    fn ask_next_page(&mut self, index: u32) {
        let Some(entry) = self.remote.change(index) else { return };
        if entry.asking.is_some() || entry.next.is_none() {
            return;
        }
        let (mut gathered, answered) = self.live.listed_ids(entry.view);
        gathered.truncate(answered);
        let asking = Asking {
            question: 0,
            page: entry.pages,
            pages: entry.pages + 1,
            cursor: entry.next.clone(),
            gathered,
            watch: entry.watch.clone(),
            mark: 0,
            is_outdated: false,
        };
        self.send_question(index, asking);
    }

    /// Sends a question, unless the same is under way for another result.
    fn send_question(&mut self, index: u32, mut asking: Asking) {
        let Some(request) = self.remote.get(index).map(|entry| entry.request.clone()) else { return };
        let same = self.remote.entries.iter().flatten().find_map(|other| {
            let open = other.asking.as_ref()?;
            let is_same = (&other.request.method, &other.request.input) == (&request.method, &request.input);
            (is_same && open.cursor == asking.cursor && !open.is_outdated).then_some(open.question)
        });
        asking.question = same.unwrap_or_else(|| {
            self.remote.questions += 1;
            self.remote.questions
        });
        if same.is_none() {
            let input = with_cursor(&request.input, asking.cursor.as_deref());
            let id = [QUESTION, &asking.question.to_string()].concat();
            self.questions.ask(Question::new(id, request.method, raw(&input)));
        }
        if let Some(entry) = self.remote.change(index) {
            entry.asking = Some(asking);
        }
        self.send_if_open();
    }

    /// An answer, or a failure, came to a question; `false` if it was none of a remote query.
    pub(super) fn answered(&mut self, id: &str, answer: Result<&str, Failure>, now_ms: u64) -> bool {
        let Some(question) = id.strip_prefix(QUESTION).and_then(|number| number.parse::<u64>().ok()) else {
            return false;
        };
        self.remote.now_ms = now_ms;
        let waiting = |entry: &Entry| entry.asking.as_ref().is_some_and(|asking| asking.question == question);
        for index in self.remote.which(waiting) {
            let outcome = match &answer {
                Ok(json) => self.take_answer(index, json),
                Err(failure) => Err(failure.clone()),
            };
            if let Err(failure) = outcome {
                self.question_failed(index, failure);
            }
            self.drop_if_unused(index);
        }
        if !self.remote.is_asking() {
            self.remote.gone.clear();
        }
        true
    }

    fn take_answer(&mut self, index: u32, json: &str) -> Result<(), Failure> {
        let Some(entry) = self.remote.get(index) else { return Ok(()) };
        let (view, table) = (entry.view, entry.table);
        let question = entry.asking.as_ref().map_or(0, |asking| asking.question);
        let store = &self.store;
        let id_of = |name: &str| {
            let table = store.find_table(name).and_then(|table| store.table(table));
            table.map_or_else(|| "id".to_owned(), |table| table.resource.id.clone())
        };
        let is_gone = |name: &str, id: &str| {
            let Some(table) = store.find_table(name) else { return false };
            let last = self.remote.gone.get(&(table, id.to_owned()));
            last.is_some_and(|&last| last >= question)
                && store.table(table).and_then(|rows| rows.find(id.as_bytes())).is_none()
        };
        let from = entry.request.query.resource_type();
        let response = Response::read(json, from, &id_of, &is_gone)
            .map_err(|message| Failure { kind: "remote.malformed".to_owned(), message })?;
        self.remote.is_answering = true;
        let taken = response.events.iter().try_for_each(|event| {
            self.ingest(Input::Borrowed(event)).map(|_| ()).map_err(|error| ErrorInfo::from(&error))
        });
        self.remote.is_answering = false;
        taken?;
        self.take_page(index, view, table, response);
        Ok(())
    }

    /// The rows of an answer are here: its ids make the list, if no more pages are wanted.
    fn take_page(&mut self, index: u32, view: u32, table: u32, response: Response) {
        let now_ms = self.remote.now_ms;
        let rows = self.store.table(table);
        let known_as = |id: String| match rows.and_then(|rows| Some((rows, rows.find(id.as_bytes())?))) {
            Some((rows, slot)) => rows.ids.with_text(slot, |id| String::from_utf8_lossy(id).into_owned()),
            None => id,
        };
        let ids: Vec<String> = response.ids.into_iter().map(known_as).collect();
        let Some(entry) = self.remote.change(index) else { return };
        let Some(mut asking) = entry.asking.take() else { return };
        asking.gathered.extend(ids);
        if asking.page == 0 {
            asking.watch = response.watch;
        }
        asking.page += 1;
        if asking.page < asking.pages && response.next.is_some() && !asking.is_outdated {
            asking.cursor = response.next;
            return self.send_question(index, asking);
        }
        entry.pages = asking.page;
        entry.next = response.next;
        entry.total = response.total;
        entry.is_cacheable = response.is_cacheable;
        entry.rules = response.rules;
        entry.watch = asking.watch;
        entry.types = response.types;
        let ttl_ms = entry
            .request
            .ttl_ms
            .or(response.ttl_ms)
            .or_else(|| self.config.remote_ttl_ms(&entry.request.method));
        entry.expires_at_ms = if response.is_cacheable {
            ttl_ms.map(|ttl_ms| now_ms.saturating_add(ttl_ms))
        } else {
            Some(now_ms)
        };
        entry.has_result = true;
        entry.is_invalid = asking.is_outdated;
        entry.failures = 0;
        entry.error = None;
        let is_wanted_anew = asking.is_outdated && entry.is_kept_fresh();
        let mut ids = asking.gathered;
        let answered = ids.len();
        let (store, outbox) = (&self.store, &self.outbox);
        // What the backend cannot know of yet stays.
        ids.extend(self.live.came_since(view, asking.mark, |id| {
            let slot = store.table(table).and_then(|rows| rows.ids.find(id.as_bytes()));
            slot.is_some_and(|slot| outbox.covers(Address { table, slot }))
        }));
        self.relist(index, ids, answered);
        self.live.want_list(&self.store, view);
        self.store_result(index);
        if is_wanted_anew {
            self.ask(index);
        }
    }

    /// These are the entities of a result, so many of which were answered.
    pub(super) fn relist(&mut self, index: u32, ids: Vec<String>, answered: usize) {
        let Some(entry) = self.remote.change(index) else { return };
        let ids_bytes: usize = ids.iter().map(String::len).sum();
        entry.bytes = entry.request.method.len() + entry.request.input.len() + ids_bytes;
        self.live.relist(&self.store, entry.view, Some((ids, answered)));
    }

    fn question_failed(&mut self, index: u32, failure: Failure) {
        let now_ms = self.remote.now_ms;
        let Some(entry) = self.remote.change(index) else { return };
        entry.asking = None;
        entry.failures += 1;
        match retry_ms(entry.failures, &failure.kind).filter(|_| !entry.mounts.is_empty()) {
            Some(wait_ms) => entry.retry_at_ms = Some(now_ms + wait_ms),
            None => {
                entry.failures = 0;
                entry.error = Some(failure);
            }
        }
    }

    /// Time has passed: questions that failed are asked again, results expire.
    pub(super) fn tick_remote(&mut self, now_ms: u64) {
        self.remote.now_ms = now_ms;
        if self.remote.wake_at_ms.is_none_or(|at_ms| at_ms > now_ms) {
            return;
        }
        for index in self.remote.which(|entry| entry.retry_at_ms.is_some_and(|at_ms| at_ms <= now_ms)) {
            self.ask(index);
        }
        let has_expired = |entry: &Entry| {
            !entry.mounts.is_empty() && entry.expires_at_ms.is_some_and(|at_ms| at_ms <= now_ms)
        };
        for index in self.remote.which(has_expired) {
            let Some(entry) = self.remote.change(index) else { continue };
            // It is said once that it has expired.
            entry.is_invalid = true;
            entry.expires_at_ms = None;
            if entry.mounts.iter().any(|mount| mount.policy == Policy::StaleWhileRevalidate) {
                self.ask(index);
            }
        }
        self.remote.set_alarm();
    }

    /// Everything that was answered before now may be out of date.
    pub(super) fn results_are_stale(&mut self) {
        self.invalidate_results(|_, entry| entry.has_result);
    }

    /// An event that carries no rows may be about results.
    pub(super) fn notice(&mut self, event: &[u8]) {
        if self.remote.is_empty() {
            return;
        }
        match Notice::read(event) {
            Some(Notice::Refresh) => self.results_are_stale(),
            Some(Notice::Bulk { resource_type, hints }) => self.invalidate_results(|live, entry| {
                entry.is_meant_by_bulk(&resource_type, &hints, &|id| live.lists(entry.view, id))
            }),
            None => {}
        }
    }

    /// Rows of a type changed, or one was deleted: results whose answers said that they depend on it are stale.
    pub(super) fn rows_changed(&mut self, table: u32, paths: &[Box<RawValue>]) {
        if !self.remote.is_empty() && !self.remote.is_answering && !self.stream.is_copying() {
            self.invalidate_by(table, paths);
        }
    }

    #[inline(never)]
    fn invalidate_by(&mut self, table: u32, paths: &[Box<RawValue>]) {
        let Some(name) = self.store.table(table).map(|table| table.resource.name.clone()) else { return };
        let paths: Vec<String> = paths.iter().filter_map(|path| path_in(path.get())).collect();
        self.invalidate_results(|_, entry| {
            let rules = &entry.rules;
            rules.types.contains(&name)
                || rules.scopes.iter().any(|scope| paths.iter().any(|path| scope.is_touched_by(path)))
        });
    }

    /// An entity was deleted.
    pub(super) fn row_deleted(&mut self, table: u32, id: &str) {
        self.live.take_off_lists(&self.store, table, id);
        if !self.remote.is_empty() && self.remote.is_asking() {
            self.remote.gone.insert((table, id.to_owned()), self.remote.questions);
        }
        self.rows_changed(table, &[]);
    }

    /// Tells hosts how their remote queries stand, where that changed.
    #[inline(never)]
    pub(super) fn tell_remote(&mut self) {
        let now_ms = self.remote.now_ms;
        for index in std::mem::take(&mut self.remote.changed) {
            let Some(entry) = self.remote.entries.get_mut(index as usize).and_then(Option::as_mut) else {
                continue;
            };
            let states: Vec<RemoteState> =
                entry.mounts.iter().map(|mount| entry.state(mount.query, now_ms)).collect();
            for (mount, state) in entry.mounts.iter_mut().zip(states) {
                if mount.told.as_ref() != Some(&state) {
                    mount.told = Some(state.clone());
                    self.effects.push(Effect::Remote(state));
                }
            }
        }
        self.remote.set_alarm();
        self.follow_watches();
    }
}

/// The input of the first page, with what the next is asked with.
fn with_cursor(input: &str, cursor: Option<&str>) -> String {
    let Some(cursor) = cursor else { return input.to_owned() };
    let rest = input.strip_prefix('{').unwrap_or("}");
    let comma = if rest == "}" { "" } else { "," };
    ["{\"cursor\":", cursor, comma, rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_joins_the_input() {
        assert_eq!(with_cursor(r#"{"a":1}"#, None), r#"{"a":1}"#);
        assert_eq!(with_cursor(r#"{"a":1}"#, Some("\"x\"")), r#"{"cursor":"x","a":1}"#);
        assert_eq!(with_cursor("{}", Some("7")), r#"{"cursor":7}"#);
        assert_eq!(with_cursor("null", Some("7")), r#"{"cursor":7}"#);
    }
}
