// The floor: plain JavaScript that somebody wrote by hand for just these workloads, and no features.
import { by } from "../model.mjs";
import { read } from "../events.mjs";

const byName = by("name");

function place(sorted, row) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byName(sorted[middle], row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const packages = [];
export const cannot = {};

export async function open() {
  const files = new Map();
  const tags = new Map();
  const views = new Map(); // from a value of the field that is grouped by, or from undefined for all files, to the sorted list and who shows it
  let grouped; // the field of the filters: folders or kinds
  const showingTag = new Map(); // from a tag to the files of mounted views that have it
  const withTags = (row) => ({ ...row, tags: row.tag_ids.map((id) => tags.get(id)) });

  function view(value) {
    let found = views.get(value);
    if (found === undefined) views.set(value, (found = { sorted: [], shown: new Set() }));
    return found;
  }
  const keysOf = (row) => (grouped === undefined ? [undefined] : [row[grouped], undefined]);
  const tell = (from, shown) => {
    for (const one of shown) if (from < one.limit) one.render();
  };
  // No file of these workloads changes its folder or its kind.
  function change(row) {
    const old = files.get(row.id);
    files.set(row.id, row);
    for (const key of keysOf(row)) {
      const found = views.get(key);
      if (found === undefined) continue;
      const { sorted, shown } = found;
      if (old !== undefined && old.name === row.name) {
        const at = place(sorted, old);
        sorted[at] = row;
        tell(at, shown);
      } else {
        let from = Infinity;
        if (old !== undefined) sorted.splice((from = place(sorted, old)), 1);
        const to = place(sorted, row);
        sorted.splice(to, 0, row);
        tell(Math.min(from, to), shown);
      }
    }
  }
  function drop(id) {
    const old = files.get(id);
    files.delete(id);
    for (const key of keysOf(old)) {
      const found = views.get(key);
      if (found === undefined) continue;
      const at = place(found.sorted, old);
      found.sorted.splice(at, 1);
      tell(at, found.shown);
    }
  }
  function group(field) {
    if (field === undefined) {
      if (!views.has(undefined)) view(undefined).sorted = [...files.values()].sort(byName);
    } else if (grouped === undefined) {
      grouped = field;
      for (const row of files.values()) view(row[field]).sorted.push(row);
      for (const { sorted } of views.values()) sorted.sort(byName);
    }
  }

  return {
    ingest(text) {
      const { type, rows } = read(text);
      const table = type === "file" ? files : tags;
      for (const row of rows) table.set(row.id, row);
    },
    apply(text) {
      const { type, rows, gone } = read(text);
      if (type === "tag") {
        tags.set(rows[0].id, rows[0]);
        for (const refresh of showingTag.get(rows[0].id) ?? []) refresh();
      } else if (gone !== undefined) drop(gone);
      else change(rows[0]);
    },
    /** One query and no index: a scan. */
    once({ where, limit }) {
      const found = [];
      for (const row of files.values()) if (row.parent_id === where.parent_id) found.push(row);
      return found.sort(byName).slice(0, limit);
    },
    mount({ where, limit = Infinity, include }, show) {
      const [field, value] = Object.entries(where ?? {})[0] ?? [];
      group(field);
      const { sorted, shown } = view(value);
      if (!include) {
        const one = { limit, render: () => show(limit < sorted.length ? sorted.slice(0, limit) : sorted.slice()) };
        shown.add(one);
        return one.render();
      }
      // The rows with their tags are kept; a changed tag makes those anew that have it.
      let list = sorted.slice(0, limit).map(withTags);
      list.forEach((row, at) => {
        for (const id of row.tag_ids) {
          if (!showingTag.has(id)) showingTag.set(id, []);
          showingTag.get(id).push(() => {
            list = list.slice();
            list[at] = withTags(list[at]);
            show(list);
          });
        }
      });
      show(list);
    },
    optimistic(id, fields) {
      const before = files.get(id);
      change({ ...before, ...fields });
      return () => change(before);
    },
    save: () => JSON.stringify([...files.values()]),
    restore(saved) {
      for (const row of JSON.parse(saved)) files.set(row.id, row);
    },
  };
}
