//! Paths of files as text: segments between `/` or `\`; empty segments do not count.

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '\\']).filter(|segment| !segment.is_empty())
}

/// How many segments `path` has below `folder`; `None` if it is not at or below it.
fn depth_below(path: &str, folder: &str) -> Option<usize> {
    let mut path = segments(path);
    for segment in segments(folder) {
        if path.next() != Some(segment) {
            return None;
        }
    }
    // Two tell as much as more would.
    Some(path.take(2).count())
}

/// Is the path below the folder, at any depth? Segments are compared exactly.
pub fn is_under(path: &str, folder: &str) -> bool {
    depth_below(path, folder).is_some_and(|depth| depth > 0)
}

/// Is the path one segment below the folder?
pub fn is_child_of(path: &str, folder: &str) -> bool {
    depth_below(path, folder) == Some(1)
}
