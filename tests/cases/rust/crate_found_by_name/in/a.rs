extern crate base;
pub fn a() -> u32 {
    base::base()
}
