// As many rows as are wanted, as one JSON array, without holding them all.
import { evenly, files, folderCount, folders } from "../data.mjs";

const BLOCK = 5000;

/** Writes `count` rows to a response, no faster than they are read. */
export async function send(response, count) {
  const block = files(BLOCK, evenly(folderCount(count)), folders(folderCount(count))).map((row) => JSON.stringify(row));
  response.setHeader("content-type", "application/json");
  for (let at = 0; at < count; at += BLOCK) {
    // The ids of each block are its own.
    const mark = `"id":"${(at / BLOCK).toString(16).padStart(8, "0")}`;
    const rows = block.slice(0, count - at).map((row) => row.replace(/^\{"id":"[0-9a-f]{8}/, `{${mark}`));
    const text = (at === 0 ? "[" : ",") + rows.join(",") + (at + BLOCK >= count ? "]" : "");
    if (!response.write(text)) await new Promise((resolve) => response.once("drain", resolve));
  }
  response.end();
}
