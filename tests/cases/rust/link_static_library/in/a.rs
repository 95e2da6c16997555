extern "C" {
    fn one() -> i32;
}
pub fn f() -> i32 {
    unsafe { one() }
}
