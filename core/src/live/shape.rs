//! What rows look like to a host that asked for their relations: a type of rows with lists of other rows in them.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::related::{Around, in_lists};
use super::view::View;
use crate::json::{Kind, read, text};
use crate::order_of::sort_slots;
use crate::patch::SHAPE_BIT;
use crate::query::{FieldPath, Filter, Include, Includes, Query, QueryError, Scalar, Test, id_scalars};
use crate::registry::{Holds, Relation, RelationKind};
use crate::store::{Address, Store};

/// What the host calls a type: a table, or a shape, told apart by the highest bit.
pub(crate) type HostType = u32;

/// The index of a shape, if it is one.
pub(crate) fn shape_index(host_type: HostType) -> Option<u32> {
    (host_type & SHAPE_BIT != 0).then_some(host_type & !SHAPE_BIT)
}

/// Rows of one table with some of their relations put in.
pub(crate) struct Shape {
    /// What two queries must share to share a shape.
    pub key: String,
    pub base: u32,
    pub edges: Vec<Edge>,
    /// Levels of shapes below this one.
    pub height: u32,
    /// Mounted queries and edges that lead here.
    pub users: u32,
    /// How many rows that its nodes name are not in memory.
    pub missing: u32,
    /// The rows that the host holds in this shape, or is about to, by slot.
    pub nodes: HashMap<u32, Node, FixedState>,
    /// The host knows what it is.
    pub is_told: bool,
}

/// One relation that a shape follows.
pub(crate) struct Edge {
    pub name: String,
    pub is_many: bool,
    /// The table it leads to.
    pub target: u32,
    /// What the rows there are to the host.
    pub child: HostType,
    pub source: Source,
}

/// How the rows at the other end are found.
pub(crate) enum Source {
    /// The row names them.
    Named {
        field: String,
        /// Which of them, in which order; all of them as they are named without it.
        pick: Option<Box<Pick>>,
        /// The nodes that name an id, by its hash; there need not be a row of it.
        holders: HashMap<u64, Vec<u32>, FixedState>,
    },
    /// They name the row: each node has a query of its own.
    Naming { field: String, in_lists: bool, resource_type: String, include: Include },
}

/// A choice among the rows that a field names.
pub(crate) struct Pick {
    /// Only its filter and its order are used.
    pub view: View,
    /// Who belongs is for a query to find, because the filter looks at more than the row; without what it leaves out and where.
    pub members: Option<Include>,
    pub offset: usize,
    pub limit: usize,
}

/// One row in one shape.
#[derive(Default)]
pub(crate) struct Node {
    /// How many lists show it.
    pub lists: u32,
    pub flags: u8,
    /// What it shows along each edge; empty before it was looked at.
    pub links: Vec<Links>,
}

/// What a node shows along one edge.
#[derive(Default)]
pub(crate) struct Links {
    /// Hashes of the ids that the row names.
    pub ids: Vec<u64>,
    pub slots: Vec<u32>,
    /// How many of the ids are of rows that are not in memory.
    pub missing: u32,
    /// The query that finds them.
    pub query: Option<u32>,
}

impl Pick {
    fn new(include: &Include, resource_type: &str, target: u32, store: &mut Store) -> Option<Box<Self>> {
        if include.takes_all() {
            return None;
        }
        let query = Query::from(resource_type).filter(include.filter.clone());
        let query =
            include.order_by.iter().fold(query, |query, key| query.order_by(key.clone())).build().ok()?;
        let view = View::new(String::new(), target, &query, store);
        let members = (!view.dependencies.is_empty()).then(|| Include::all().filter(include.filter.clone()));
        Some(Box::new(Self {
            view,
            members,
            offset: include.offset as usize,
            limit: include.limit.map_or(usize::MAX, |limit| limit as usize),
        }))
    }

