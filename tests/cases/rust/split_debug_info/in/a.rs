pub fn f(x: u32) -> u32 {
    x + 7
}
pub mod inner {
    pub fn g(x: u32) -> u32 {
        super::f(x) * 3
    }
}
