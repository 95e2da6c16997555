pub const PLACE: &str = env!("PLACE");
