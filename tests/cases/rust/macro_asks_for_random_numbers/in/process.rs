m::process!();
