//! What the service talks about.

pub mod note;

pub use note::Note;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not a note: {0}")]
    NotANote(#[from] serde_json::Error),
    #[error("an empty note")]
    Empty,
}

pub fn parse(text: &str) -> Result<Note, Error> {
    let note: Note = serde_json::from_str(text)?;
    if note.text.is_empty() {
        return Err(Error::Empty);
    }
    Ok(note)
}

#[cfg(test)]
mod tests {
    #[test]
    fn notes_are_parsed() {
        assert_eq!(super::parse(r#"{"id":1,"text":"a"}"#).unwrap().id, 1);
        assert!(super::parse("{}").is_err());
        assert!(super::parse(r#"{"id":1,"text":""}"#).is_err());
    }
}
