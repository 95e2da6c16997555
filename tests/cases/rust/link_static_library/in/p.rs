fn main() {
    println!("{}", a::f());
}
