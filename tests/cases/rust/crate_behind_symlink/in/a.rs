pub const SEVEN: u32 = 7;
#[inline]
pub fn top() -> u32 {
    base::base() + 100
}
