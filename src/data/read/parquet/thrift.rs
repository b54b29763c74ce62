//! As much of Thrift's compact protocol (<https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>) as it takes to look
//! at what a file declares before anything is allocated for it.

/// The deepest nesting of values that is followed.
const DEEPEST: usize = 32;

/// Bytes in the compact protocol, read from front to back. `None` is what is no such bytes.
pub(super) struct CompactBytes<'b> {
    rest: &'b [u8],
}

/// A field of a struct: its id, and the type of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CompactField {
    pub id: i32,
    pub kind: u8,
}

/// The types of values.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
pub(super) const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
pub(super) const STRUCT: u8 = 12;
const UUID: u8 = 13;

impl<'b> CompactBytes<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn skip_bytes(&mut self, count: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// Reads an integer of any width.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let zigzag = self.unsigned()?;
        let half = i64::try_from(zigzag >> 1).ok()?;
        Some(if zigzag & 1 == 0 { half } else { -half - 1 })
    }

    /// Reads what stands before the value of a field; the inner `None` is the end of the struct. `last` is the id of the field before.
    pub(super) fn field(&mut self, last: i32) -> Option<Option<CompactField>> {
        let byte = self.byte()?;
        let (delta, kind) = (i32::from(byte >> 4), byte & 0xf);
        if kind == 0 {
            return Some(None);
        }
        let id = match delta {
            0 => i32::try_from(self.integer()?).ok()?,
            _ => last.checked_add(delta)?,
        };
        Some(Some(CompactField { id, kind }))
    }

    /// Reads what stands before the elements of a list: their number and type.
    pub(super) fn list(&mut self) -> Option<(u64, u8)> {
        let byte = self.byte()?;
        let count = match byte >> 4 {
            15 => self.unsigned()?,
            count => u64::from(count),
        };
        Some((count, byte & 0xf))
    }

    /// Skips the value of a field.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_below(kind, DEEPEST)
    }

    fn skip_below(&mut self, kind: u8, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            TRUE | FALSE => Some(()),
            BYTE => self.skip_bytes(1),
            4..=I64 => self.unsigned().map(|_| ()),
            DOUBLE => self.skip_bytes(8),
            BINARY => {
                let length = self.unsigned()?;
                self.skip_bytes(length)
            }
            LIST | SET => {
                let (count, kind) = self.list()?;
                self.skip_elements(count, &[kind], depth)
            }
            MAP => match self.unsigned()? {
                0 => Some(()),
                count => {
                    let kinds = self.byte()?;
                    self.skip_elements(count, &[kinds >> 4, kinds & 0xf], depth)
                }
            },
            STRUCT => {
                let mut last = 0;
                while let Some(field) = self.field(last)? {
                    last = field.id;
                    self.skip_below(field.kind, depth)?;
                }
                Some(())
            }
            UUID => self.skip_bytes(16),
            _ => None,
        }
    }

    fn skip_elements(&mut self, count: u64, kinds: &[u8], depth: usize) -> Option<()> {
        // Each takes a byte at least, so that what has no room is not counted to its end.
        if count > self.rest.len() as u64 {
            return None;
        }
        for _ in 0..count {
            for kind in kinds {
                // Outside of structs, truth values have a byte.
                self.skip_below(if matches!(*kind, TRUE | FALSE) { BYTE } else { *kind }, depth)?;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_and_others_skipped() {
        // A struct of 1: -2, 3: "ab", 4: [true, false], 5: {1: "x"}, 20: 300.
        let bytes =
            [0x15, 3, 0x28, 2, b'a', b'b', 0x19, 0x21, 1, 2, 0x1b, 1, 0x58, 2, 1, b'x', 0x05, 40, 0xd8, 0x04, 0];
        let mut reader = CompactBytes::new(&bytes);
        let mut seen = Vec::new();
        let mut last = 0;
        while let Some(field) = reader.field(last).unwrap() {
            last = field.id;
            match field.id {
                1 | 20 => seen.push((field.id, reader.integer().unwrap())),
                _ => reader.skip(field.kind).unwrap(),
            }
        }
        assert_eq!((seen, reader.rest.len()), (vec![(1, -2), (20, 300)], 0));
    }

    #[test]
    fn what_is_no_such_bytes_ends() {
        for bytes in [&[0x1c; 100][..], &[0x19, 0xfc, 0xff, 0xff, 0xff, 0x7f], &[0x28, 0xff, 0x7f], &[0x15, 0xff], &[]]
        {
            let mut reader = CompactBytes::new(bytes);
            assert!(reader.skip(STRUCT).is_none(), "{bytes:?}");
        }
    }
}
