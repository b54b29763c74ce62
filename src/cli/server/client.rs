//! The client: where messages go, and which of its requests are not answered yet.

use std::sync::{Arc, Mutex, PoisonError};

use lsp_server::{Message, RequestId};
use rustc_hash::FxHashMap;

/// The other side. Clones are the same client.
#[derive(Clone)]
pub(super) struct Client {
    send: Arc<dyn Fn(Message) + Send + Sync>,
    /// The requests that are not answered yet, and whether they were cancelled.
    pending: Arc<Mutex<FxHashMap<RequestId, bool>>>,
}

impl Client {
    pub fn new(send: impl Fn(Message) + Send + Sync + 'static) -> Self {
        Self { send: Arc::new(send), pending: Arc::default() }
    }

    /// Sends a message. A client that is gone is noticed where its messages are read.
    pub fn send(&self, message: Message) {
        (self.send)(message);
    }

    /// Notes a request that has come in.
    pub fn asked(&self, id: &RequestId) {
        self.requests(|pending| pending.insert(id.clone(), false));
    }

    /// Notes that the client no longer wants an answer. One that it has already is none of our business.
    pub fn cancelled(&self, id: &RequestId) {
        self.requests(|pending| {
            if let Some(is_cancelled) = pending.get_mut(id) {
                *is_cancelled = true;
            }
        });
    }

    /// Notes that a request is about to be answered. Returns whether it was cancelled.
    pub fn is_cancelled(&self, id: &RequestId) -> bool {
        self.requests(|pending| pending.remove(id)).unwrap_or(false)
    }

    /// Returns whether a request that is not answered yet was cancelled.
    pub fn has_cancelled(&self, id: &RequestId) -> bool {
        self.requests(|pending| pending.get(id).copied()).unwrap_or(false)
    }

    fn requests<T>(&self, ask: impl FnOnce(&mut FxHashMap<RequestId, bool>) -> T) -> T {
        ask(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
