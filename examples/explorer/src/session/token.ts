const KEY = "larder.token";

/**
 * The token of the address the engine printed. It stays in the address, so that reloading and copying the address into
 * another tab work; the session's copy covers a page opened without it in the same tab.
 */
export function readToken(address: URL, storage: Pick<Storage, "getItem" | "setItem">): string | null {
  const given = address.searchParams.get("token");
  if (given) {
    storage.setItem(KEY, given);
    return given;
  }
  return storage.getItem(KEY);
}
