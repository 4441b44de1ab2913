//! Scanning rows that look alike: the keys of the last row predict those of the next.
//!
//! A row whose keys are the predicted ones needs no search for the wanted fields and no check for duplicate keys.
//! A surprise sends the object through the slow path once, which remembers its keys as a new shape.

use super::beside::Beside;
use super::scan::{ScanError, Scanner};
use super::{Kind, Span, text};

const NONE: u32 = u32::MAX;

/// More shapes than this at one place are not remembered: the keys are data there.
const MAX_SHAPES: usize = 8;

/// An object with more keys than this is not remembered.
const MAX_KEYS: usize = 256;

/// How many shapes are remembered in all, so that hostile rows cannot fill the memory.
const MAX_SHAPES_IN_ALL: usize = 4096;

/// The fields wanted of each row, and the shapes of the rows seen so far.
pub(crate) struct Shapes {
    wanted: Vec<Wanted>,
    contexts: Vec<Context>,
    shapes: Vec<Shape>,
}

/// A node of the tree of wanted paths; the first is the row itself.
struct Wanted {
    key: String,
    /// Index of the wanted field that ends here, or `NONE`.
    field: u32,
    children: Vec<u32>,
}

/// A place where objects occur: the row, or what stands under one key of one shape.
struct Context {
    /// The wanted node of the objects here, or `NONE`.
    wanted: u32,
    shapes: Vec<u32>,
    /// The shape seen last, or `NONE`.
    recent: u32,
}

struct Shape {
    keys: Vec<ShapeKey>,
}

struct ShapeKey {
    text: Box<[u8]>,
    /// Index of the wanted field of this key, or `NONE`.
    field: u32,
    /// The place under this key.
    context: u32,
}

