#[no_mangle]
pub extern "C" fn f() -> u32 {
    7
}

#[test]
fn seven() {
    assert_eq!(f(), 7);
}
