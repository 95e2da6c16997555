mod inner;
fn main() {
    println!("{}", inner::f());
}
