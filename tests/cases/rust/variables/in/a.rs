pub const GIVEN: &str = env!("GIVEN");
pub const PERHAPS: Option<&str> = option_env!("PERHAPS");
pub const ABSENT: Option<&str> = option_env!("ABSENT");
