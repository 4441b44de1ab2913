//! A row with its relations put in, as JSON: what hosts put together from patches, for whoever has none.

use std::borrow::Cow;

use super::graph::{Graph, NodeAt};
use super::shape::{HostType, shape_index};
use crate::json::{read, text};
use crate::store::{Address, Store};

/// The row as the host sees it.
pub(super) fn row<'s>(
    graph: &Graph,
    store: &'s Store,
    host_type: HostType,
    slot: u32,
) -> Option<Cow<'s, [u8]>> {
    let Some(shape) = shape_index(host_type) else {
        return Some(Cow::Borrowed(store.view(Address { table: host_type, slot })?.bytes));
    };
    let node = graph.node(NodeAt { shape, slot })?;
    let shape = graph.shape(shape)?;
    let base = store.view(Address { table: shape.base, slot })?.bytes;
    let mut out = vec![b'{'];
    for (key, value) in read::members(base, read::value(base).start as usize) {
        let name = text::key_text(base, key);
        if shape.edges.iter().any(|edge| edge.name.as_bytes() == &*name) {
            continue;
        }
        push_key(&mut out, &String::from_utf8_lossy(&name));
        let quote = usize::from(value.is_text());
        out.extend_from_slice(base.get(value.start as usize - quote..value.end as usize + quote)?);
    }
    for (edge, links) in shape.edges.iter().zip(&node.links) {
        push_key(&mut out, &edge.name);
        let rows: Vec<_> =
            links.slots.iter().filter_map(|&slot| row(graph, store, edge.child, slot)).collect();
        if edge.is_many {
            out.push(b'[');
            out.extend_from_slice(&rows.join(&b','));
            out.push(b']');
        } else {
            out.extend_from_slice(rows.first().map_or(b"null", |row| row));
        }
    }
    out.push(b'}');
    Some(Cow::Owned(out))
}

fn push_key(out: &mut Vec<u8>, name: &str) {
    if out.len() > 1 {
        out.push(b',');
    }
    text::push_quoted(out, name);
    out.push(b':');
}
