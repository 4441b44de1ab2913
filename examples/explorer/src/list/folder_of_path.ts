/** The folder in which `path` lies; the outermost has a name of its own. */
export function folderOfPath(path: string, outermost: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? outermost : path.slice(0, end);
}
