pub const OLD: &[u8] = include_bytes!("liba.rlib");
