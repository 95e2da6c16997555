pub fn top() -> u32 {
    mid::mid()
}
