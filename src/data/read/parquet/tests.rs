use std::io::{Seek, Write};

use ::parquet::basic::{Compression, GzipLevel, ZstdLevel};
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// The values and levels of a column of a row group.
#[derive(Clone)]
enum Column {
    Ints(Vec<i32>, Vec<i16>, Vec<i16>),
    Longs(Vec<i64>),
    Doubles(Vec<f64>),
    Texts(Vec<String>, Vec<i16>, Vec<i16>),
}

fn texts(values: &[&str]) -> Column {
    Column::Texts(values.iter().map(|text| (*text).to_owned()).collect(), Vec::new(), Vec::new())
}

fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    defined: &[i16],
    repeated: &[i16],
) {
    let mut column = group.next_column().unwrap().unwrap();
    let levels = |own: &'_ [i16]| (!own.is_empty()).then(|| own.to_vec());
    column.typed::<T>().write_batch(values, levels(defined).as_deref(), levels(repeated).as_deref()).unwrap();
    column.close().unwrap();
}

/// Writes a file of these row groups.
fn written(schema: &str, compression: Compression, groups: &[Vec<Column>]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    for columns in groups {
        let mut group = writer.next_row_group().unwrap();
        for column in columns {
            match column {
                Column::Ints(values, defined, repeated) => put::<Int32Type>(&mut group, values, defined, repeated),
                Column::Longs(values) => put::<Int64Type>(&mut group, values, &[], &[]),
                Column::Doubles(values) => put::<DoubleType>(&mut group, values, &[], &[]),
                Column::Texts(values, defined, repeated) => {
                    let values: Vec<ByteArray> = values.iter().map(|text| text.as_str().into()).collect();
                    put::<ByteArrayType>(&mut group, &values, defined, repeated);
                }
            }
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

/// Returns the lines of a file, and why there are no more, if that is not its end.
fn lines(bytes: &[u8], form: ParquetLineForm) -> (String, Option<String>) {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    let mut text = Vec::new();
    let read = ParquetLines::open(file, form).and_then(|mut lines| lines.read_to_end(&mut text));
    (String::from_utf8_lossy(&text).into_owned(), read.err().map(|error| error.to_string()))
}

fn rows(bytes: &[u8], form: ParquetLineForm) -> Vec<Value> {
    let (text, error) = lines(bytes, form);
    assert_eq!(error, None);
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const FLAT: &str =
    "message m { required binary name (UTF8); required int64 at (TIMESTAMP_MILLIS); required double score; }";

fn flat(count: usize) -> Vec<Column> {
    let names: Vec<String> = (0..count).map(|number| format!("n-{}", number % 7)).collect();
    vec![
        Column::Texts(names, Vec::new(), Vec::new()),
        Column::Longs((0..).take(count).map(|number| 1_788_249_600_000 + number).collect()),
        Column::Doubles((0..count).map(|number| number as f64 / 8.0).collect()),
    ]
}

#[test]
fn rows_of_all_row_groups_come_in_order_however_they_are_compressed() {
    let gzip = Compression::GZIP(GzipLevel::default());
    let zstd = Compression::ZSTD(ZstdLevel::default());
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, gzip, zstd, Compression::LZ4_RAW] {
        let own = rows(&written(FLAT, compression, &[flat(3000), flat(2)]), ParquetLineForm::Table);
        assert_eq!(own[0], json!(["name", "at", "score"]), "{compression}");
        assert_eq!(own.len(), 3003);
        assert_eq!(own[3000], json!({"name": "n-3", "at": "2026-09-01T08:00:02.999Z", "score": 374.875}));
        assert_eq!(own[3001]["at"], "2026-09-01T08:00:00Z");
    }
    // A file without rows has columns.
    let none = rows(&written(FLAT, Compression::SNAPPY, &[]), ParquetLineForm::Table);
    assert_eq!(none, [json!(["name", "at", "score"])]);
    let (text, error) = lines(&written(FLAT, Compression::BROTLI(Default::default()), &[]), ParquetLineForm::Table);
    assert_eq!((text.lines().count(), error), (1, None));
}

#[test]
fn dots_in_the_names_of_records_are_those_of_a_path_and_nulls_are_left_out() {
    let schema = "message m { required binary requestInfo.requestId (UTF8); optional binary modelId (UTF8); \
                  optional int32 requestInfo.requestLatencyMs; optional binary provenance.pipeline (UTF8); }";
    let optional = |values: &[&str], defined: &[i16]| {
        Column::Texts(values.iter().map(|own| (*own).to_owned()).collect(), defined.to_vec(), Vec::new())
    };
    let columns = vec![
        texts(&["r-1", "r-2"]),
        optional(&["m"], &[1, 0]),
        Column::Ints(vec![7], vec![0, 1], Vec::new()),
        optional(&[], &[0, 0]),
    ];
    let bytes = written(schema, Compression::SNAPPY, &[columns]);
    let own = rows(&bytes, ParquetLineForm::Records);
    let first = json!({"requestInfo": {"requestId": "r-1"}, "modelId": "m"});
    assert_eq!(own, [first, json!({"requestInfo": {"requestId": "r-2", "requestLatencyMs": 7}})]);
    let table = rows(&bytes, ParquetLineForm::Table);
    assert_eq!(table[2]["modelId"], Value::Null);
    assert_eq!(table[2]["requestInfo.requestLatencyMs"], 7);
}

/// Lists and maps in each other, as `shredded` takes them apart.
const NESTED: &str =
    "message m { optional group outer { optional group all (LIST) { repeated group list { optional group element {
    optional int32 a; optional group b (LIST) { repeated group list { required int32 element; } } } } }
    optional group tags (MAP) { repeated group key_value { required binary key (UTF8); optional int32 value; } } } }";

