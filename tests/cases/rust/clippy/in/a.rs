pub fn f(a: u32, b: u32, c: u32) -> u32 {
    let x = a + b + c;
    return x as u8 as u32;
}
