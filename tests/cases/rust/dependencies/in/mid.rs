#[inline]
pub fn mid() -> u32 {
    base::base()
}
