extern "C" {
    fn tmpnam(text: *mut u8) -> *mut u8;
}
fn main() {
    let mut text = [0u8; 64];
    unsafe { tmpnam(text.as_mut_ptr()) };
}
