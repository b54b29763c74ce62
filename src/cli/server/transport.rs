//! Messages over standard input and output: headers, an empty line, and as many bytes of JSON as `Content-Length` says (Language Server
//! Protocol 3.17, "Base Protocol").
//!
//! What can be skipped is answered with an error and skipped: a message that is no JSON, or none of the protocol. Without a length nobody can
//! tell where the next message begins, so that ends the connection. Memory grows with what has come in, whatever a header announces.

use std::io::{self, BufRead, Read, Write};
use std::thread::{self, JoinHandle};

use lsp_server::{Connection, ErrorCode, Message};
use serde_json::json;

/// The longest line of a header, in bytes.
const LONGEST_HEADER: u64 = 4 << 10;
/// The most lines of a header.
const MOST_HEADERS: usize = 32;
/// The longest message that is taken, in bytes: longer than any text that an editor opens.
const LONGEST_MESSAGE: u64 = 512 << 20;

/// The threads that read and write.
pub(super) struct Transport {
    reader: JoinHandle<io::Result<()>>,
    writer: JoinHandle<io::Result<()>>,
}

/// Connects standard input and output.
///
/// # Errors
/// If no thread can be started.
pub(super) fn stdio() -> io::Result<(Connection, Transport)> {
    let (own, other) = Connection::memory();
    let (to_us, from_us) = (other.sender, other.receiver);
    let named = |name: &str| thread::Builder::new().name(name.to_owned());
    let writer = named("writer").spawn(move || {
        // Whatever stands in a message, it is written as a whole: the reader answers what it cannot read itself.
        from_us.into_iter().try_for_each(|message| message.write(&mut io::stdout().lock()))
    })?;
    let reader = named("reader").spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(body) = read_body(&mut input)? {
            let message = match serde_json::from_slice::<Message>(&body) {
                Ok(message) => message,
                Err(error) => {
                    refuse(error.classify(), &mut io::stdout().lock())?;
                    continue;
                }
            };
            let is_exit = matches!(&message, Message::Notification(own) if own.method == "exit");
            // Nobody listens any more, which is no fault.
            if to_us.send(message).is_err() || is_exit {
                break;
            }
        }
        Ok(())
    })?;
    Ok((own, Transport { reader, writer }))
}

impl Transport {
    /// Waits until all is written.
    ///
    /// # Errors
    /// If reading or writing failed.
    pub fn join(self) -> io::Result<()> {
        let ended = |thread: JoinHandle<io::Result<()>>| {
            thread.join().unwrap_or_else(|_| Err(io::Error::other("reading or writing ended by a fault")))
        };
        ended(self.writer)?;
        // One that waits for input that never comes is left alone.
        if self.reader.is_finished() { ended(self.reader) } else { Ok(()) }
    }
}

/// Reads the next message; `None` at the end.
fn read_body(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let invalid = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let mut length: Option<u64> = None;
    for _ in 0..MOST_HEADERS {
        let mut line = Vec::new();
        if input.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = str::from_utf8(&line).map_err(|_| invalid("a header is no text"))?;
        let Some(line) = line.strip_suffix('\n') else { return Err(invalid("a header does not end")) };
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.is_empty() {
            let length = length.ok_or_else(|| invalid("there is no Content-Length"))?;
            if length > LONGEST_MESSAGE {
                return Err(invalid("a message is longer than 512 MiB"));
            }
            let mut body = Vec::new();
            let read = input.by_ref().take(length).read_to_end(&mut body)?;
            return if read as u64 == length { Ok(Some(body)) } else { Ok(None) };
        }
        let (name, value) = line.split_once(':').ok_or_else(|| invalid("a header has no ':'"))?;
        if name.trim().eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse().map_err(|_| invalid("Content-Length is no number"))?);
        }
    }
    Err(invalid("there are too many headers"))
}

/// Answers a message that is none. Its number is not known (JSON-RPC 2.0, 5: "it MUST be Null").
fn refuse(category: serde_json::error::Category, out: &mut impl Write) -> io::Result<()> {
    let (code, message) = match category {
        serde_json::error::Category::Data => (ErrorCode::InvalidRequest, "not a message of the protocol"),
        _ => (ErrorCode::ParseError, "not JSON"),
    };
    let answer = json!({"jsonrpc": "2.0", "id": null, "error": {"code": code as i32, "message": message}}).to_string();
    write!(out, "Content-Length: {}\r\n\r\n{answer}", answer.len())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bodies(mut input: &[u8]) -> (Vec<Vec<u8>>, bool) {
        let mut found = Vec::new();
        loop {
            match read_body(&mut input) {
                Ok(Some(body)) => found.push(body),
                Ok(None) => return (found, true),
                Err(_) => return (found, false),
            }
        }
    }

    #[test]
    fn messages_are_told_apart_by_their_length() {
        let text =
            b"Content-Length: 2\r\n\r\n{}Content-Type: x\r\ncontent-length:4\r\n\r\ntrueContent-Length: 9\r\n\r\n{";
        assert_eq!(bodies(text), (vec![b"{}".to_vec(), b"true".to_vec()], true));
        for bad in [
            "\r\n",
            "Content-Length: x\r\n\r\n",
            "Content-Length: -1\r\n\r\n",
            "a\r\n",
            "Content-Length: 999999999999\r\n\r\n",
        ] {
            assert_eq!(bodies(bad.as_bytes()), (Vec::new(), false), "{bad}");
        }
        // No header is read to an end that it does not have.
        assert!(!bodies(&vec![b'a'; 1 << 20]).1);
        assert!(!bodies("a: b\r\n".repeat(100).as_bytes()).1);
    }

    #[test]
    fn what_is_announced_takes_no_memory_before_it_comes() {
        let mut input: &[u8] = b"Content-Length: 500000000\r\n\r\nshort";
        assert!(read_body(&mut input).unwrap().is_none());
    }

    #[test]
    fn what_is_no_message_is_answered() {
        for (body, code) in [("{", -32700), ("[1]", -32600), ("{\"id\": {}}", -32600)] {
            let error = serde_json::from_str::<Message>(body).unwrap_err();
            let mut out = Vec::new();
            refuse(error.classify(), &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.contains(&format!("\"code\":{code}")) && text.contains("\"id\":null"), "{body}: {text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_read_without_end(input in prop::collection::vec(any::<u8>(), 0..200), length in 0..20_u64) {
            bodies(&input);
            let mut text = format!("Content-Length: {length}\r\n\r\n").into_bytes();
            text.extend(&input);
            let (found, _) = bodies(&text);
            prop_assert_eq!(found.first().map(Vec::len), (input.len() as u64 >= length).then_some(length as usize));
        }
    }
}
