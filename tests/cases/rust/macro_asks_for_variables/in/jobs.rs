pub const JOBS: &str = env!("MAKEFLAGS");
