//! Rules about secrets, and about images and code that documents bring in.

pub mod command_installs;
pub mod default_credentials;
pub mod failed_scan;
pub mod image_mutable;
pub mod image_no_digest;
pub mod insecure_url;
pub mod invalid_image;
pub mod mutable_git_ref;
pub mod pickle_artifact;
pub mod plaintext_secret;
pub mod secret_in_url;

use crate::documents::image::ImageRef;
use crate::documents::roles::FieldRole;
use crate::documents::spelling::same_words;
use crate::rules::{Context, Rule};
use crate::secrets::{names, shapes};
use crate::yaml::NodeId;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &command_installs::COMMAND_INSTALLS,
    &default_credentials::DEFAULT_CREDENTIALS,
    &failed_scan::FAILED_SCAN,
    &image_mutable::IMAGE_MUTABLE,
    &image_no_digest::IMAGE_NO_DIGEST,
    &insecure_url::INSECURE_URL,
    &invalid_image::INVALID_IMAGE,
    &mutable_git_ref::MUTABLE_GIT_REF,
    &pickle_artifact::PICKLE_ARTIFACT,
    &plaintext_secret::PLAINTEXT_SECRET,
    &secret_in_url::SECRET_IN_URL,
];

/// The help for a credential in a document.
const REFER: &str = "refer to it instead, as in ${NAME}, and rotate it: everyone who has read this file knows it";

/// Names of fields that hold a user.
const USERS: &[&str] = &["user", "username", "login", "uid", "access_key_id", "access_key"];

/// (user, password) of default accounts of software.
const DEFAULTS: &[(&str, &str)] = &[
    ("admin", "admin"),
    ("admin", "password"),
    ("airflow", "airflow"),
    ("guest", "guest"),
    ("minio", "minio123"),
    ("minio", "minioadmin"),
    ("minioadmin", "minioadmin"),
    ("mysql", "mysql"),
    ("neo4j", "neo4j"),
    ("oracle", "oracle"),
    ("postgres", "password"),
    ("postgres", "postgres"),
    ("rabbitmq", "rabbitmq"),
    ("root", "root"),
    ("root", "toor"),
    ("sa", "sa"),
    ("test", "test"),
    ("user", "password"),
];

fn is_default(user: &str, password: &str) -> bool {
    DEFAULTS.contains(&(user, password))
}

/// Returns the user of an account with a default password. The value is the password, a URL or a connection string.
fn default_account<'a>(cx: &Context<'a>, node: NodeId) -> Option<&'a str> {
    let text = cx.tree.text(node)?;
    if text.len() <= 10 && names::held(cx.tree, node).is_some() {
        let siblings = cx.tree.entries(cx.parent(node)?);
        let user = |name: &str| USERS.iter().any(|user| same_words(name, user));
        let mut users = siblings.filter(|entry| entry.value != node && user(cx.tree.key_name(entry.key)));
        return users.find_map(|entry| cx.tree.string(entry.value)).filter(|user| is_default(user, text));
    }
    // The target of an alias is checked at its definition.
    if cx.tree.resolve(node) != node {
        return None;
    }
    in_url(text).or_else(|| in_connection_string(text))
}

fn in_url(text: &str) -> Option<&str> {
    shapes::userinfos(text).find_map(|(user, password)| {
        let user = text.get(user)?;
        is_default(user, text.get(password)?).then_some(user)
    })
}

fn in_connection_string(text: &str) -> Option<&str> {
    let value = |names: &[&str]| {
        let mut parts = text.split(';').filter_map(|part| part.split_once('='));
        parts
            .find(|(name, _)| names.iter().any(|own| name.trim().eq_ignore_ascii_case(own)))
            .map(|(_, value)| value.trim())
    };
    let user = text.contains(';').then(|| value(&["user id", "uid", "user", "username"])).flatten()?;
    is_default(user, value(&["password", "pwd"])?).then_some(user)
}

/// Whether a value is a command that a shell executes.
fn is_command(cx: &Context<'_>, node: NodeId) -> bool {
    matches!(cx.key_name(node), "cmd" | "command")
}

/// Returns the images that a document names, parsed. Values that are not an image reference, or are filled in later, are left out.
fn images<'a>(cx: &Context<'a>) -> Vec<(NodeId, ImageRef<'a>)> {
    image_texts(cx).into_iter().filter_map(|(node, text)| Some((node, ImageRef::parse(text)?))).collect()
}

/// Returns the images that a document names, as written.
fn image_texts<'a>(cx: &Context<'a>) -> Vec<(NodeId, &'a str)> {
    let texts = |role| cx.fields(role).into_iter().filter_map(|node| Some((node, cx.tree.string(node)?)));
    let urls = texts(FieldRole::DockerUrl).filter(|(_, text)| text.starts_with("docker://"));
    texts(FieldRole::Image).chain(urls).collect()
}
