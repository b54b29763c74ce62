//! What the bytes of a row of CSV tell, apart from its values.

use super::RowFault;
use super::row::CellRange;

/// The delimiters besides the comma that a file called `.csv` may have.
const OTHER_DELIMITERS: &[u8] = b";\t|";

/// Returns the delimiter of a file by its first line.
pub(super) fn delimiter_of(bytes: &[u8]) -> u8 {
    let end = memchr::memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len());
    let first = bytes.get(..end).unwrap_or_default();
    let count = |delimiter: u8| memchr::memchr_iter(delimiter, first).count();
    if count(b',') > 0 {
        return b',';
    }
    let best = OTHER_DELIMITERS.iter().copied().map(|delimiter| (count(delimiter), delimiter));
    best.max_by_key(|(count, _)| *count).filter(|(count, _)| *count > 0).map_or(b',', |(_, delimiter)| delimiter)
}

/// Returns the number of line breaks: LF, CRLF, or CR alone. The CR of a CRLF may end one row, and the LF begin the next.
pub(super) fn breaks(raw: &[u8]) -> u64 {
    let is_break = |at: &usize| raw.get(*at) == Some(&b'\n') || !matches!(raw.get(*at + 1), Some(b'\n') | None);
    memchr::memchr2_iter(b'\n', b'\r', raw).filter(is_break).count() as u64
}

/// Returns where the content of a row begins: what ended the row before and blank lines may stand before it.
pub(super) fn content_start(raw: &[u8]) -> usize {
    let mark = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let rest = raw.get(mark..).unwrap_or_default();
    mark + rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count()
}

/// Leaves line breaks before the row, a byte order mark, and what separates values out of their places.
pub(super) fn trim(cells: &mut [CellRange], raw: &[u8]) {
    let last = cells.len().saturating_sub(1);
    for (at, cell) in cells.iter_mut().enumerate() {
        if at == 0 {
            cell.raw.start = content_start(raw).min(cell.raw.end);
        }
        let ends = |end: usize| raw.get(end.wrapping_sub(1)).copied();
        if at < last {
            cell.raw.end = cell.raw.end.saturating_sub(1).max(cell.raw.start);
        } else if matches!(ends(cell.raw.end), Some(b'\n' | b'\r')) && cell.raw.end > cell.raw.start {
            cell.raw.end -= 1;
        }
    }
}

/// Returns what is wrong with the quotes of a value as it stands. RFC 4180, section 2: "If fields are not enclosed with double quotes, then
/// double quotes may not appear inside fields", and one inside "must be escaped by preceding it with another double quote".
pub(super) fn quote_fault(own: &[u8]) -> Option<RowFault> {
    let first = memchr::memchr(b'"', own)?;
    if first > 0 {
        return Some(RowFault::QuoteInside);
    }
    let mut at = 1;
    loop {
        let rest = own.get(at..).unwrap_or_default();
        let Some(quote) = memchr::memchr(b'"', rest) else { return Some(RowFault::OpenQuote) };
        match rest.get(quote + 1) {
            Some(b'"') => at += quote + 2,
            None => return None,
            Some(_) => return Some(RowFault::AfterQuote),
        }
    }
}
