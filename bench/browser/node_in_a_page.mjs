// What of Node the workloads and contenders use, for a page: comparing in depth, the size of a text, and files, which there are none of.
const NONE = ["readFileSync", "writeFileSync", "mkdirSync", "readdirSync", "rmSync", "statSync", "readFile", "join"];

function equal(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

const SOURCE = `
${equal}
export const isDeepStrictEqual = equal;
const none = () => { throw new Error("there are no files in a page"); };
${NONE.map((name) => `export const ${name} = none;`).join("\n")}
`;

/** For Vite: `node:fs` and the like are these. */
export const nodeInAPage = {
  name: "node-in-a-page",
  enforce: "pre",
  resolveId: (id) => (id.startsWith("node:") ? "\0node-in-a-page" : undefined),
  load: (id) => (id === "\0node-in-a-page" ? SOURCE : undefined),
};
