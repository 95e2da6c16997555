mod inner;
pub fn f() -> u32 {   7 }
