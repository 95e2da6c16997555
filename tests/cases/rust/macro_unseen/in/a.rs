m::peek!();
