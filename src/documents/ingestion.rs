//! `ingestion`: how data was pulled in (lifecycle step 2).

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::json;

use super::common::{
    Description, Digest, Name, ObjectId, Period, Reference, Share, SoftwareVersion, SpecVersion, Text, Timestamp, Uri,
};
use super::datapath::Datapath;
use super::declaration::{Declaration, KindSignature};
use super::field::{List, Optional, Required};
use super::kind::KindName;
use super::requirement::require_within;
use super::roles::{DATASET, DATASTORE, RUN, ReferenceRole, range, reference, reference_as};
use super::run::Hyperparameter;

/// How data was pulled in: from where, with what, by which query, and what was added to it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Ingestion {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `ingestion` (lifecycle step 2).
    pub kind: Required<KindName>,
    /// Identifies the document permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the ingestion.
    pub name: Required<Name>,
    /// A description of what was pulled in and why.
    pub description: Optional<Description>,
    /// The run that pulled the data in, by id.
    pub run: Optional<Reference>,
    /// When the data was pulled in.
    pub performed_on: Required<Timestamp>,
    /// Where the data was: a datapath, with the query if there was one.
    pub source: Required<Datapath>,
    /// What connected to it.
    pub connector: Required<Connector>,
    /// The values of the parameters of the query.
    pub parameters: Optional<List<Hyperparameter>>,
    /// The first and the last day of what was pulled in.
    pub time_range: Optional<Period>,
    /// How the work was divided.
    pub sharding: Optional<Sharding>,
    /// Which part of the data was taken.
    pub sampling: Optional<Sampling>,
    /// How examples got their labels.
    pub labeling: Optional<Labeling>,
    /// Examples that were generated.
    pub synthetic: Optional<Synthetic>,
    /// The number of examples that were read.
    pub num_read: Optional<u64>,
    /// The number of examples that were written.
    pub num_written: Optional<u64>,
    /// The dataset that came out, by name, `name@version` or id.
    pub output: Required<Reference>,
    /// Digest of the data that came out.
    pub output_digest: Optional<Digest>,
    /// The signature of the data that came out.
    pub signature: Optional<DataSignature>,
}

/// What connects to a store of data.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Connector {
    /// What it is.
    #[serde(rename = "type")]
    pub connector_type: Required<ConnectorType>,
    /// Its version.
    pub version: Optional<SoftwareVersion>,
}

/// What connects to a store of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum ConnectorType {
    /// A database, by ODBC.
    Odbc,
    /// A database, by JDBC.
    Jdbc,
    /// Apache Spark.
    Spark,
    /// The Hadoop Distributed File System.
    Hdfs,
    /// Files of values that are separated by commas.
    Csv,
    /// Apache Parquet files.
    Parquet,
    /// Apache Avro files.
    Avro,
    /// Files of JSON.
    Json,
    /// Apache Kafka.
    Kafka,
    /// A web service.
    Http,
    /// Anything else; describe it with `x-` fields.
    Custom,
}

/// How work is divided.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = keyed)]
pub struct Sharding {
    /// How examples are assigned to shards.
    pub strategy: Required<ShardingStrategy>,
    /// The field that decides.
    pub key: Optional<Text>,
    /// The number of shards.
    #[schemars(extend("minimum" = 1))]
    pub shards: Optional<u64>,
}

fn keyed(schema: &mut Schema) {
    require_within(schema, "strategy", &["hash", "range", "time"], "key", "ingestion/sharding-without-key");
}

/// How examples are assigned to shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum ShardingStrategy {
    /// There is one shard.
    None,
    /// By the hash of `key`.
    Hash,
    /// By ranges of `key`.
    Range,
    /// In turn.
    RoundRobin,
    /// By the time in `key`.
    Time,
}

/// Which part of the data is taken.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = seeded)]
pub struct Sampling {
    /// How it is chosen.
    pub method: Required<SamplingMethod>,
    /// The share that is taken, as a fraction.
    pub fraction: Optional<Share>,
    /// The seed of the random numbers.
    pub seed: Optional<i64>,
}

fn seeded(schema: &mut Schema) {
    require_within(schema, "method", &["random", "stratified", "reservoir"], "seed", "ingestion/sampling-without-seed");
}

/// How a part of the data is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SamplingMethod {
    /// All of it is taken.
    None,
    /// By chance.
    Random,
    /// By chance, with equal shares of each stratum.
    Stratified,
    /// By chance, as many as there is room for.
    Reservoir,
}

/// How examples get their labels.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Labeling {
    /// Who or what labels.
    pub method: Required<LabelingMethod>,
    /// The instructions for labelers.
    pub guideline: Optional<Uri>,
    /// The number of labelers of an example.
    #[schemars(extend("minimum" = 1))]
    pub labelers: Optional<u64>,
    /// How well labelers agree.
    pub agreement: Optional<Agreement>,
}

/// Who or what labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum LabelingMethod {
    /// People.
    Human,
    /// Rules.
    Programmatic,
    /// Another model.
    Model,
    /// What happened later, such as a payment.
    Outcome,
}

/// How well labelers agree.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Agreement {
    /// How it was measured, such as `krippendorff_alpha` or `cohen_kappa`.
    pub metric: Required<Text>,
    /// The value.
    #[schemars(extend("minimum" = -1, "maximum" = 1))]
    pub value: Required<f64>,
}

/// Examples that were generated.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Synthetic {
    /// How they were generated, such as `smote` or `simulation`.
    pub method: Required<Text>,
    /// How many there are for each example that was read, as a fraction.
    #[schemars(extend("minimum" = 0))]
    pub fraction: Optional<f64>,
    /// The seed of the random numbers.
    pub seed: Optional<i64>,
    /// What simulated them.
    pub simulation: Optional<Simulation>,
}

/// A program that simulates data.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Simulation {
    /// Names it.
    pub name: Required<Text>,
    /// Its version.
    pub version: Optional<SoftwareVersion>,
}

/// A signature of data.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DataSignature {
    /// The form of the signature.
    pub format: Required<SignatureFormat>,
    /// The name of the key.
    pub keyid: Optional<Text>,
    /// The file that holds it.
    pub file: Required<Text>,
}

/// The form of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SignatureFormat {
    /// A DSSE envelope.
    Dsse,
    /// A bundle of Sigstore.
    Sigstore,
    /// An OpenPGP signature.
    Pgp,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.2.0",
    summary: "How data was pulled in: source, connector, query, labels (lifecycle step 2).",
    signature: KindSignature {
        own: &[],
        telling: &[&["source.DataStore", "connector", "output", "performedOn"]],
        everyday: &[&["source.DataStore", "connector"], &["connector.type", "numRead|numWritten|outputDigest"]],
    },
    fields: &[
        reference(&["source", "DataStore"], DATASTORE),
        reference_as(&["output"], DATASET, ReferenceRole::RecordedData),
        reference(&["run"], RUN),
        range(&["timeRange"]),
    ],
    seed: || {
        json!({
            "source": {"DataStore": "core-banking", "Query": "select loan_id, income from loans order by loan_id"},
            "connector": {"type": "odbc"}, "output": "credit-default@1.0.0",
        })
    },
};
