fn main() {
    println!("{:?} {:?}", option_env!("LD_PRELOAD"), option_env!("ZCCACHE_OBSERVE"));
    println!("{}", m::variables!());
}
