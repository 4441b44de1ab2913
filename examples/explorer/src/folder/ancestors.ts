/** The paths of all folders above `path`, outermost first: `a/b/c` has `""`, `a` and `a/b`. */
export function ancestorPaths(path: string): string[] {
  if (path === "") return [];
  const segments = path.split("/");
  return segments.map((_, count) => segments.slice(0, count).join("/"));
}
