#[inline]
pub fn f<T: Clone>(x: &T) -> T {
    x.clone()
}
pub fn g() -> u32 {
    7
}
