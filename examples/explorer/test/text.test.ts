import { expect, test } from "vitest";

import { roleText } from "../src/device/device_text";
import { jobPart, jobText } from "../src/device/job_text";
import { countOf } from "../src/text/count";
import { formatDate, startOfDay } from "../src/text/date";
import { kindOf } from "../src/text/kind";
import { stemLength } from "../src/text/name";
import { formatSize } from "../src/text/size";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [9949, "9.9 kB"],
  [9960, "10 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [182_300_400, "182 MB"],
  [1_500_000_000_000, "1.5 TB"],
])("a size of %d bytes reads %s", (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});

test("dates are as short as they can be", () => {
  const now = new Date(2026, 10, 21, 15, 0);
  const read = (...at: [number, number, number, number, number]) => formatDate(new Date(...at).toISOString(), startOfDay(now));
  expect(read(2026, 10, 21, 9, 5)).toMatch(/^Today, /);
  expect(read(2026, 10, 20, 23, 59)).toMatch(/^Yesterday, /);
  expect(read(2026, 10, 22, 0, 0)).toMatch(/22/);
  expect(read(2026, 10, 22, 0, 0)).not.toMatch(/Today/);
  expect(read(2026, 2, 3, 9, 5)).toMatch(/3.*:05/);
  expect(read(2025, 2, 3, 9, 5)).toMatch(/2025/);
  expect(read(2025, 2, 3, 9, 5)).not.toMatch(/:05/);
  expect(formatDate("nonsense", startOfDay(now))).toBe("");
});

test.each([
  ["photo.jpeg", false, "photo"],
  ["archive.tar.gz", false, "archive"],
  [".gitignore", false, ".gitignore"],
  ["Makefile", false, "Makefile"],
  ["v1.2 notes", true, "v1.2 notes"],
])("renaming %s selects the stem", (name, isFolder, stem) => {
  expect(name.slice(0, stemLength(name, isFolder))).toBe(stem);
});

test("kinds name the extension where there is one", () => {
  expect(kindOf("image", "jpg")).toBe("Image (JPG)");
  expect(kindOf("unknown", null)).toBe("File");
  expect(kindOf("folder", "app")).toBe("Folder");
});

test("counts have their noun", () => {
  expect(countOf(1, "match", "matches")).toBe("1 match");
  expect(countOf(2, "match", "matches")).toBe("2 matches");
  expect(countOf(0, "item")).toBe("0 items");
});

test("a job says what it does and how far it is", () => {
  const names = { device: { id: "d1", name: "Anna's Mac", is_self: false }, location: { name: "Pictures" }, folder: null, name: null, problem_kind: null };
  expect(jobText({ ...names, kind: "backfill", state: "running", done: 12_400, total: 83_000 })).toBe("Filling from Anna's Mac: 12,400 of 83,000");
  expect(jobText({ ...names, kind: "identify", state: "paused", done: 30, total: 90 })).toBe("Looking into files of Pictures: 30 of 90, goes on later");
  expect(jobText({ ...names, device: null, location: null, kind: "index", state: "running", done: 0, total: null })).toBe("Indexing a folder");
  const copy = { ...names, name: "film", kind: "copy", done: 1_500_000, total: 6_000_000 } as const;
  expect(jobText({ ...copy, state: "running" })).toBe("Copying film from Anna's Mac: 1.5 MB of 6.0 MB");
  const folder = { location: { device: { id: "d1" } } };
  expect(jobText({ ...copy, folder, state: "running", total: null })).toBe("Copying film to Anna's Mac");
  const waits = { ...copy, state: "paused" } as const;
  expect(jobText({ ...waits, problem_kind: "not_reachable" })).toBe("Copying film from Anna's Mac: 1.5 MB of 6.0 MB, waits for Anna's Mac");
  expect(jobText({ ...waits, problem_kind: "disk_full" })).toMatch(/waits for room on the disk$/);
  expect(jobPart({ done: 30, total: 90 })).toBeCloseTo(1 / 3);
  expect(jobPart({ done: 3, total: null })).toBeUndefined();
});

test("a device says what it is where one leads", () => {
  const device = {
    id: "d",
    name: "desk",
    is_self: true,
    online: true,
    state: "ready",
    role: "leader",
    pending: 0,
    behind_since_ms: null,
    problem: null,
    removed: false,
    files_wanted: true,
    unwanted_models: [],
    version: 1,
  } as const;
  expect(roleText(device)).toBe("Leads");
  expect(roleText({ ...device, role: "follower" })).toBe("Follows");
  expect(roleText({ ...device, role: "peer" })).toBe(null);
  expect(roleText({ ...device, removed: true })).toBe(null);
});
