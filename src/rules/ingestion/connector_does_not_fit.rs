//! `ingestion/connector-does-not-fit`

use crate::documents::Document;
use crate::documents::datastore::StoreType;
use crate::documents::ingestion::ConnectorType;
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// The connector of an ingestion should fit the store that it reads.
    ///
    /// ODBC and JDBC speak to databases, and files of Parquet lie in object stores. If the two do not fit, one of them was copied from
    /// another ingestion, and whoever repeats it reads other data or none. Spark and `custom` connectors read anything.
    ///
    /// ## Fails
    /// ```yaml base:credit-ingestion
    /// connector: {type: parquet}
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: core-banking
    /// type: sql
    /// status: Active
    /// server: db.contoso.com
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-ingestion
    /// connector: {type: odbc}
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: core-banking
    /// type: sql
    /// status: Active
    /// server: db.contoso.com
    /// ```
    pub CONNECTOR_DOES_NOT_FIT = {
        id: "ingestion/connector-does-not-fit",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 2, “What tools/connectors (e.g. ODBC, Spark, HDFS, CSV, etc) were used for pulling in data”",
        kinds: [Ingestion],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Ingestion(own)) = cx.typed() else { return };
    let Some((connector, node)) = own.connector.get().and_then(|own| own.connector_type.located()) else { return };
    for (_, store, _) in workspace.found() {
        let Some(Document::Datastore(typed)) = store.typed() else { continue };
        let Some((_, place)) = typed.store_type.located().filter(|(kind, _)| !fits(*connector, **kind)) else {
            continue;
        };
        let shown = store.tree.text(place).unwrap_or_default();
        let message = format!("the connector {} does not read a store of type '{shown}'", cx.shown(node));
        let finding = cx.at_value(&CONNECTOR_DOES_NOT_FIT, node, message);
        out.push(workspace.relate(finding, store, Some(place), "the type of the store"));
    }
}

fn fits(connector: ConnectorType, store: StoreType) -> bool {
    use ConnectorType::{Avro, Csv, Hdfs, Jdbc, Json, Odbc, Parquet};
    match connector {
        _ if store == StoreType::Custom => true,
        Odbc | Jdbc => store == StoreType::Sql,
        Hdfs => store == StoreType::Hdfs,
        Csv | Parquet | Avro | Json => store != StoreType::Sql,
        _ => true,
    }
}
