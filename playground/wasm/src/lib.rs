//! The library for the playground: requests and answers as JSON, over WebAssembly's linear memory.
//!
//! The page puts a request into the buffer, eight bytes a call, and takes the answer out of it in the same way. So no address is handed to
//! the page, nothing has to be freed by it, and no code here has to trust a pointer. A call costs nanoseconds, which for the texts that a
//! person looks at is less than to check them.
//!
//! ```text
//! begin() · push(word, count)… · answer() → length · word(0) · word(1) …
//! ```

mod answer;
mod random;

use std::cell::RefCell;

/// The longest request that is taken, in bytes; what is beyond it is dropped, so that the request is no JSON and is refused.
const LONGEST: usize = 16 << 20;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Forgets what is in the buffer.
#[expect(unsafe_code, reason = "the page calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn begin() {
    BUFFER.with_borrow_mut(Vec::clear);
}

/// Adds the first `count` bytes of a word, at most four, the lowest one first.
#[expect(unsafe_code, reason = "the page calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn push(word: u32, count: u32) {
    BUFFER.with_borrow_mut(|buffer| {
        if buffer.len() < LONGEST {
            buffer.extend(word.to_le_bytes().into_iter().take(count as usize));
        }
    });
}

/// Takes the buffer for a request, and puts the answer in its place. Returns the length of the answer in bytes.
#[expect(unsafe_code, reason = "the page calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> u32 {
    let request = BUFFER.take();
    let answer = answer::answer(&request).into_bytes();
    let length = u32::try_from(answer.len()).unwrap_or(u32::MAX);
    BUFFER.set(answer);
    length
}

/// Returns four bytes of the answer, the lowest one first; behind its end they are 0.
#[expect(unsafe_code, reason = "the page calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn word(at: u32) -> u32 {
    BUFFER.with_borrow(|buffer| {
        let start = (at as usize).saturating_mul(4);
        let bytes = buffer.get(start..).unwrap_or_default().iter().take(4);
        bytes.rev().fold(0, |word, byte| word << 8 | u32::from(*byte))
    })
}
