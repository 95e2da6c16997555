//! Keeps notes.

use std::collections::BTreeMap;

use model::Note;
use tokio::sync::Mutex;

#[async_trait::async_trait]
pub trait Keeper {
    async fn keep(&self, note: Note);
    async fn find(&self, id: u32) -> Option<Note>;
}

#[derive(Default)]
pub struct Memory {
    notes: Mutex<BTreeMap<u32, Note>>,
}

#[async_trait::async_trait]
impl Keeper for Memory {
    #[tracing::instrument(skip(self))]
    async fn keep(&self, note: Note) {
        self.notes.lock().await.insert(note.id, note);
    }
    async fn find(&self, id: u32) -> Option<Note> {
        self.notes.lock().await.get(&id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn what_was_kept_is_found() {
        let memory = Memory::default();
        let note = Note { id: 7, text: "a".into() };
        memory.keep(note.clone()).await;
        assert_eq!(memory.find(7).await, Some(note));
        assert_eq!(memory.find(8).await, None);
    }
}
