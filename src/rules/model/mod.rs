//! Rules about model packages.

use crate::rules::family;

family! {
    convert_needs_model::CONVERT_NEEDS_MODEL,
    convert_sources::CONVERT_SOURCES,
    convert_tensorflow::CONVERT_TENSORFLOW,
    extension_vs_framework::EXTENSION_VS_FRAMEWORK,
    framework_name::FRAMEWORK_NAME,
    framework_required::FRAMEWORK_REQUIRED,
    platforms_as_string::PLATFORMS_AS_STRING,
    private_registry_token::PRIVATE_REGISTRY_TOKEN,
    scorable_schema::SCORABLE_SCHEMA,
    servable_source::SERVABLE_SOURCE,
    source_kind_incomplete::SOURCE_KIND_INCOMPLETE,
    tested_platform::TESTED_PLATFORM,
    trainable_author::TRAINABLE_AUTHOR,
    trainable_data_stores::TRAINABLE_DATA_STORES,
    trainable_execution::TRAINABLE_EXECUTION,
    trainable_mount_type::TRAINABLE_MOUNT_TYPE,
    trainable_runtimes::TRAINABLE_RUNTIMES,
    trainable_sources::TRAINABLE_SOURCES,
}
