//! The source of random bytes, of which a browser's one is not reached from here.

use getrandom::Error;

/// Fills a buffer. Only seeds of hash tables come from here, which decide about no answer. They protect servers from those who choose keys
/// that collide; here, whoever chooses the keys would only slow down the own page.
#[expect(unsafe_code, reason = "the name and the pointer are those of the interface of getrandom")]
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(bytes: *mut u8, length: usize) -> Result<(), Error> {
    // SAFETY: getrandom hands over a buffer of this length that may be written.
    unsafe { bytes.write_bytes(0x5f, length) };
    Ok(())
}
