fn main() {
    println!("{}", a::f(1));
}
