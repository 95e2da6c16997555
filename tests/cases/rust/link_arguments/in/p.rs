#[no_mangle]
pub extern "C" fn one() -> u32 {
    1
}
#[no_mangle]
pub extern "C" fn two() -> u32 {
    2
}
