//! The `mlspec-lint` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    mlspec_lint::cli::run(std::env::args_os())
}

/// All documents of a workspace are in memory at once, and stay there until the process ends. An allocator that requests memory from
/// the system in large pages saves a fifth of the time of a large check.
#[cfg(all(feature = "jemalloc", target_os = "linux", target_arch = "x86_64"))]
mod allocator {
    use tikv_jemallocator::Jemalloc;

    #[global_allocator]
    static ALLOCATOR: Jemalloc = Jemalloc;

    /// Large pages; freed memory is kept for reuse, except pieces of a megabyte and more: whenever a vector of that size grows, it leaves
    /// as much behind as it takes.
    // SAFETY: jemalloc looks for a `const char *` of this name, and nothing else defines it. A reference to an array is such a pointer,
    // and the text ends with a zero.
    #[expect(unsafe_code, reason = "the name of the symbol is jemalloc's")]
    #[unsafe(export_name = "_rjem_malloc_conf")]
    #[used]
    static SETTINGS: &[u8; 59] = b"thp:always,dirty_decay_ms:60000,oversize_threshold:1048576\0";
}
