use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Note {
    pub id: u32,
    pub text: String,
}

impl Note {
    pub fn shown(&self) -> String {
        if cfg!(feature = "loud") {
            self.text.to_uppercase()
        } else {
            self.text.clone()
        }
    }
}
