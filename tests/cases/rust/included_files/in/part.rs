pub const PART: u32 = 7;
