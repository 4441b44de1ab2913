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

function uuid(next) {
  const hex = Array.from({ length: 32 }, () => Math.floor(next() * 16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** `count` files in `folders` folders. */
export function files(count, folders = 100) {
  const next = random(42);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const folderIds = Array.from({ length: folders }, () => uuid(next));
  const deviceIds = Array.from({ length: 3 }, () => uuid(next));
  return Array.from({ length: count }, (_, index) => {
    const kind = Math.floor(next() * KINDS.length);
    const folder = Math.floor(next() * folders);
    const name = `${pick(WORDS)} ${pick(WORDS)} ${Math.floor(next() * 10000)}.${EXTENSIONS[kind]}`;
    const day = String(1 + Math.floor(next() * 28)).padStart(2, "0");
    return {
      id: uuid(next),
      location_id: deviceIds[0],
      device_id: pick(deviceIds),
      parent_id: folderIds[folder],
      name,
      extension: EXTENSIONS[kind],
      kind: KINDS[kind],
      is_dir: false,
      size: Math.floor(next() * 1e9),
      path: `library/folder ${folder}/${name}`,
      content_identity: { uuid: uuid(next), kind: KINDS[kind], content_hash: uuid(next).slice(0, 16), entry_count: 1 },
      favorite: next() < 0.1,
      tag_ids: [],
      modified_at: `2026-0${1 + Math.floor(next() * 9)}-${day}T10:05:${String(index % 60).padStart(2, "0")}Z`,
      created_at: `2025-11-${day}T10:05:34.149522Z`,
      version: 1,
    };
  });
}

export const batchEvent = (rows) =>
  JSON.stringify({ kind: { type: "ResourceBatchChanged", data: { resource_type: "file", resources: rows } } });

export const changeEvent = (row) =>
  JSON.stringify({ kind: { type: "ResourceChanged", data: { resource_type: "file", resource: row } } });
