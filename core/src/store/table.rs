//! The rows of one resource type.

use hashbrown::HashMap;

use super::away::Away;
use super::column::{Cell, Column};
use super::ids::Ids;
use super::slab::{Compaction, RowRef, Slab};
use crate::json::beside::Beside;
use crate::json::pick::Picker;
use crate::json::scan::{ScanError, ScanLimits, Scanner};
use crate::json::shape::Shapes;
use crate::json::{Kind, Span, number, read, text};
use crate::registry::{ResourceType, kept_as};

/// A path into a row, one key a segment.
pub(crate) type Path = Vec<String>;

/// Is told of a slot, its row, and what was read of it.
pub(crate) type EachRow<'e> = dyn FnMut(u32, &[u8], &[Cell]) + 'e;

/// Up to so many rows are read one by one.
const FEW_ROWS: usize = 4;

/// Where the id is among the wanted fields of a row.
const ID_FIELD: usize = 0;

/// The rows of one resource type, their ids, and the columns that queries use.
pub(crate) struct Table {
    pub resource: ResourceType,
    /// What the declaration says of how rows are stored.
    pub kept_as: u64,
    /// Its rows are made of those of other tables: they are no entities, and nothing from outside concerns them.
    pub is_derived: bool,
    pub ids: Ids,
    /// What is visible, by slot: the confirmed row, or what pending mutations make of it.
    rows: Vec<RowRef>,
    /// Confirmed rows of the slots where something else is visible.
    confirmed: HashMap<u32, RowRef, foldhash::fast::FixedState>,
    /// Versions of confirmed rows, by slot; empty unless the type has a version field.
    versions: Vec<u32>,
    /// Those that are too large for that, where `u32::MAX` stands.
    large_versions: HashMap<u32, u64, foldhash::fast::FixedState>,
    /// Other ids that lead to a slot.
    aliases: HashMap<Vec<u8>, u32, foldhash::fast::FixedState>,
    /// The aliases of each slot that has any.
    aliases_of: HashMap<u32, Vec<Vec<u8>>, foldhash::fast::FixedState>,
    /// The fields that a scan picks out: id, version if there is one, then those of the columns.
    wanted: Vec<Path>,
    columns: Vec<Column>,
    /// For each column, its index among the wanted fields.
    column_fields: Vec<usize>,
    shapes: Shapes,
    /// Rows that are not in memory.
    pub away: Away,
}

/// A row found in a text: its place, and where in it its id and its version begin. Small, because a large event has many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoundRow {
    pub start: u32,
    pub end: u32,
    id: u16,
    version: u16,
}

/// There is no such value: a row begins with a brace.
const NOWHERE: u16 = 0;
/// The value is further from the start of its row than can be said.
const FAR: u16 = u16::MAX;

impl FoundRow {
    fn new(row: Span, [id, version]: [Span; 2]) -> Self {
        let at = |value: Span| match value.kind {
            Kind::Missing => NOWHERE,
            // The span of a string leaves out its quotes.
            _ => u16::try_from(value.start - u32::from(value.is_text()) - row.start).unwrap_or(FAR),
        };
        Self { start: row.start, end: row.end, id: at(id), version: at(version) }
    }

    /// The id in the bytes of the row, which is of this type.
    pub(crate) fn id(&self, row: &[u8], resource: &ResourceType) -> Span {
        value_at(row, self.id, &resource.id)
    }

    /// The version in the bytes of the row, which is of this type; if it has one.
    pub(crate) fn version(&self, row: &[u8], resource: &ResourceType) -> Option<u64> {
        let version = value_at(row, self.version, resource.version.as_deref().unwrap_or_default());
        (version.kind == Kind::Number).then(|| number::parse(version.of(row)) as u64)
    }
}

fn value_at(row: &[u8], at: u16, field: &str) -> Span {
    match at {
        NOWHERE => Span::default(),
        FAR => read::member(row, read::value(row), field),
        _ => read::value_at(row, at.into()).map_or(Span::default(), |(value, _)| value),
    }
}

