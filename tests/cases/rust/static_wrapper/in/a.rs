#[cfg(v7)]
pub fn seven() {}
#[cfg(v8)]
pub fn eight() {}
