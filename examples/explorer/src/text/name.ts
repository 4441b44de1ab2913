/** Extensions of two parts. */
const DOUBLE = /\.tar\.[a-z0-9]+$/i;

/** How much of a name a rename selects: all but the extension; all of a folder's and of a dot file's. */
export function stemLength(name: string, isFolder: boolean): number {
  const dot = name.match(DOUBLE)?.index ?? name.lastIndexOf(".");
  return isFolder || dot <= 0 ? name.length : dot;
}