type Element = Option<(Option<i32>, Option<Vec<i32>>)>;
type Outer = Option<(Option<Vec<Element>>, Option<Vec<(String, Option<i32>)>>)>;

/// The columns of rows, by the definition of the levels (Dremel, section 4.1).
fn shredded(rows: &[Outer]) -> Vec<Column> {
    let (mut a, mut b) = ((Vec::new(), Vec::new(), Vec::new()), (Vec::new(), Vec::new(), Vec::new()));
    let (mut keys, mut values) = ((Vec::new(), Vec::new(), Vec::new()), (Vec::new(), Vec::new(), Vec::new()));
    let level = |own: &mut (Vec<i32>, Vec<i16>, Vec<i16>), defined, repeated, value: Option<i32>| {
        own.0.extend(value);
        own.1.push(defined);
        own.2.push(repeated);
    };
    for row in rows {
        let all = row.as_ref().and_then(|(all, _)| all.as_ref());
        match all {
            all if all.is_none_or(Vec::is_empty) => {
                let defined = i16::from(row.is_some()) + i16::from(all.is_some());
                level(&mut a, defined, 0, None);
                level(&mut b, defined, 0, None);
            }
            _ => {
                for (number, element) in all.into_iter().flatten().enumerate() {
                    let repeated = i16::from(number > 0);
                    let Some((own, list)) = element else {
                        level(&mut a, 3, repeated, None);
                        level(&mut b, 3, repeated, None);
                        continue;
                    };
                    level(&mut a, 4 + i16::from(own.is_some()), repeated, *own);
                    match list.as_deref() {
                        None => level(&mut b, 4, repeated, None),
                        Some([]) => level(&mut b, 5, repeated, None),
                        Some(values) => {
                            for (at, value) in values.iter().enumerate() {
                                level(&mut b, 6, if at > 0 { 2 } else { repeated }, Some(*value));
                            }
                        }
                    }
                }
            }
        }
        let tags = row.as_ref().and_then(|(_, tags)| tags.as_ref());
        let mut key = |defined, repeated, text: Option<&String>| {
            keys.0.extend(text.cloned());
            keys.1.push(defined);
            keys.2.push(repeated);
        };
        if tags.is_none_or(Vec::is_empty) {
            let defined = i16::from(row.is_some()) + i16::from(tags.is_some());
            key(defined, 0, None);
            level(&mut values, defined, 0, None);
        }
        for (number, (text, value)) in tags.into_iter().flatten().enumerate() {
            let repeated = i16::from(number > 0);
            key(3, repeated, Some(text));
            level(&mut values, 3 + i16::from(value.is_some()), repeated, *value);
        }
    }
    vec![
        Column::Ints(a.0, a.1, a.2),
        Column::Ints(b.0, b.1, b.2),
        Column::Texts(keys.0, keys.1, keys.2),
        Column::Ints(values.0, values.1, values.2),
    ]
}