impl Shapes {
    /// Shapes that pick out these paths; a field's index is its place in the list.
    pub(crate) fn new<'p>(paths: impl Iterator<Item = &'p [String]>) -> Self {
        let mut wanted = vec![Wanted { key: String::new(), field: NONE, children: Vec::new() }];
        for (field, path) in paths.enumerate() {
            let mut node = 0;
            for key in path {
                node = child_or_insert(&mut wanted, node, key);
            }
            if let Some(node) = wanted.get_mut(node) {
                node.field = field as u32;
            }
        }
        let row = Context { wanted: 0, shapes: Vec::new(), recent: NONE };
        Self { wanted, contexts: vec![row], shapes: Vec::new() }
    }

    /// Walks over one row, an object, and writes the wanted fields it has to `out`; compares it with the one it is beside.
    pub(crate) fn row(
        &mut self,
        scanner: &mut Scanner<'_>,
        depth: u32,
        out: &mut [Span],
        beside: Option<&mut Beside<'_>>,
    ) -> Result<Span, ScanError> {
        scanner.next_token();
        let start = scanner.enter(depth)?;
        self.object(scanner, 0, depth, out, beside)?;
        Ok(scanner.span(Kind::Object, start))
    }

    fn object(
        &mut self,
        s: &mut Scanner<'_>,
        context: u32,
        depth: u32,
        out: &mut [Span],
        mut beside: Option<&mut Beside<'_>>,
    ) -> Result<(), ScanError> {
        let start = s.pos;
        let recent = self.contexts.get(context as usize).map_or(NONE, |context| context.recent);
        if recent != NONE {
            if self.predicted(s, context, recent, depth, out, beside.as_deref_mut())? {
                return Ok(());
            }
            s.pos = start;
        }
        if let Some(beside) = beside {
            beside.give_up();
        }
        self.surprising(s, context, depth, out)
    }

    /// Walks over an object as the shape says; `false` when it turns out to be another.
    #[inline(always)]
    fn predicted(
        &mut self,
        s: &mut Scanner<'_>,
        context: u32,
        shape: u32,
        depth: u32,
        out: &mut [Span],
        mut beside: Option<&mut Beside<'_>>,
    ) -> Result<bool, ScanError> {
        let mut shape = shape;
        let mut at = 0;
        let mut more = s.open_object()?;
        while more {
            if s.next_token() != b'"' {
                return Ok(false);
            }
            let start = s.pos;
            let (field, place) = match self.key_at(shape, at) {
                Some(key) if has_key(s, &key.text) => {
                    s.pos += key.text.len() + 2;
                    (key.field, key.context)
                }
                _ => {
                    // Another known shape with the same beginning may go on with this key.
                    let Some(other) = self.other_shape(s, context, shape, at) else { return Ok(false) };
                    shape = other;
                    continue;
                }
            };
            s.colon()?;
            let key_end = s.pos;
            let value = self.value(s, place, depth + 1, out)?;
            if let Some(beside) = beside.as_deref_mut() {
                beside.member(s.bytes, start, key_end, s.pos);
            }
            if field != NONE
                && let Some(out) = out.get_mut(field as usize)
            {
                *out = value;
            }
            at += 1;
            more = s.more_members()?;
        }
        if let Some(context) = self.contexts.get_mut(context as usize) {
            context.recent = shape;
        }
        Ok(true)
    }

    fn key_at(&self, shape: u32, at: usize) -> Option<&ShapeKey> {
        self.shapes.get(shape as usize)?.keys.get(at)
    }

    #[cold]
    fn other_shape(&self, s: &Scanner<'_>, context: u32, shape: u32, at: usize) -> Option<u32> {
        let seen = self.shapes.get(shape as usize)?.keys.get(..at)?;
        self.contexts.get(context as usize)?.shapes.iter().copied().find(|&other| {
            let Some(other) = self.shapes.get(other as usize) else { return false };
            other.keys.get(at).is_some_and(|key| has_key(s, &key.text))
                && other.keys.iter().zip(seen).all(|(a, b)| a.text == b.text)
        })
    }

    /// Walks over one value; objects in it are predicted from this place.
    fn value(
        &mut self,
        s: &mut Scanner<'_>,
        context: u32,
        depth: u32,
        out: &mut [Span],
    ) -> Result<Span, ScanError> {
        match s.next_token() {
            b'{' => {
                let start = s.enter(depth)?;
                self.object(s, context, depth, out, None)?;
                Ok(s.span(Kind::Object, start))
            }
            b'[' => {
                // No wanted path goes through an array, so what is below must not be taken for one.
                if self.contexts.get(context as usize).is_none_or(|context| context.wanted != NONE) {
                    return s.value(depth);
                }
                let start = s.enter(depth)?;
                let mut more = s.open_array()?;
                while more {
                    self.value(s, context, depth + 1, out)?;
                    more = s.more_elements()?;
                }
                Ok(s.span(Kind::Array, start))
            }
            _ => s.leaf(),
        }
    }

    /// Walks over an object without a prediction, and remembers its keys.
    fn surprising(
        &mut self,
        s: &mut Scanner<'_>,
        context: u32,
        depth: u32,
        out: &mut [Span],
    ) -> Result<(), ScanError> {
        let wanted = self.contexts.get(context as usize).map_or(NONE, |context| context.wanted);
        let mark = s.keys_mark();
        self.members(s, wanted, depth, out)?;
        self.remember(s, context, wanted, mark);
        s.end_keys(mark)
    }

    /// Walks over a value on the slow path, where only wanted paths are told apart.
    fn wanted_value(
        &self,
        s: &mut Scanner<'_>,
        node: u32,
        depth: u32,
        out: &mut [Span],
    ) -> Result<Span, ScanError> {
        let leads_on = self.wanted.get(node as usize).is_some_and(|node| !node.children.is_empty());
        if !leads_on || s.next_token() != b'{' {
            return s.value(depth);
        }
        let start = s.enter(depth)?;
        let mark = s.keys_mark();
        self.members(s, node, depth, out)?;
        s.end_keys(mark)?;
        Ok(s.span(Kind::Object, start))
    }

    /// Walks over the members of an object on the slow path. Its keys stay remembered until the caller ends them.
    fn members(&self, s: &mut Scanner<'_>, node: u32, depth: u32, out: &mut [Span]) -> Result<(), ScanError> {
        let mark = s.keys_mark();
        let mut more = s.open_object()?;
        while more {
            let key = s.key()?;
            s.refuse_duplicate(mark, key)?;
            let child = self.wanted_child(node, &text::key_text(s.bytes, key));
            let value = self.wanted_value(s, child, depth + 1, out)?;
            let field = self.wanted.get(child as usize).map_or(NONE, |child| child.field);
            if field != NONE
                && let Some(out) = out.get_mut(field as usize)
            {
                *out = value;
            }
            more = s.more_members()?;
        }
        Ok(())
    }

    fn wanted_child(&self, node: u32, key: &[u8]) -> u32 {
        let Some(node) = self.wanted.get(node as usize) else { return NONE };
        let is_key =
            |&&child: &&u32| self.wanted.get(child as usize).is_some_and(|child| child.key.as_bytes() == key);
        node.children.iter().find(is_key).copied().unwrap_or(NONE)
    }

    fn remember(&mut self, s: &Scanner<'_>, context: u32, wanted: u32, mark: usize) {
        let keys = s.keys_since(mark);
        let is_full =
            self.contexts.get(context as usize).is_none_or(|context| context.shapes.len() >= MAX_SHAPES);
        // An escaped key never equals a predicted one byte for byte, so its shape could not be recognised.
        if is_full
            || self.shapes.len() >= MAX_SHAPES_IN_ALL
            || keys.len() > MAX_KEYS
            || keys.iter().any(|key| key.kind != Kind::Text)
        {
            return;
        }
        let shape = self.shapes.len() as u32;
        let mut shape_keys = Vec::with_capacity(keys.len());
        for key in keys {
            let node = self.wanted_child(wanted, key.of(s.bytes));
            let found = self.wanted.get(node as usize);
            let leads_on = found.is_some_and(|node| !node.children.is_empty());
            let field = found.map_or(NONE, |node| node.field);
            let place = self.contexts.len() as u32;
            self.contexts.push(Context {
                wanted: if leads_on { node } else { NONE },
                shapes: Vec::new(),
                recent: NONE,
            });
            shape_keys.push(ShapeKey { text: key.of(s.bytes).into(), field, context: place });
        }
        self.shapes.push(Shape { keys: shape_keys });
        if let Some(context) = self.contexts.get_mut(context as usize) {
            context.shapes.push(shape);
            context.recent = shape;
        }
    }
}

#[inline(always)]
fn has_key(s: &Scanner<'_>, text: &[u8]) -> bool {
    let from = s.pos + 1;
    let end = from + text.len();
    s.bytes.get(end) == Some(&b'"') && s.bytes.get(from..end) == Some(text)
}

fn child_or_insert(wanted: &mut Vec<Wanted>, node: usize, key: &str) -> usize {
    let children = wanted.get(node).map(|node| node.children.clone()).unwrap_or_default();
    if let Some(&child) =
        children.iter().find(|&&child| wanted.get(child as usize).is_some_and(|w| w.key == key))
    {
        return child as usize;
    }
    let child = wanted.len();
    wanted.push(Wanted { key: key.to_owned(), field: NONE, children: Vec::new() });
    if let Some(node) = wanted.get_mut(node) {
        node.children.push(child as u32);
    }
    child
}
