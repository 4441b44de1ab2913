// What somebody writes by hand: all rows as one JSON text in IndexedDB.

const request = (made) =>
  new Promise((resolve, reject) => {
    made.onsuccess = () => resolve(made.result);
    made.onerror = () => reject(made.error);
  });

function open() {
  const opening = indexedDB.open("floor", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("texts");
  return request(opening);
}

export async function saveFloor(text) {
  const database = await open();
  const transaction = database.transaction("texts", "readwrite");
  transaction.objectStore("texts").put(text, "files");
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = () => reject(transaction.error);
  });
  database.close();
}

/** All rows by their ids, and the first `limit` of those that match, in order of a field. */
export async function loadFloor(matches, field, limit) {
  const database = await open();
  const text = await request(database.transaction("texts").objectStore("texts").get("files"));
  const files = new Map();
  const found = [];
  for (const row of JSON.parse(text)) {
    files.set(row.id, row);
    if (matches(row)) found.push(row);
  }
  const order = (a, b) => (a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : a.id < b.id ? -1 : 1);
  const first = found.sort(order).slice(0, limit);
  database.close();
  return { files, first };
}
