pub fn f(argument: u32) -> &'static str {
    let a_long_name_that_nobody_uses = "some text to make this line a long one, longer than forty";
    "ünicode"
}
