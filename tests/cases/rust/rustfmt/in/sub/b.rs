pub fn f(argument: u32) -> u32 {
    argument + argument
}
