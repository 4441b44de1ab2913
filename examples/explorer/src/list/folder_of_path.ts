/** The folder in which `path` lies, `/` for the outermost. */
export function folderOfPath(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "/" : path.slice(0, end);
}
