fn main() {
    println!("{}", a::a());
}
