const PREFIX = "#/folder/";

/** The folder that an address names; `null` is the served folder itself. */
export function folderOfHash(hash: string): string | null {
  if (!hash.startsWith(PREFIX)) return null;
  const id = hash.slice(PREFIX.length);
  return id === "" ? null : safeDecode(id);
}

/** The address of a folder. */
export function hashOfFolder(id: string | null): string {
  return id === null ? "#/" : PREFIX + encodeURIComponent(id);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
