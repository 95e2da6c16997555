pub const TEXT: &str = include_str!("/sys/devices/system/cpu/online");
