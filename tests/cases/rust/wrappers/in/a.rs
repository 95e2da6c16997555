#[cfg(seven)]
pub fn f() -> u32 {
    7
}
#[cfg(eight)]
pub fn f() -> u32 {
    8
}
