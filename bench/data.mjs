// Seeded files of a library, about 550 bytes each as JSON: the same for every contender and every run.

/** A small generator with a fixed seed, so that runs can be compared. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const KINDS = ["image", "video", "audio", "document", "code", "archive", "text"];
const EXTENSIONS = ["jpg", "mp4", "flac", "pdf", "rs", "zip", "txt"];
const WORDS = ["summer", "report", "invoice", "draft", "final", "Über", "scan", "holiday", "notes", "backup", "mix", "naïve"];
const COLORS = ["#aa3939", "#2d882d", "#226666", "#aa6c39", "#7b9f35", "#4e2770"];

const hex = (next) => Math.floor(next() * 4294967296).toString(16).padStart(8, "0");

function uuid(next) {
  const [a, b, c, d] = [hex(next), hex(next), hex(next), hex(next)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** The ids of `count` folders. */
export function folders(count) {
  const next = random(1);
  return Array.from({ length: count }, () => uuid(next));
}

export function tags(count) {
  const next = random(2);
  const all = Array.from({ length: count }, (_, index) => ({
    id: uuid(next),
    name: `${WORDS[index % WORDS.length]} ${index}`,
    color: COLORS[Math.floor(next() * COLORS.length)],
    version: 1,
  }));
  return all.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * `count` files. `folderOf(index, next)` says in which folder each is, and `tagIds` what they may be tagged with: three
 * each, in the order of their ids.
 */
export function files(count, folderOf, folderIds, tagIds = []) {
  const next = random(42);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const devices = [uuid(next), uuid(next), uuid(next)];
  return Array.from({ length: count }, (_, index) => {
    const kind = Math.floor(next() * KINDS.length);
    const folder = folderOf(index, next);
    const name = `${pick(WORDS)} ${pick(WORDS)} ${Math.floor(next() * 10000)}.${EXTENSIONS[kind]}`;
    const day = String(1 + Math.floor(next() * 28)).padStart(2, "0");
    const second = String(index % 60).padStart(2, "0");
    return {
      id: uuid(next),
      device_id: pick(devices),
      parent_id: folderIds[folder],
      name,
      extension: EXTENSIONS[kind],
      kind: KINDS[kind],
      is_dir: false,
      size: Math.floor(next() * 1e9),
      path: `library/folder ${folder}/${name}`,
      content_identity: { uuid: uuid(next), kind: KINDS[kind], content_hash: uuid(next).slice(0, 18), entry_count: 1 },
      favorite: next() < 0.1,
      tag_ids: tagIds.length === 0 ? [] : [...new Set([pick(tagIds), pick(tagIds), pick(tagIds)])].sort(),
      modified_at: `2026-0${1 + Math.floor(next() * 9)}-${day}T10:05:${second}Z`,
      created_at: `2025-11-${day}T10:05:34.149522Z`,
      version: 1,
    };
  });
}

/** How many folders there are when so many files are spread evenly: 100, or less so that there are a hundred files in each. */
export const folderCount = (rows) => Math.min(100, Math.max(2, Math.floor(rows / 100)));

/** Spread evenly over `count` folders. */
export const evenly = (count) => (_index, next) => Math.floor(next() * count);

/** The first ten of `count` folders hold a hundred files each, the others share the rest. */
export const skewed = (count) => (index, next) =>
  index < 1000 ? index % 10 : count > 10 ? 10 + Math.floor(next() * (count - 10)) : Math.floor(next() * count);
