#[inline]
pub fn base() -> u32 {
    7
}
