// Redux Toolkit: an entity adapter that sorts, and memoized selectors. Its checks for development are off, as in production.
import { configureStore, createEntityAdapter, createSelector, createSlice, lruMemoize } from "@reduxjs/toolkit";
import { read } from "../events.mjs";
import { by } from "../model.mjs";

export const packages = ["@reduxjs/toolkit"];
export const cannot = {};

const files = createEntityAdapter({ sortComparer: by("name") });
const tags = createEntityAdapter();
const slice = (name, adapter) =>
  createSlice({
    name,
    initialState: adapter.getInitialState(),
    reducers: { all: adapter.setAll, put: adapter.setOne, edit: adapter.updateOne, gone: adapter.removeOne },
  });
const slices = { file: slice("file", files), tag: slice("tag", tags) };

export async function open() {
  let store;
  const make = (preloadedState) =>
    (store = configureStore({
      reducer: { file: slices.file.reducer, tag: slices.tag.reducer },
      middleware: (defaults) => defaults({ immutableCheck: false, serializableCheck: false, actionCreatorCheck: false }),
      devTools: false,
      preloadedState,
    }));
  make();
  const all = files.getSelectors((state) => state.file).selectAll;
  const tagsById = (state) => state.tag.entities;

  /** The memoized selector of one query; rows with their tags in them are kept as long as both are the same. */
  function selector({ where, limit, include }) {
    const [field, value] = Object.entries(where ?? {})[0] ?? [];
    const filtered = field === undefined ? all : createSelector([all], (rows) => rows.filter((row) => row[field] === value));
    const list = limit === undefined ? filtered : createSelector([filtered], (rows) => rows.slice(0, limit));
    // A list with the same rows is the same list.
    const stable = createSelector([list], (rows) => rows, {
      memoizeOptions: { resultEqualityCheck: (a, b) => a.length === b.length && a.every((row, i) => row === b[i]) },
      memoize: lruMemoize,
    });
    if (!include) return stable;
    const withTags = new WeakMap();
    return createSelector([stable, tagsById], (rows, byId) =>
      rows.map((row) => {
        const kept = withTags.get(row);
        if (kept !== undefined && row.tag_ids.every((id, i) => kept.tags[i] === byId[id])) return kept;
        const made = { ...row, tags: row.tag_ids.map((id) => byId[id]) };
        withTags.set(row, made);
        return made;
      }),
    );
  }

  return {
    ingest(text) {
      const { type, rows } = read(text);
      store.dispatch(slices[type].actions.all(rows));
    },
    apply(text) {
      const { type, rows, gone } = read(text);
      const { put, gone: remove } = slices[type].actions;
      store.dispatch(gone !== undefined ? remove(gone) : put(rows[0]));
    },
    mount(query, show) {
      const select = selector(query);
      let last = select(store.getState());
      show(last);
      store.subscribe(() => {
        const now = select(store.getState());
        if (now === last) return;
        show((last = now));
      });
    },
    /** Redux has no layers: the app keeps the old fields and writes them back. */
    optimistic(id, changes) {
      const { edit } = slices.file.actions;
      const old = store.getState().file.entities[id];
      store.dispatch(edit({ id, changes }));
      return () => store.dispatch(edit({ id, changes: Object.fromEntries(Object.keys(changes).map((name) => [name, old[name]])) }));
    },
    save: () => JSON.stringify(store.getState()),
    restore: (saved) => make(JSON.parse(saved)),
  };
}
