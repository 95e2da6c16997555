pub fn a() -> u32 {
    let unused = 1;
    base::base()
}
