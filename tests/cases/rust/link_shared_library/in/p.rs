extern "C" {
    fn one() -> i32;
}
fn main() {
    println!("{}", unsafe { one() });
}
