//! The fields that data has, and those that it must have.

use super::allows_others;
use super::report::FieldFinding;
use super::schema::PreparedSchema;
use crate::data::read::TablePlace;
use crate::documents::data_schema::FieldsMatch;
use crate::rules::data;
use crate::secrets::shortened;
use crate::text::nearest;

/// The greatest number of characters of a name in a message.
const LONGEST: usize = 60;

/// The fields that data has.
pub(super) struct Header<'a> {
    pub columns: &'a [String],
    pub places: &'a [TablePlace],
    pub rows: u64,
    /// Whether there is no header, and rows name their fields.
    pub is_keyed: bool,
}

pub(super) fn check(schema: &PreparedSchema, header: &Header<'_>, found: &mut Vec<FieldFinding>) {
    let beginning = TablePlace { line: 1, column: 1, offset: 0, text: String::new() };
    let first = header.places.first().unwrap_or(&beginning);
    let has = |name: &str| header.columns.iter().any(|own| own == name);
    let is_all_needed = matches!(schema.fields_match, FieldsMatch::Exact | FieldsMatch::Equal | FieldsMatch::Superset);
    // Rows without fields say nothing about fields.
    let says_fields = !header.is_keyed || header.rows > 0;
    for field in schema.fields.iter().filter(|field| says_fields && !has(&field.name)) {
        if field.is_expected && (is_all_needed || field.required) {
            let said = format!("the data has no '{}'", shortened(&field.name, LONGEST));
            found.push(FieldFinding::new(&data::missing_field::MISSING_FIELD, &field.name, first.clone(), said));
        }
    }
    for (name, place) in header.columns.iter().zip(header.places) {
        let own = schema.fields.iter().find(|field| field.name == *name);
        let shown = shortened(name, LONGEST);
        let said = match own {
            Some(field) if field.is_refused => format!("'{shown}' is no field of this environment"),
            None if !allows_others(schema.fields_match) => {
                let missing = schema.fields.iter().map(|field| field.name.as_str()).filter(|own| !has(own));
                match nearest(name, missing) {
                    Some(near) => format!("'{shown}' is not in the schema; did you mean '{near}'?"),
                    None => format!("'{shown}' is not in the schema"),
                }
            }
            _ => continue,
        };
        found.push(FieldFinding::new(&data::unexpected_field::UNEXPECTED_FIELD, name, place.clone(), said));
    }
    if schema.fields_match == FieldsMatch::Partial && !schema.fields.iter().any(|field| has(&field.name)) && says_fields
    {
        let said = "the data has none of the fields of the schema".to_owned();
        found.push(FieldFinding::new(&data::missing_field::MISSING_FIELD, "", first.clone(), said));
    }
    if schema.fields_match == FieldsMatch::Exact && !header.is_keyed {
        let expected: Vec<&str> =
            schema.fields.iter().map(|field| field.name.as_str()).filter(|own| has(own)).collect();
        let order = header.columns.iter().zip(header.places).filter(|(name, _)| schema.position(name).is_some());
        let wrong = order.zip(&expected).find(|((name, _), expected)| name.as_str() != **expected);
        if let Some(((name, place), expected)) = wrong {
            let (shown, expected) = (shortened(name, LONGEST), shortened(expected, LONGEST));
            let said = format!("'{shown}' stands where the schema has '{expected}', and fieldsMatch is exact");
            found.push(FieldFinding::new(&data::unexpected_field::UNEXPECTED_FIELD, name, place.clone(), said));
        }
    }
}