    /// Leaves out what is not wanted, and puts the rest into order.
    pub(crate) fn choose(&self, slots: &mut Vec<u32>, around: Around<'_>) {
        let store = around.store;
        if self.members.is_none() {
            slots.retain(|&slot| {
                let at = Address { table: self.view.table, slot };
                store.view(at).is_some_and(|row| self.view.matcher.matches(around, at, &row))
            });
        }
        if !self.view.order.keys.is_empty() {
            let order = &self.view.order;
            sort_slots(slots, &mut |a, b| {
                order.prefix(store, a).cmp(&order.prefix(store, b)).then_with(|| order.compare(store, a, b))
            });
        }
        slots.truncate(self.offset.saturating_add(self.limit));
        slots.drain(..self.offset.min(slots.len()));
    }
}

impl Source {
    pub(crate) fn new(relation: &Relation, include: &Include, target: u32, store: &mut Store) -> Self {
        let field = relation.field.clone();
        match relation.holds {
            Holds::Ids | Holds::Resources => Self::Named {
                field,
                pick: Pick::new(include, &relation.to, target, store),
                holders: HashMap::default(),
            },
            Holds::Reverse => {
                let in_lists = store.table(target).is_some_and(|table| in_lists(relation, &table.resource));
                let mut include = include.clone();
                if relation.kind == RelationKind::One {
                    include.limit = Some(1);
                }
                Self::Naming { field, in_lists, resource_type: relation.to.clone(), include }
            }
        }
    }
}

/// The query for the rows whose `field` names this id.
pub(crate) fn naming_query(
    resource_type: &str,
    field: &str,
    in_lists: bool,
    include: &Include,
    id: &str,
) -> Result<Query, QueryError> {
    let ids = id_scalars(id);
    let path = FieldPath::top_level(field);
    let names = if in_lists {
        let contains = |id: Scalar| Filter::Field { path: path.clone(), test: Test::Contains(id) };
        Filter::Or(ids.into_iter().map(contains).collect())
    } else {
        Filter::Field { path, test: Test::In(ids) }
    };
    let query =
        Query::from(resource_type).filter(names).filter(include.filter.clone()).offset(include.offset);
    let query = include.limit.into_iter().fold(query, |query, limit| query.limit(limit));
    include.order_by.iter().fold(query, |query, key| query.order_by(key.clone())).build()
}

/// The query for those of the rows with these ids that belong; it shows none of them.
pub(crate) fn members_query(
    resource_type: &str,
    id_field: &str,
    ids: Vec<Scalar>,
    include: &Include,
) -> Result<Query, QueryError> {
    let named = Filter::Field { path: FieldPath::top_level(id_field), test: Test::In(ids) };
    Query::from(resource_type).filter(named).filter(include.filter.clone()).limit(0).build()
}

/// The ids in a field of a row, as text: one, those of a list, or none.
pub(crate) fn ids_in(row: &[u8], field: &str, mut each: impl FnMut(&[u8])) {
    let value = read::member(row, read::value(row), field);
    let mut id = |span: crate::json::Span| match span.kind {
        Kind::Text | Kind::EscapedText => each(&text::key_text(row, span)),
        Kind::Number => each(span.of(row)),
        _ => {}
    };
    if value.kind == Kind::Array {
        read::elements(row, value.start as usize).for_each(id);
    } else {
        id(value);
    }
}

/// Are these relations of the type, and is nothing asked of one that only many have?
pub(crate) fn check(store: &Store, table: u32, includes: &Includes, place: &str) -> Result<(), QueryError> {
    let Some(resource) = store.table(table).map(|table| &table.resource) else { return Ok(()) };
    for (name, include) in includes {
        let path = format!("{place}.{name}");
        let Some(relation) = resource.relations.get(name) else {
            let names: Vec<String> = resource.relations.keys().map(|name| format!("`{name}`")).collect();
            let known = if names.is_empty() {
                "the registry gives it none".to_owned()
            } else {
                format!("it has {}", names.join(", "))
            };
            return Err(QueryError::UnknownRelation { path, resource_type: resource.name.clone(), known });
        };
        if relation.kind == RelationKind::One && !include.takes_all() {
            return Err(QueryError::IncludesOne { path, resource_type: relation.to.clone() });
        }
        if relation.holds == Holds::Reverse {
            naming_query(&relation.to, &relation.field, false, include, "")?;
        }
        if let Some(target) = store.find_table(&relation.to) {
            check(store, target, &include.include, &format!("{path}.include"))?;
        }
    }
    Ok(())
}
