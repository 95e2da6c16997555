pub fn f() {
    let unused = 1;
}
