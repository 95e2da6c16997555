fn main() {
    println!("{}", a::top());
}
