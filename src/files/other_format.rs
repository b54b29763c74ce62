//! Files in formats that hold logs and data elsewhere, and are not read here: archives, other compressions, other columns.

/// Formats, by the endings of names, and by the bytes with which their files begin.
const FORMATS: &[(&str, &[&str], &[u8])] = &[
    ("a Zip archive", &[".zip"], b"PK\x03\x04"),
    ("a 7z archive", &[".7z"], b"7z\xbc\xaf\x27\x1c"),
    ("a tar archive", &[".tar", ".tgz", ".tar.gz", ".tar.zst"], b""),
    ("compressed with bzip2", &[".bz2"], b"BZh"),
    ("compressed with xz", &[".xz", ".lzma"], b"\xfd7zXZ\x00"),
    ("compressed with lz4", &[".lz4"], b"\x04\x22\x4d\x18"),
    ("compressed with snappy", &[".snappy", ".sz"], b"\xff\x06\x00\x00sNaPpY"),
    ("compressed with brotli", &[".br"], b""),
    ("in Avro", &[".avro"], b"Obj\x01"),
    ("in ORC", &[".orc"], b"ORC"),
    ("in Arrow's format", &[".arrow", ".feather", ".ipc"], b"ARROW1"),
    ("an SQLite database", &[".sqlite", ".sqlite3"], b"SQLite format 3\x00"),
    ("a spreadsheet", &[".xlsx", ".xls", ".ods"], b""),
];

/// Returns what a file is, if its name says that it is in a format that is not read.
#[must_use]
pub fn other_format(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let ends = |own: &&(&str, &[&str], &[u8])| own.1.iter().any(|ending| name.ends_with(ending));
    FORMATS.iter().find(ends).map(|own| own.0)
}

/// Likewise, by the bytes with which a file begins.
#[must_use]
pub fn other_format_of_bytes(start: &[u8]) -> Option<&'static str> {
    FORMATS.iter().find(|own| !own.2.is_empty() && start.starts_with(own.2)).map(|own| own.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_names_and_by_bytes() {
        assert_eq!(other_format("a/logs.jsonl.BZ2"), Some("compressed with bzip2"));
        assert_eq!(other_format("day.tar.gz"), Some("a tar archive"));
        for name in ["a.yml", "a.jsonl.gz", "zip", "bz2.yml", "a.zip.yml", "a.parquet"] {
            assert_eq!(other_format(name), None, "{name}");
        }
        assert_eq!(other_format_of_bytes(b"PK\x03\x04..."), Some("a Zip archive"));
        assert_eq!(other_format_of_bytes(b"Obj\x01"), Some("in Avro"));
        assert_eq!(other_format_of_bytes(b"kind: run\n"), None);
        assert_eq!(other_format_of_bytes(b""), None);
    }
}