/// A row to look at: one that is stored, or one that is about to be.
#[derive(Clone, Copy)]
pub(crate) struct RowView<'a> {
    pub bytes: &'a [u8],
    cells: Cells<'a>,
}

#[derive(Clone, Copy)]
enum Cells<'a> {
    Stored(&'a Table, u32),
    New(&'a [Cell]),
}

impl<'a> RowView<'a> {
    /// A row that is not stored yet.
    pub(crate) fn new(bytes: &'a [u8], cells: &'a [Cell]) -> Self {
        Self { bytes, cells: Cells::New(cells) }
    }

    #[inline(always)]
    pub(crate) fn cell(&self, column: usize) -> Cell {
        match self.cells {
            Cells::Stored(table, slot) => table.cell(column, slot, self.bytes),
            Cells::New(cells) => cells.get(column).copied().unwrap_or_default(),
        }
    }
}

impl Table {
    pub(crate) fn new(resource: ResourceType) -> Self {
        let mut wanted = vec![vec![resource.id.clone()]];
        wanted.extend(resource.version.iter().map(|field| vec![field.clone()]));
        let shapes = Shapes::new(wanted.iter().map(Vec::as_slice));
        Self {
            kept_as: kept_as(&resource),
            resource,
            is_derived: false,
            ids: Ids::default(),
            rows: Vec::new(),
            confirmed: HashMap::default(),
            versions: Vec::new(),
            large_versions: HashMap::default(),
            aliases: HashMap::default(),
            aliases_of: HashMap::default(),
            wanted,
            columns: Vec::new(),
            column_fields: Vec::new(),
            shapes,
            away: Away::default(),
        }
    }

    /// A table of rows that are made of others.
    pub(crate) fn derived() -> Self {
        Self { is_derived: true, ..Self::new(ResourceType::new("")) }
    }

    /// The slot of the row that the text at the scanner is about, where it begins with an id that is known. Most do.
    pub(crate) fn slot_ahead(&self, scanner: &Scanner<'_>) -> Option<u32> {
        if self.has_aliases() {
            return None;
        }
        let row = scanner.bytes.get(scanner.pos..)?.strip_prefix(b"{\"")?;
        let id = row.strip_prefix(self.resource.id.as_bytes())?.strip_prefix(b"\":\"")?;
        let end = text::find_special(id, 0);
        id.get(..end).filter(|_| id.get(end) == Some(&b'"')).and_then(|id| self.ids.find(id))
    }

    /// Walks over one row of a text; picks out its id and its version, which are the first of the `fields` afterwards, and a cell
    /// for each column.
    pub(crate) fn scan(
        &mut self,
        scanner: &mut Scanner<'_>,
        depth: u32,
        fields: &mut Vec<Span>,
        cells: &mut Vec<Cell>,
        beside: Option<&mut Beside<'_>>,
    ) -> Result<FoundRow, ScanError> {
        fields.clear();
        fields.resize(self.wanted.len(), Span::default());
        let row = self.shapes.row(scanner, depth, fields, beside)?;
        let field = |index: usize| fields.get(index).copied().unwrap_or_default();
        cells.extend(
            self.column_fields.iter().map(|&index| Cell::new(scanner.bytes, field(index), row.start)),
        );
        Ok(FoundRow::new(row, self.id_and_version(fields)))
    }

    /// The id and the version among the fields of a row; a version is missing where the type has none.
    pub(crate) fn id_and_version(&self, fields: &[Span]) -> [Span; 2] {
        let field = |index: usize| fields.get(index).copied().unwrap_or_default();
        let version = if self.resource.version.is_some() { field(ID_FIELD + 1) } else { Span::default() };
        [field(ID_FIELD), version]
    }

    /// The cells of a row whose bytes are known to be good.
    pub(crate) fn cells_of(&mut self, row: &[u8], cells: &mut Vec<Cell>) {
        self.cells_beside(row, cells, None);
    }

    /// The same, and compares it with the one it is beside.
    pub(crate) fn cells_beside(
        &mut self,
        row: &[u8],
        cells: &mut Vec<Cell>,
        beside: Option<&mut Beside<'_>>,
    ) {
        let mut fields = Vec::new();
        // Bytes that were accepted once cannot be refused now.
        let _ = self.scan(&mut Scanner::new(row, TRUSTED), 0, &mut fields, cells, beside);
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The columns of these paths; missing ones are made and filled, all of them in one pass over the rows.
    pub(crate) fn columns_for(&mut self, paths: &[Path], slab: &Slab) -> Vec<usize> {
        let indexes = self.columns_to_read(paths);
        self.read(&indexes, slab, &mut |_, _, _| {});
        indexes
    }

    /// The columns of these paths; missing ones are made. Rows are looked at when somebody asks for their cells, or by
    /// [`Self::read`] and [`Self::read_rows`].
    pub(crate) fn columns_to_read(&mut self, paths: &[Path]) -> Vec<usize> {
        let had = self.columns.len();
        let indexes = paths.iter().map(|path| self.column_for(path)).collect();
        if self.columns.len() > had {
            self.shapes = Shapes::new(self.wanted.iter().map(Vec::as_slice));
        }
        indexes
    }

    fn column_for(&mut self, path: &Path) -> usize {
        let field = self.wanted.iter().position(|wanted| wanted == path).unwrap_or_else(|| {
            self.wanted.push(path.clone());
            self.wanted.len() - 1
        });
        self.column_fields.iter().position(|&other| other == field).unwrap_or_else(|| {
            self.column_fields.push(field);
            self.columns.push(Column::unread(self.rows.len()));
            self.columns.len() - 1
        })
    }

    /// Has this column rows that were not looked at?
    pub(crate) fn is_unread(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(Column::has_unread)
    }

    /// Reads all rows of those of these columns that have not been, in one pass. Calls back with each row and what was found in it
    /// for those columns, in their order.
    pub(crate) fn read(&mut self, columns: &[usize], slab: &Slab, each: &mut EachRow<'_>) {
        let unread: Vec<usize> = columns.iter().copied().filter(|&column| self.is_unread(column)).collect();
        if !unread.is_empty() {
            self.read_some(&unread, &mut (0..self.slots()), slab, each);
        }
        for column in unread {
            if let Some(column) = self.columns.get_mut(column) {
                column.set_read();
            }
        }
    }

    /// Reads these rows of those of these columns that have not been read.
    pub(crate) fn read_rows(&mut self, columns: &[usize], slots: &[u32], slab: &Slab) {
        let unread: Vec<usize> = columns.iter().copied().filter(|&column| self.is_unread(column)).collect();
        if slots.len() > FEW_ROWS && !unread.is_empty() {
            return self.read_some(&unread, &mut slots.iter().copied(), slab, &mut |_, _, _| {});
        }
        // Few rows are no basis for a guess at how the next is written.
        for (column, &slot) in unread.iter().flat_map(|column| slots.iter().map(move |slot| (*column, slot)))
        {
            let Some(row) = self.bytes(slot, slab) else { continue };
            let cell = self.cell(column, slot, row);
            if let Some(column) = self.columns.get_mut(column) {
                column.set(slot, cell);
            }
        }
    }

    #[inline(always)]
    fn read_some(
        &mut self,
        columns: &[usize],
        slots: &mut dyn Iterator<Item = u32>,
        slab: &Slab,
        each: &mut EachRow<'_>,
    ) {
        let paths: Vec<Path> = columns.iter().map(|&column| self.path_of(column).to_vec()).collect();
        let mut picker = Picker::new(paths.iter().map(Vec::as_slice).collect());
        let (mut found, mut cells) = (Vec::new(), Vec::new());
        for slot in slots {
            let Some(row) = self.bytes(slot, slab) else { continue };
            picker.pick(row, &mut found);
            cells.clear();
            cells.extend(found.iter().map(|&span| Cell::new(row, span, 0)));
            for (&column, &cell) in columns.iter().zip(&cells) {
                if let Some(column) = self.columns.get_mut(column) {
                    column.set(slot, cell);
                }
            }
            each(slot, row, &cells);
        }
    }

    /// The slot that an id or an alias leads to.
    pub(crate) fn find(&self, id: &[u8]) -> Option<u32> {
        self.ids.find(id).or_else(|| self.aliases.get(id).copied())
    }

    /// The slot that an id or an alias leads to, a new one if there is none.
    pub(crate) fn find_or_insert(&mut self, id: &[u8]) -> u32 {
        if !self.aliases.is_empty()
            && let Some(&slot) = self.aliases.get(id)
        {
            return slot;
        }
        self.ids.find_or_insert(id).0
    }

    /// Lets another id lead to this slot.
    pub(crate) fn add_alias(&mut self, id: &[u8], slot: u32) {
        match self.aliases.insert(id.to_vec(), slot) {
            Some(old) if old == slot => return,
            Some(old) => {
                if let Some(aliases) = self.aliases_of.get_mut(&old) {
                    aliases.retain(|alias| alias != id);
                }
            }
            None => {}
        }
        self.aliases_of.entry(slot).or_default().push(id.to_vec());
    }

    /// All ids that lead to this slot, its own first.
    pub(crate) fn names_of(&self, slot: u32) -> Vec<Vec<u8>> {
        let own = self.ids.with_text(slot, <[u8]>::to_vec);
        let others = self.aliases_of.get(&slot).into_iter().flatten().cloned();
        std::iter::once(own).chain(others).collect()
    }

    pub(crate) fn has_aliases(&self) -> bool {
        !self.aliases.is_empty()
    }

    /// How many entities are in memory.
    pub(crate) fn entities(&self) -> usize {
        self.ids.len().saturating_sub(self.away.count() as usize)
    }

    /// How many slots there are, used or not.
    pub(crate) fn slots(&self) -> u32 {
        self.rows.len().max(self.away.len()) as u32
    }

    /// Where the visible row is.
    #[inline(always)]
    pub(crate) fn row_ref(&self, slot: u32) -> RowRef {
        self.rows.get(slot as usize).copied().unwrap_or(RowRef::NONE)
    }

    /// Where the confirmed row is.
    pub(crate) fn confirmed_ref(&self, slot: u32) -> RowRef {
        self.confirmed.get(&slot).copied().unwrap_or_else(|| self.row_ref(slot))
    }

    /// The bytes of the visible row.
    #[inline(always)]
    pub(crate) fn bytes<'s>(&self, slot: u32, slab: &'s Slab) -> Option<&'s [u8]> {
        let row = self.row_ref(slot);
        (!row.is_none()).then(|| slab.get(row))
    }

    /// The visible row.
    #[inline(always)]
    pub(crate) fn view<'s>(&'s self, slot: u32, slab: &'s Slab) -> Option<RowView<'s>> {
        Some(RowView { bytes: self.bytes(slot, slab)?, cells: Cells::Stored(self, slot) })
    }

    /// The cell of a row with these bytes.
    #[inline(always)]
    pub(crate) fn cell(&self, column: usize, slot: u32, row: &[u8]) -> Cell {
        match self.columns.get(column) {
            Some(column) if !column.is_unread(slot) => column.get(slot),
            _ => self.look_up(column, row),
        }
    }

    /// The cell of a row that its column has not read.
    #[cold]
    fn look_up(&self, column: usize, row: &[u8]) -> Cell {
        let path = self.path_of(column);
        let root = Span { kind: Kind::Object, start: 0, end: row.len() as u32 };
        Cell::new(row, if path.is_empty() { Span::default() } else { read::at_path(row, root, path) }, 0)
    }

    /// Is this the column of the ids?
    pub(crate) fn is_id(&self, column: usize) -> bool {
        self.column_fields.get(column) == Some(&ID_FIELD)
    }

    fn path_of(&self, column: usize) -> &[String] {
        let field = self.column_fields.get(column);
        field.and_then(|&field| self.wanted.get(field)).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn version(&self, slot: u32) -> Option<u64> {
        match self.versions.get(slot as usize) {
            Some(&u32::MAX) => self.large_versions.get(&slot).copied(),
            version => version.map(|&version| version.into()),
        }
    }

    pub(crate) fn set_version(&mut self, slot: u32, version: u64) {
        let index = slot as usize;
        if index >= self.versions.len() {
            self.versions.resize(index + 1, 0);
        }
        let short = u32::try_from(version).unwrap_or(u32::MAX);
        if let Some(place) = self.versions.get_mut(index) {
            *place = short;
        }
        if short == u32::MAX {
            self.large_versions.insert(slot, version);
        }
    }

    /// Makes a row visible, or none; returns the one before.
    pub(crate) fn put(&mut self, slot: u32, row: RowRef, cells: &[Cell]) -> RowRef {
        let index = slot as usize;
        if index >= self.rows.len() {
            self.rows.resize(index + 1, RowRef::NONE);
        }
        for (index, column) in self.columns.iter_mut().enumerate() {
            column.set(slot, cells.get(index).copied().unwrap_or_default());
        }
        self.rows.get_mut(index).map_or(RowRef::NONE, |place| std::mem::replace(place, row))
    }

    /// Keeps the confirmed row of a slot apart from the visible one; `None` when they are one again.
    pub(crate) fn set_confirmed(&mut self, slot: u32, row: Option<RowRef>) {
        match row {
            Some(row) => self.confirmed.insert(slot, row),
            None => self.confirmed.remove(&slot),
        };
    }

    pub(crate) fn is_split(&self, slot: u32) -> bool {
        self.confirmed.contains_key(&slot)
    }

    /// A slot without a row gives up its id.
    pub(crate) fn release(&mut self, slot: u32) {
        if let Some(version) = self.versions.get_mut(slot as usize) {
            *version = 0;
        }
        self.ids.remove(slot);
        for alias in self.aliases_of.remove(&slot).unwrap_or_default() {
            self.aliases.remove(&alias);
        }
    }

    /// Moves rows out of buffers that are mostly waste.
    pub(crate) fn compact(&mut self, slab: &mut Slab, reach: Compaction) {
        for row in self.rows.iter_mut().chain(self.confirmed.values_mut()) {
            if !row.is_none() && slab.is_sparse(*row, reach) {
                *row = slab.relocate(*row);
            }
        }
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.ids.reserve(more);
        // By another measure than the ids, so that not both are copied for one event when there are very many.
        if self.rows.capacity() - self.rows.len() < more {
            self.rows.reserve_exact(more.max(self.rows.len() / 2));
        }
        if self.resource.version.is_some() {
            self.versions.reserve(more);
        }
    }

    /// The field that a column is of.
    pub(crate) fn column_field(&self, column: usize) -> String {
        let path = self.column_fields.get(column).and_then(|&field| self.wanted.get(field));
        path.map(|path| path.join(".")).unwrap_or_default()
    }

    pub(crate) fn column_bytes_of(&self, column: usize) -> usize {
        self.columns.get(column).map_or(0, Column::bytes)
    }

    pub(crate) fn column_bytes(&self) -> usize {
        self.columns.iter().map(Column::bytes).sum()
    }
}

/// Limits for bytes that have been accepted before.
pub(crate) const TRUSTED: ScanLimits = ScanLimits { max_depth: u32::MAX, max_string_bytes: usize::MAX };
