mod inner;
pub fn f() -> u32 {
    inner::g()
}
