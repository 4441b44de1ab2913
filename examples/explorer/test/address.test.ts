import { expect, test } from "vitest";

import { ancestorPaths } from "../src/folder/ancestors";
import { folderOfHash, hashOfFolder } from "../src/folder/hash";
import { folderOfPath } from "../src/list/folder_of_path";
import { socketUrl } from "../src/session/socket_url";
import { readToken } from "../src/session/token";

class MemoryStorage implements Pick<Storage, "getItem" | "setItem"> {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

test("the token of the address wins and is kept for the tab", () => {
  const storage = new MemoryStorage();
  expect(readToken(new URL("http://h/"), storage)).toBeNull();
  expect(readToken(new URL("http://h/?token=one#/folder/x"), storage)).toBe("one");
  expect(readToken(new URL("http://h/"), storage)).toBe("one");
  expect(readToken(new URL("http://h/?token=two"), storage)).toBe("two");
  expect(readToken(new URL("http://h/?token="), storage)).toBe("two");
});

test("the WebSocket is where the page came from, with the token and nothing else of the address", () => {
  expect(socketUrl(new URL("http://127.0.0.1:4000/?token=t#/folder/x"), "t")).toBe("ws://127.0.0.1:4000/ws?token=t");
  expect(socketUrl(new URL("https://h/a/b?c=d"), "a&b")).toBe("wss://h/ws?token=a%26b");
});

test("a folder's address gives the folder back; anything else is the first folder", () => {
  for (const id of ["9f1c", "a/b c%", "ü"]) expect(folderOfHash(hashOfFolder(id))).toBe(id);
  for (const hash of ["", "#", "#/", "#/folder/", "#elsewhere", hashOfFolder(null)]) expect(folderOfHash(hash)).toBeNull();
  expect(folderOfHash("#/folder/%")).toBe("%");
});

test("paths have their folders", () => {
  expect(ancestorPaths("")).toEqual([]);
  expect(ancestorPaths("a")).toEqual([""]);
  expect(ancestorPaths("a/b/c")).toEqual(["", "a", "a/b"]);
  expect(folderOfPath("a/b/c.txt", "home")).toBe("a/b");
  expect(folderOfPath("c.txt", "home")).toBe("home");
});
