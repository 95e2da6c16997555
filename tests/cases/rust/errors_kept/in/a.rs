pub fn f() -> u32 { missing }
