//! `ingestion/more-written-than-read`

use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// An ingestion cannot write more examples than it reads and generates.
    ///
    /// What is written beyond that comes from nowhere: a join has doubled rows, or the numbers are of two runs. `synthetic.fraction` says
    /// how many examples were generated for each one that was read.
    ///
    /// ## Fails
    /// ```yaml base:credit-ingestion
    /// numRead: 812001
    /// numWritten: 812345
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-ingestion
    /// numRead: 812345
    /// numWritten: 812001
    /// ```
    pub MORE_WRITTEN_THAN_READ = {
        id: "ingestion/more-written-than-read",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 2, “may include labeling or synthetic data generation/simulation”",
        kinds: [Ingestion],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Ingestion(own) = document else { return };
    let (Some((read, read_node)), Some((written, node))) = (own.num_read.located(), own.num_written.located()) else {
        return;
    };
    let generated = match own.synthetic.get().map(|synthetic| synthetic.fraction.get()) {
        None => 0.0,
        Some(Some(fraction)) => *fraction,
        // It does not say how many.
        Some(None) => return,
    };
    let most = (*read as f64 * (1.0 + generated)).ceil();
    if *written as f64 > most {
        let message = format!("{written} examples were written, but at most {most} read and generated");
        let finding = cx.at_value(&MORE_WRITTEN_THAN_READ, node, message);
        out.push(finding.related(cx.tree.span(cx.tree.resolve(read_node)), "the number that was read"));
    }
}
