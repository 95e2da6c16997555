pub const TEXT: &str = include_str!("/dev/fd/3");