fn as_json(row: &Outer) -> Value {
    let element = |own: &Element| own.as_ref().map_or(Value::Null, |(a, b)| json!({"a": a, "b": b}));
    let outer = row.as_ref().map(|(all, tags)| {
        let all = all.as_ref().map(|all| all.iter().map(element).collect::<Vec<_>>());
        let tags = tags.as_ref().map(|tags| tags.iter().map(|(key, value)| (key.clone(), json!(value))).collect());
        json!({"all": all, "tags": tags.map_or(Value::Null, Value::Object)})
    });
    json!({"outer": outer})
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Rows that are taken apart into columns are put together again.
    #[test]
    fn nested_rows_come_back(rows_before in prop::collection::vec(
        prop::option::of((
            prop::option::of(prop::collection::vec(
                prop::option::of((prop::option::of(0..9), prop::option::of(prop::collection::vec(0..9, 0..3)))), 0..4)),
            prop::option::of(prop::collection::btree_map("[a-c]", prop::option::of(0..9), 0..3).prop_map(|map| map.into_iter().collect::<Vec<_>>())),
        )), 0..40))
    {
        let (first, second) = rows_before.split_at(rows_before.len() / 2);
        let groups: Vec<Vec<Column>> = [first, second].iter().filter(|own| !own.is_empty()).map(|own| shredded(own)).collect();
        let own = rows(&written(NESTED, Compression::SNAPPY, &groups), ParquetLineForm::Table);
        prop_assert_eq!(&own[0], &json!(["outer"]));
        let expected: Vec<Value> = rows_before.iter().map(as_json).collect();
        prop_assert_eq!(&own[1..], &expected[..]);
    }
}

/// Whatever is changed in a file: an error that says where, or rows, and never a panic that gets out.
#[test]
fn damage_ends_a_file_with_a_reason() {
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY] {
        let whole = written(FLAT, compression, &[flat(40), flat(40)]);
        let nested =
            written(NESTED, compression, &[shredded(&[Some((Some(vec![Some((Some(1), None))]), None)), None])]);
        for bytes in [whole, nested] {
            for cut in (0..bytes.len()).step_by(3) {
                let (_, error) = lines(&bytes[..cut], ParquetLineForm::Table);
                assert!(error.is_some(), "{cut}");
            }
            for at in 0..bytes.len() {
                for change in [0xff, 0x80, 1] {
                    let mut other = bytes.clone();
                    other[at] ^= change;
                    let (text, _) = lines(&other, ParquetLineForm::Table);
                    assert!(text.lines().count() <= 200, "{at} {change}");
                }
            }
        }
    }
}

#[test]
fn damage_is_told_with_its_row_group_and_column() {
    let mut bytes = written(FLAT, Compression::SNAPPY, &[flat(3000), flat(3000)]);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    let at = ParquetLines::open(file, ParquetLineForm::Table).unwrap().metadata.row_group(1).column(2).byte_range();
    let start = usize::try_from(at.0 + at.1 / 2).unwrap();
    bytes[start..start + 200].fill(0xff);
    let (text, error) = lines(&bytes, ParquetLineForm::Table);
    let error = error.unwrap();
    assert!(error.starts_with("row group 1, column score: "), "{error}");
    assert!(error.ends_with("rows before it were read"), "{error}");
    assert!(text.lines().count() > 3000);
}

