//! As much of the format of WebAssembly as it takes to name the functions of a module.

use anyhow::{Context, bail};

const MAGIC: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const CODE: u8 = 10;
/// In the section `name`: the names of functions.
const FUNCTION_NAMES: u8 = 1;

/// A compiled module.
pub struct Module<'a> {
    bytes: &'a [u8],
    /// How many functions it imports; they are counted first.
    imported: usize,
    /// The code of its own functions.
    pub functions: Vec<&'a [u8]>,
}

impl<'a> Module<'a> {
    /// Reads a module.
    pub fn read(bytes: &'a [u8]) -> anyhow::Result<Self> {
        let mut module = Self { bytes, imported: 0, functions: Vec::new() };
        let mut rest = Reader(bytes.strip_prefix(MAGIC).context("this is no WebAssembly module")?);
        while !rest.0.is_empty() {
            let kind = rest.byte()?;
            let size = rest.number()?;
            let mut section = Reader(rest.take(size)?);
            match kind {
                IMPORTS => module.imported = imported_functions(&mut section)?,
                CODE => {
                    for _ in 0..section.number()? {
                        let size = section.number()?;
                        module.functions.push(section.take(size)?);
                    }
                }
                _ => {}
            }
        }
        Ok(module)
    }

    /// The module, its own functions named so that they are in this order by name.
    pub fn named_in_order(&self, order: &[usize]) -> Vec<u8> {
        let mut names: Vec<(usize, usize)> =
            order.iter().enumerate().map(|(rank, function)| (self.imported + function, rank)).collect();
        names.sort_unstable();
        let mut list = Vec::new();
        put_number(&mut list, names.len());
        for (function, rank) in names {
            put_number(&mut list, function);
            put_bytes(&mut list, format!("{rank:06}").as_bytes());
        }
        let mut section = Vec::new();
        put_bytes(&mut section, b"name");
        section.push(FUNCTION_NAMES);
        put_bytes(&mut section, &list);
        let mut named = self.bytes.to_vec();
        named.push(CUSTOM);
        put_bytes(&mut named, &section);
        named
    }
}

fn imported_functions(section: &mut Reader<'_>) -> anyhow::Result<usize> {
    let mut functions = 0;
    for _ in 0..section.number()? {
        for _ in 0..2 {
            let size = section.number()?;
            section.take(size)?;
        }
        // What wasm-bindgen imports are functions, and nothing else.
        match section.byte()? {
            0 => section.number()?,
            other => bail!("the module imports something of the kind {other}, which is no function"),
        };
        functions += 1;
    }
    Ok(functions)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> anyhow::Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn take(&mut self, size: usize) -> anyhow::Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(size).context("the module is cut off")?;
        self.0 = rest;
        Ok(taken)
    }

    /// LEB128, without a sign.
    fn number(&mut self) -> anyhow::Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("the module has a number of more than 32 bits")
    }
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len());
    out.extend_from_slice(bytes);
}

fn put_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
