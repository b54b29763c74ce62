//! Rules about model packages.

pub mod component_cycle;
pub mod component_not_pinned;
pub mod convert_needs_model;
pub mod convert_sources;
pub mod convert_tensorflow;
pub mod extension_vs_framework;
pub mod framework_name;
pub mod framework_required;
pub mod infrastructure_unit;
pub mod platforms_as_string;
pub mod port_disagrees;
pub mod private_registry_token;
pub mod scorable_schema;
pub mod servable_source;
pub mod signature_without_key;
pub mod source_kind_incomplete;
pub mod tested_platform;
pub mod trainable_author;
pub mod trainable_data_stores;
pub mod trainable_execution;
pub mod trainable_mount_type;
pub mod trainable_runtimes;
pub mod trainable_sources;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &component_cycle::COMPONENT_CYCLE,
    &component_not_pinned::COMPONENT_NOT_PINNED,
    &convert_needs_model::CONVERT_NEEDS_MODEL,
    &convert_sources::CONVERT_SOURCES,
    &convert_tensorflow::CONVERT_TENSORFLOW,
    &extension_vs_framework::EXTENSION_VS_FRAMEWORK,
    &framework_name::FRAMEWORK_NAME,
    &framework_required::FRAMEWORK_REQUIRED,
    &infrastructure_unit::INFRASTRUCTURE_UNIT,
    &platforms_as_string::PLATFORMS_AS_STRING,
    &port_disagrees::PORT_DISAGREES,
    &private_registry_token::PRIVATE_REGISTRY_TOKEN,
    &scorable_schema::SCORABLE_SCHEMA,
    &servable_source::SERVABLE_SOURCE,
    &signature_without_key::SIGNATURE_WITHOUT_KEY,
    &source_kind_incomplete::SOURCE_KIND_INCOMPLETE,
    &tested_platform::TESTED_PLATFORM,
    &trainable_author::TRAINABLE_AUTHOR,
    &trainable_data_stores::TRAINABLE_DATA_STORES,
    &trainable_execution::TRAINABLE_EXECUTION,
    &trainable_mount_type::TRAINABLE_MOUNT_TYPE,
    &trainable_runtimes::TRAINABLE_RUNTIMES,
    &trainable_sources::TRAINABLE_SOURCES,
];