#[test]
fn what_is_not_read_is_refused_with_a_reason() {
    let whole = written(FLAT, Compression::SNAPPY, &[flat(4)]);
    let with_end = |end: &[u8]| [&whole[..whole.len() - end.len()], end].concat();
    let replaced = |start: &[u8]| [start, &whole[start.len()..]].concat();
    for (bytes, why) in [
        (Vec::new(), "it is too short to be Parquet"),
        (replaced(b"PK\x03\x04"), "it does not begin as Parquet does"),
        (whole[..whole.len() - 1].to_vec(), "it does not end as Parquet does, and is cut off or was not closed"),
        (with_end(b"PARE"), "it is encrypted, and is read decrypted only"),
        (with_end(b"\xff\xff\xff\x7fPAR1"), "its footer is said to have 2147483647 bytes, which the file has not"),
        (with_end(b"\x05\0\0\0PAR1"), "its footer is damaged: Required field version is missing"),
    ] {
        assert_eq!(lines(&bytes, ParquetLineForm::Table).1.as_deref(), Some(why), "{why}");
    }
}

/// A file of these bytes in its footer.
fn with_footer(footer: &[u8]) -> Vec<u8> {
    let length = u32::try_from(footer.len()).unwrap();
    [b"PAR1PAR1", footer, &length.to_le_bytes()[..], b"PAR1"].concat()
}

#[test]
fn schemas_that_would_take_the_stack_or_the_memory_are_refused() {
    // Field 1: i32 1; field 2: a list of so many structs, each a name and the number of its children.
    let schema = |nodes: &[u64]| {
        let mut bytes = vec![0x15, 2, 0x19, 0xfc];
        let unsigned = |mut value: u64, bytes: &mut Vec<u8>| {
            while value >= 0x80 {
                bytes.push((value & 0x7f) as u8 | 0x80);
                value >>= 7;
            }
            bytes.push(value as u8);
        };
        unsigned(nodes.len() as u64, &mut bytes);
        for children in nodes {
            bytes.extend([0x48, 1, b'a', 0x15]);
            unsigned(children * 2, &mut bytes);
            bytes.push(0);
        }
        bytes.push(0);
        with_footer(&bytes)
    };
    let deep = schema(&vec![1; 200_000]);
    let why = "its schema has groups in each other, 33 deep; at most 32 are read";
    assert_eq!(lines(&deep, ParquetLineForm::Table).1.as_deref(), Some(why));
    let wide = schema(&[[20_000].as_slice(), &vec![0; 20_000]].concat());
    let why = "its schema has 20000 columns; at most 10000 are read";
    assert_eq!(lines(&wide, ParquetLineForm::Table).1.as_deref(), Some(why));
    assert!(lines(&schema(&[1 << 30, 0]), ParquetLineForm::Table).1.is_some());
}

/// Declared sizes that the file has not, or that would take the memory.
#[test]
fn pages_that_declare_too_much_are_refused() {
    for (head, why) in [
        // Type 0, sizes of 1 GiB, 10 bytes, then the header of a page of data.
        (
            &[0x15, 0, 0x15, 0x80, 0x80, 0x80, 0x80, 0x08, 0x15, 20, 0x2c, 0x15, 2, 0, 0][..],
            "a page has 1073741824 bytes or more; at most 64 MiB are read",
        ),
        (
            &[0x15, 0, 0x15, 20, 0x15, 20, 0x2c, 0x15, 0x80, 0x80, 0x80, 0x80, 0x08, 0, 0],
            "a page has 1073741824 values; at most 16777216 are read",
        ),
        (&[0xff; 64], "the header of a page is damaged"),
    ] {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(head).unwrap();
        let budget = Arc::new(ColumnBudget::new(&FileBudget::default()));
        use ::parquet::file::reader::ChunkReader;
        let error = GuardedFile::new(file).unwrap().pages(budget, false).unwrap().get_read(0).unwrap_err();
        assert_eq!(said(&error), why);
    }
}
