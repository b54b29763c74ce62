//! `naming/duplicate-id`

use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// No two objects of a workspace may have the same id.
    ///
    /// A reader that looks an object up by its id gets one of the two, and which one depends on the order in which they were registered. The
    /// case of letters is ignored, as it has no meaning in a UUID. It usually comes from a document that was copied and given only a new
    /// name. Ids are never reused, so those of archived objects count, too.
    ///
    /// Each of the documents is reported, because the tool cannot know which of them came first.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-archive
    /// type: s3
    /// status: Archived
    /// bucket: credit-archive
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 1b9c4a3e-6d5f-4b7a-8e21-0c9d8b7a6f54
    /// name: credit-archive
    /// type: s3
    /// status: Archived
    /// bucket: credit-archive
    /// ```
    pub DUPLICATE_ID = {
        id: "naming/duplicate-id",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “System must ensure its uniqueness within given workspace”",
        kinds: [],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let (Some(id), Some(node)) = (workspace.own.id(), workspace.own.object.id) else { return };
    let same = workspace.with_id(id);
    // Another rule reports the placeholders that examples use for an id.
    if same.len() < 2 || cx.is_faulty(node) {
        return;
    }
    let Some(other) = workspace.others(same.clone()).next() else { return };
    let more = match same.len() - 2 {
        0 => String::new(),
        1 => " and one more".to_owned(),
        more => format!(" and {more} more"),
    };
    let (what, name) = (other.kind.name(), other.label());
    let message = match other.file() == workspace.own.file() {
        true => format!("id {} is also that of the {what} '{name}' in this file{more}", cx.shown(node)),
        false => format!("id {} is also used by {}{more}", cx.shown(node), other.file()),
    };
    let finding =
        cx.at_value(&DUPLICATE_ID, node, message).help("give the newer object an id of its own, such as a new UUID");
    out.push(workspace.relate(finding, other, other.object.id, "the other object with this id"));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn the_case_of_letters_tells_no_ids_apart() {
        let store = |id: &str, name: &str| {
            format!(
                "kind: datastore\nmlSpecVersion: 0.1.0\nid: {id}\nname: {name}\ntype: s3\nstatus: Active\nbucket: cards\n"
            )
        };
        let places = |first: &str, second: &str| {
            let text = format!("{}---\n{}", store(first, "lake"), store(second, "pond"));
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::DUPLICATE_ID.id);
            own.map(|(_, place, _)| place).collect::<Vec<_>>()
        };
        for (first, second) in
            [("8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10", "8D7F2D0A-5A51-4F0B-9C0E-1F8A7F3F2B10"), ("lake-1", "Lake-1")]
        {
            assert_eq!(places(first, second), [first, second]);
        }
        assert_eq!(places("lake-1", "lake-2"), [""; 0]);
    }
}
