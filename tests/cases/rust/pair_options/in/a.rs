#[cfg(one)]
pub const CFG: &str = "one";
#[cfg(two)]
pub const CFG: &str = "two";
#[inline(never)]
pub fn f(x: &[u32]) -> u32 {
    x.iter().map(|v| v * 3 + 1).sum()
}
pub fn g(x: u32) -> u32 {
    f(&[x, x + 1])
}
pub mod inner {
    pub fn h(x: u32) -> u32 {
        super::g(x) + 2
    }
}
