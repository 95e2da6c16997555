pub const X: u32 = 7;
