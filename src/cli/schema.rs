//! `schema`: the published JSON Schemas.

use serde_json::Value;

use super::args::SchemaArgs;
use super::output::write_atomically;
use super::{Error, Exit, output};
use crate::{published, schema};

pub(super) fn run(args: &SchemaArgs) -> Result<Exit, Error> {
    let schemas = published::schemas();
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).map_err(|source| Error::File { path: folder.display().to_string(), source })?;
        for (file, schema) in &schemas {
            write_atomically(&folder.join(file), text(schema).as_bytes())?;
        }
        output::notice(format_args!("Wrote {} schemas to {}.", schemas.len(), folder.display()));
        return Ok(Exit::Clean);
    }
    let wanted = schema::file_name(&args.name);
    let Some((_, schema)) = schemas.iter().find(|(file, _)| *file == wanted) else {
        let names: Vec<_> = schemas.iter().filter_map(|(file, _)| file.strip_suffix(".schema.json")).collect();
        return Err(Error::Usage(match crate::text::nearest(&args.name, names.iter().copied()) {
            Some(near) => format!("there is no schema '{}'; did you mean '{near}'?", args.name),
            None => format!("there is no schema '{}'; the schemas are {}", args.name, names.join(", ")),
        }));
    };
    Exit::Clean.after(output::to_stdout_raw(|out| out.write_all(text(schema).as_bytes())))
}

/// Returns the text of a schema, as committed.
fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}
