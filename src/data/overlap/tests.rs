//! Tables that share rows and values, and tables that cannot be compared.

use super::*;
use crate::data::sorted::spill_to_memory;

fn search(keys: Vec<OverlapKey>, time: Option<&str>, tables: &[&str]) -> Result<Overlaps, OverlapError> {
    let mut search =
        OverlapSearch::new(keys, time.map(|name| TimeField { name: name.to_owned(), format: None }), &spill_to_memory);
    for (number, table) in tables.iter().enumerate() {
        search.read(&format!("t{number}"), TableFormat::Csv, table.as_bytes())?;
    }
    Ok(search.finish()?)
}

fn rows() -> OverlapKey {
    OverlapKey::RowsWithout(vec!["id".to_owned()])
}

#[test]
fn rows_in_two_tables_are_found_however_they_are_written() {
    let first = "id,a,b\n1,x,1.50\n2,y,\n3,z,3\n";
    let found = search(vec![rows()], None, &[first, "b,id,a\n1.5,7,x\n3,8,z\n3.0,9,z\n4,3,z\n"]).unwrap();
    assert_eq!(found.rows, [3, 4]);
    let [own] = found.found.as_slice() else { panic!("{found:?}") };
    assert_eq!((own.between, own.values, own.rows), ((0, 1), 2, 3));
    let places: Vec<_> = own.first.iter().map(|(a, b)| (a.row, b.row)).collect();
    assert_eq!(places, [(1, 1), (3, 2)]);
}

#[test]
fn values_of_a_field_are_compared_between_each_two_tables() {
    let key = || OverlapKey::Fields(vec!["id".to_owned()]);
    let found = search(vec![key()], None, &["id\nA\nB\n", "id\nC\n", "id\nB\nC\nB\n01\n", "id\n1\n"]).unwrap();
    let pairs: Vec<_> = found.found.iter().map(|own| (own.between, own.values, own.rows)).collect();
    assert_eq!(pairs, [((0, 2), 1, 2), ((1, 2), 1, 1)]);
    let error = search(vec![key()], None, &["id\nA\n", "key\nA\n"]).unwrap_err();
    assert_eq!(error.to_string(), "t1 has no 'id'");
    let error = search(vec![rows()], None, &["id,a\nA,1\n", "id,a,b\nA,1,2\n"]).unwrap_err();
    assert_eq!(error.to_string(), "t0 has no 'b'");
    let error = search(vec![key()], None, &["id,a\nA\n"]).unwrap_err();
    assert!(error.to_string().starts_with("t0:2: the row has 1 field"), "{error}");
}

#[test]
fn rows_older_than_the_newest_of_the_first_table_are_counted() {
    let first = "id,at\n1,2026-03-01\n2,2026-03-05T10:00:00Z\n";
    let later = "id,at\n3,2026-03-06\n4,2026-03-05T11:30:00+02:00\n5,\n6,2026-01-01\n";
    let found = search(vec![rows()], Some("at"), &[first, later]).unwrap();
    assert_eq!(found.older, [OlderRows { table: 1, rows: 2, first: (2, 3) }]);
}
