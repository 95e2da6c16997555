pub fn g() -> u32 {
    7
}
